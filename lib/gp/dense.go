package gp

import (
	"math"

	"backdrop/lib/kernel"
	"backdrop/lib/parallel"
)

// dense is an axis by matrix products with the basis functions.
//
// These are even or odd about the point from which x is counted, so that the sum a of the even ones and the sum c of the odd
// ones give two points: f(±x) = a ± c. On a torus of even size x is counted from point 0. Even frequencies (a, c) and odd
// ones (b, d) then have another symmetry, the first step of a decimation, and sums at a quarter of the points are enough:
//
//	f(x)     = a + b + c + d        f(n-x)   = a + b - c - d
//	f(n/2-x) = a - b - c + d        f(n/2+x) = a - b + c - d
//
// In a window of a longer period, x is counted from the middle. Sums at half of the points are needed, as on a torus of odd
// size.
type dense struct {
	n, points int // sums are computed for x < points
	modes     int
	window    bool // of a longer period
	quarter   bool // four points for every sum
	period    int
	index     []int
	terms     [groups][]kernel.Term // of the sums a, b, c and d
	basis     table                 // [points, modes], modes in the order of index: for first
	panels    table                 // the same as panels of 16 points, [⌈points/16⌉, modes, 16]: for last
	free      freeList[*denseWork]
}

const groups = 4

const (
	denseRows    = 48 // a multiple of the rows of a tile
	denseColumns = 64 // a multiple of its columns: the sums of six rows then fill 6 kB
)

// denseWork is what one call needs for itself.
type denseWork struct {
	tile   kernel.Tile
	packed []float32         // columns of a source as panels
	sums   [groups][]float32 // of the last dimension: [48, 16]; of the first: [6, 64]
}

// denseSums is the number of points for which sums are computed.
func denseSums(n, period int) int {
	if n == period && n%2 == 0 {
		return n/4 + 1
	}
	return n/2 + 1
}

func newDense(n, period, modes int) *dense {
	a := &dense{n: n, points: denseSums(n, period), modes: modes, period: period, window: n < period, quarter: n == period && n%2 == 0}
	a.index = make([]int, modes)
	at := int32(0)
	for g := range groups {
		for m := range modes {
			if a.group(m) == g {
				a.index[m] = int(at)
				a.terms[g] = append(a.terms[g], kernel.Term{A: at, B: at * kernel.Columns})
				at++
			}
		}
	}
	a.basis.make = func() []float32 { return a.functions(1) }
	a.panels.make = func() []float32 { return a.functions(kernel.Columns) }
	a.free.make = func() *denseWork {
		w := &denseWork{packed: make([]float32, denseColumns*modes)}
		w.tile.Scale = 1
		for g := range w.sums {
			w.sums[g] = make([]float32, max(denseRows*kernel.Columns, kernel.Rows*denseColumns))
		}
		return w
	}
	return a
}

// functions returns the basis functions at the points, a panel of that many points after the other: [panel, modes, points].
func (a *dense) functions(panel int) []float32 {
	cos, sin := make([]float64, a.period), make([]float64, a.period)
	for r := range a.period {
		cos[r], sin[r] = turn(r, a.period)
	}
	out := make([]float32, roundUp(a.points, panel)*a.modes)
	const each = 4 * kernel.Columns // points, of whole panels
	parallel.All((a.points+each-1)/each, func(piece int) {
		for x := piece * each; x < min((piece+1)*each, a.points); x++ {
			to := out[x/panel*panel*a.modes+x%panel:]
			turns := 0 // of frequency k at x, in parts of a turn: k·x modulo the period
			for m, at := range a.index {
				k, values, norm := frequency(m), cos, math.Sqrt2
				if isSine(m) {
					values = sin
				} else if k > 0 {
					if turns += x; turns >= a.period {
						turns -= a.period
					}
				}
				if k == 0 || 2*k == a.period {
					norm = 1
				}
				to[at*panel] = float32(norm * values[turns])
			}
		}
	})
	return out
}

// turn returns the cosine and sine of r/n of a full turn, exact at quarter turns.
func turn(r, n int) (cos, sin float64) {
	sin, cos = math.Sincos(math.Pi / 2 * float64(4*r%n) / float64(n))
	switch 4 * r / n {
	case 1:
		return -sin, cos
	case 2:
		return -cos, -sin
	case 3:
		return sin, -cos
	}
	return cos, sin
}

// release forgets the tables until they are needed again.
func (a *dense) release() {
	a.basis.release()
	a.panels.release()
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }

func (a *dense) order() []int { return a.index }

func (a *dense) ring() int { return a.period }

func (a *dense) time() float64 { return denseTime(a.n, a.period, a.modes) }

func (a *dense) memory() (tables, work float64) {
	const each = 8 + 8 // bytes of a mode's index and its term
	sums := groups * max(denseRows*kernel.Columns, kernel.Rows*denseColumns)
	return 4*float64(a.points+roundUp(a.points, kernel.Columns))*float64(a.modes) + each*float64(a.modes), 4 * float64(denseColumns*a.modes+sums)
}

// group tells which of the sums a, b, c and d a mode belongs to.
func (a *dense) group(mode int) int {
	g := 0
	if a.quarter {
		g = frequency(mode) % 2
	}
	if isSine(mode) {
		g += 2
	}
	return g
}

// mirrors returns the points whose values the sums at x give: two, or four if sums at a quarter of the points are enough.
func (a *dense) mirrors(x int) (p [4]int, count int) {
	switch {
	case a.window:
		middle := a.n / 2
		if middle+x == a.n { // an even size has one point more on one side
			return [4]int{0, 0}, 2
		}
		return [4]int{middle + x, middle - x}, 2
	case a.quarter:
		return [4]int{x, (a.n - x) % a.n, a.n/2 - x, a.n/2 + x}, 4
	}
	return [4]int{x, (a.n - x) % a.n}, 2
}

func (a *dense) last(dst, src []float32, rows int) {
	w := a.free.take()
	defer a.give(w)
	t := &w.tile
	t.Panels, t.Panel = 1, 0
	panels := a.panels.get()
	for r0 := 0; r0 < rows; r0 += denseRows {
		nr := min(denseRows, rows-r0)
		for x0 := 0; x0 < a.points; x0 += kernel.Columns {
			t.A, t.B = src[r0*a.modes:], panels[x0*a.modes:]
			for g, terms := range a.terms {
				t.Terms, t.C = terms, w.sums[g]
				for r := 0; r < nr; r += kernel.Rows {
					for i := range kernel.Rows {
						t.ARow[i], t.CRow[i] = min(r+i, nr-1)*a.modes, (r+i)*kernel.Columns
					}
					t.Run()
				}
			}
			for r := range nr {
				a.unfold(dst[(r0+r)*a.n:][:a.n], x0, w, r*kernel.Columns)
			}
		}
	}
}

// give gives working memory back, which keeps no table from being collected.
func (a *dense) give(w *denseWork) {
	w.tile.A, w.tile.B = nil, nil
	a.free.give(w)
}

// unfold writes values of a line. The sums of the points from x0 on begin at index at.
func (a *dense) unfold(line []float32, x0 int, w *denseWork, at int) {
	const size = kernel.Columns
	sa, sb, sc, sd := (*[size]float32)(w.sums[0][at:]), (*[size]float32)(w.sums[1][at:]), (*[size]float32)(w.sums[2][at:]), (*[size]float32)(w.sums[3][at:])
	count := min(size, a.points-x0)
	if !a.quarter {
		for i := range count {
			p, _ := a.mirrors(x0 + i)
			line[p[0]], line[p[1]] = sa[i]+sc[i], sa[i]-sc[i]
		}
		return
	}
	half, first := a.n/2, 0
	if x0 == 0 { // its own mirror image
		line[0], line[half] = sa[0]+sb[0], sa[0]-sb[0]
		first = 1
	}
	// Runs of points that go up, from x0 and n/2+x0, and down, from n-x0 and n/2-x0.
	up0, up2 := line[x0+first:][:count-first], line[half+x0+first:][:count-first]
	down0, down2 := line[a.n-x0-count+1:][:count-first], line[half-x0-count+1:][:count-first]
	for i := range up0 {
		k, j := (i+first)%size, len(up0)-1-i // the remainder is for the compiler, which then checks no bounds
		even, odd := sa[k]+sb[k], sc[k]+sd[k]
		up0[i], down0[j] = even+odd, even-odd
		even, odd = sa[k]-sb[k], sc[k]-sd[k]
		up2[i], down2[j] = even+odd, even-odd
	}
}

func (a *dense) first(dst, src []float32, cols, c0, c1 int) {
	w := a.free.take()
	defer a.give(w)
	for ; c0 < c1; c0 += denseColumns {
		a.columns(dst, src, cols, c0, min(denseColumns, c1-c0), w)
	}
}

// columns is first for columns that fit into the work memory.
func (a *dense) columns(dst, src []float32, cols, c0, nc int, w *denseWork) {
	t := &w.tile
	t.Panels, t.Panel = roundUp(nc, kernel.Columns)/kernel.Columns, a.modes*kernel.Columns
	for m := range a.modes {
		row := src[m*cols+c0:][:nc]
		for p := range t.Panels {
			to := w.packed[p*t.Panel+m*kernel.Columns:][:kernel.Columns]
			clear(to[copy(to, row[p*kernel.Columns:]):])
		}
	}
	t.A, t.B = a.basis.get(), w.packed
	for x0 := 0; x0 < a.points; x0 += kernel.Rows {
		for i := range kernel.Rows {
			t.ARow[i], t.CRow[i] = min(x0+i, a.points-1)*a.modes, i*denseColumns
		}
		for g, terms := range a.terms {
			t.Terms, t.C = terms, w.sums[g]
			if len(terms) > 0 {
				t.Run()
			}
		}
		for i := range min(kernel.Rows, a.points-x0) {
			a.mirrorRow(dst, cols, c0, nc, x0+i, w, i*denseColumns)
		}
	}
}

// mirrorRow writes the rows that the sums at x give, which begin at index at.
func (a *dense) mirrorRow(dst []float32, cols, c0, nc, x int, w *denseWork, at int) {
	sa, sc := w.sums[0][at:][:nc], w.sums[2][at:][:nc]
	p, count := a.mirrors(x)
	l0, l1 := dst[p[0]*cols+c0:][:nc], dst[p[1]*cols+c0:][:nc]
	if count == 2 {
		for c := range sa {
			even, odd := sa[c], sc[c]
			l0[c] = even + odd
			l1[c] = even - odd
		}
		return
	}
	sb, sd := w.sums[1][at:][:nc], w.sums[3][at:][:nc]
	l2, l3 := dst[p[2]*cols+c0:][:nc], dst[p[3]*cols+c0:][:nc]
	for c := range sa {
		even, odd := sa[c]-sb[c], sc[c]-sd[c]
		l2[c] = even - odd
		l3[c] = even + odd
		even, odd = sa[c]+sb[c], sc[c]+sd[c]
		l0[c] = even + odd
		l1[c] = even - odd
	}
}
