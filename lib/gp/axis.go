package gp

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// An axis turns mode coefficients along one dimension into values at its points by matrix products with the basis
//
//	1, √2 cos 2πkx/n, √2 sin 2πkx/n, and (-1)ˣ at the Nyquist frequency.
//
// The modes stand in four groups, cosines of even and odd frequency and sines of even and odd frequency. With a, b, c
// and d their sums at a point x, the first step of decimation gives up to three more points for nothing:
//
//	f(x)     = a + b + c + d        f(n-x)   = a + b - c - d
//	f(n/2-x) = a - b - c + d        f(n/2+x) = a - b + c - d    for even n
//
// so sums are needed for a quarter of the points only (half of them if n is odd).
type axis struct {
	n      int
	points int // sums are computed for x < points
	modes  int // room for that many
	first  [groups]int
	column []int     // by mode: its place in the groups
	basis  []float32 // [points, modes], columns in groups
	dual   []float32 // its transpose
}

const groups = 4

// tileRows and tileCols bound the result of one product. gonum then neither starts goroutines nor allocates, and the
// four groups of a tile stay in cache until they are combined.
const (
	tileRows = 16
	tileCols = 192
)

// A tile holds the sums of the four groups.
type tile [groups][]float32

func newTile() *tile {
	var t tile
	for g := range t {
		t[g] = make([]float32, tileRows*tileCols)
	}
	return &t
}

func group(mode int) int {
	g := frequency(mode) % 2
	if isSine(mode) {
		g += 2
	}
	return g
}

// groupSizes counts the members of the groups among the lowest modes.
func groupSizes(modes int) (size [groups]int) {
	for m := range modes {
		size[group(m)]++
	}
	return size
}

func newAxis(n, modes int) *axis {
	a := &axis{n: n, points: n/2 + 1, modes: modes, column: make([]int, modes)}
	if n%2 == 0 {
		a.points = n/4 + 1
	}
	next := 0
	for g, size := range groupSizes(modes) {
		a.first[g] = next
		next += size
	}
	place := a.first
	for m := range a.column {
		g := group(m)
		a.column[m] = place[g]
		place[g]++
	}
	cos, sin := make([]float64, n), make([]float64, n)
	for r := range n {
		cos[r], sin[r] = turn(r, n)
	}
	a.basis = make([]float32, a.points*modes)
	a.dual = make([]float32, modes*a.points)
	for m, col := range a.column {
		k, values, norm := frequency(m), cos, math.Sqrt2
		if isSine(m) {
			values = sin
		}
		if k == 0 || 2*k == n {
			norm = 1
		}
		for x := range a.points {
			v := float32(norm * values[k*x%n])
			a.basis[x*modes+col] = v
			a.dual[col*a.points+x] = v
		}
	}
	return a
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

// mirrors returns the points that the sums at x give, in the order of combine; the last two are -1 if n is odd.
func (a *axis) mirrors(x int) [4]int {
	if a.n%2 == 1 {
		return [4]int{x, (a.n - x) % a.n, -1, -1}
	}
	return [4]int{x, (a.n - x) % a.n, a.n/2 - x, a.n/2 + x}
}

func combine(a, b, c, d float32) (x, nMinusX, halfMinusX, halfPlusX float32) {
	return (a + b) + (c + d), (a + b) - (c + d), (a - b) - (c - d), (a - b) + (c - d)
}

// expandLast expands the last dimension: dst[row, 0:n] from src[row, 0:modes], whose columns stand in groups and of
// which the lowest used modes are looked at.
func (a *axis) expandLast(dst, src []float32, rows, used int, t *tile) {
	size := groupSizes(used)
	for r0 := 0; r0 < rows; r0 += tileRows {
		nr := min(tileRows, rows-r0)
		for x0 := 0; x0 < a.points; x0 += tileCols {
			nx := min(tileCols, a.points-x0)
			for g, k := range size {
				multiply(t[g], nr, nx, k, src, r0*a.modes+a.first[g], a.modes, a.dual, a.first[g]*a.points+x0, a.points)
			}
			for r := range nr {
				a.unfold(dst[(r0+r)*a.n:][:a.n], x0, t, r*nx, nx)
			}
		}
	}
}

// unfold writes the points of a line that the sums in t, from place at, give: nx of them from x0 on.
func (a *axis) unfold(line []float32, x0 int, t *tile, at, nx int) {
	ce, co, se, so := t[0][at:][:nx], t[1][at:][:nx], t[2][at:][:nx], t[3][at:][:nx]
	for i := range ce {
		p := a.mirrors(x0 + i)
		v0, v1, v2, v3 := combine(ce[i], co[i], se[i], so[i])
		line[p[0]], line[p[1]] = v0, v1
		if p[2] >= 0 {
			line[p[2]], line[p[3]] = v2, v3
		}
	}
}

// expandFirst expands the first dimension: dst[0:n, cols] from src[0:modes, cols], whose rows stand in groups and of
// which the lowest used modes are looked at.
func (a *axis) expandFirst(dst, src []float32, cols, used int, t *tile) {
	size := groupSizes(used)
	for c0 := 0; c0 < cols; c0 += tileCols {
		nc := min(tileCols, cols-c0)
		for x0 := 0; x0 < a.points; x0 += tileRows {
			nx := min(tileRows, a.points-x0)
			for g, k := range size {
				multiply(t[g], nx, nc, k, a.basis, x0*a.modes+a.first[g], a.modes, src, a.first[g]*cols+c0, cols)
			}
			for i := range nx {
				ce, co, se, so := t[0][i*nc:][:nc], t[1][i*nc:][:nc], t[2][i*nc:][:nc], t[3][i*nc:][:nc]
				p := a.mirrors(x0 + i)
				if p[2] < 0 {
					p[2], p[3] = p[0], p[1]
				}
				l0, l1 := dst[p[0]*cols+c0:][:nc], dst[p[1]*cols+c0:][:nc]
				l2, l3 := dst[p[2]*cols+c0:][:nc], dst[p[3]*cols+c0:][:nc]
				for c := range ce {
					v0, v1, v2, v3 := combine(ce[c], co[c], se[c], so[c])
					l2[c], l3[c] = v2, v3
					l0[c], l1[c] = v0, v1
				}
			}
		}
	}
}

// multiply sets dst[m, n] to a[m, k]·b[k, n], which start at places a0 and b0 and whose rows lie lda and ldb apart.
func multiply(dst []float32, m, n, k int, a []float32, a0, lda int, b []float32, b0, ldb int) {
	if k == 0 {
		clear(dst[:m*n])
		return
	}
	blas32.Gemm(blas.NoTrans, blas.NoTrans, 1,
		blas32.General{Rows: m, Cols: k, Stride: lda, Data: a[a0:]},
		blas32.General{Rows: k, Cols: n, Stride: ldb, Data: b[b0:]},
		0, blas32.General{Rows: m, Cols: n, Stride: n, Data: dst})
}
