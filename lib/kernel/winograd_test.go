package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// transforms are what a processor takes lines to points and back with.
type transforms struct {
	toPoints, filterToPoints, toSums func(*Lines)
	products                         func(*Products)
}

var ofProcessor = map[string]transforms{"generic": {toPointsGeneric, filterToPointsGeneric, toSumsGeneric, productsOfTiles}}

// Each transform alone, against what its polynomials are at the points.
func TestTransforms(t *testing.T) {
	at := [5]float64{0, near, -near, far, -far}
	divisor := [5]float64{}
	for i := range at {
		divisor[i] = 1
		for j := range at {
			if j != i {
				divisor[i] *= at[i] - at[j]
			}
		}
	}
	// polynomial returns the coefficients of the product of x − root, the lowest first.
	polynomial := func(roots ...float64) []float64 {
		c := []float64{1}
		for _, root := range roots {
			c = append([]float64{0}, c...)
			for i := range len(c) - 1 {
				c[i] -= root * c[i+1]
			}
		}
		return c
	}
	filter, sums := func(g []float64) (v [6]float64) {
		for i, x := range at {
			for k := range g {
				v[i] += g[k] * math.Pow(x, float64(k)) / divisor[i]
			}
		}
		v[5] = g[len(g)-1]
		return v
	}, func(m []float64) (y [6]float64) {
		for k := range 4 {
			for i, x := range at {
				y[k] += m[i] * math.Pow(x, float64(k))
			}
		}
		y[3] += m[5]
		return y
	}
	points := func(d []float64) (v [6]float64) {
		for i := range at {
			for k, c := range polynomial(slices.Concat(at[:i], at[i+1:])...) {
				v[i] += c * d[k]
			}
		}
		for k, c := range polynomial(at[:]...) {
			v[5] += c * d[k]
		}
		return v
	}
	for name, p := range ofProcessor {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(3, 4))
			for _, n := range []int{16, 32, 48, 160} {
				for count := 1; count < 4; count++ {
					testTransform(t, r, p.toPoints, points, 6, 6, n, count, false)
					testTransform(t, r, p.filterToPoints, filter, 4, 6, n, count, false)
					testTransform(t, r, p.toSums, sums, 6, 4, n, count, false)
					testTransform(t, r, p.toSums, sums, 6, 4, n, count, true)
				}
			}
		})
	}
}

func testTransform(t *testing.T, r *rand.Rand, transform func(*Lines), want func([]float64) [6]float64, ins, outs, n, count int, bias bool) {
	l := Lines{N: n, Count: count, InStep: n + r.IntN(5), OutStep: n + r.IntN(5), Floor: -0.5}
	in, out := make([][]float32, ins), make([][]float32, outs)
	checks := []func(*testing.T, string){}
	line := func(step int) []float32 {
		v, check := guarded(r, n+(count-1)*step, r.IntN(8))
		checks = append(checks, check)
		return v
	}
	for k := range in {
		in[k] = line(l.InStep)
		l.In[k] = &in[k][0]
	}
	for k := range out {
		out[k] = line(l.OutStep)
		l.Out[k] = &out[k][0]
	}
	add := make([]float32, n)
	if bias {
		for i := range add {
			add[i] = float32(r.NormFloat64())
		}
		l.Bias = &add[0]
	}
	before := make([][]float32, outs)
	for k := range out {
		before[k] = slices.Clone(out[k])
	}
	transform(&l)
	for i := range count {
		for j := range n {
			d := make([]float64, ins)
			for k := range d {
				d[k] = float64(in[k][i*l.InStep+j])
			}
			v := want(d)
			for k := range outs {
				w := v[k] + float64(add[j])
				if bias {
					w = max(w, float64(l.Floor))
				}
				if got := float64(out[k][i*l.OutStep+j]); !(math.Abs(got-w) <= 1e-5) {
					t.Fatalf("n %d, count %d: line %d, element %d of time %d is %v, want %v", n, count, k, j, i, got, w)
				}
			}
		}
		for k := range outs {
			for j := i*l.OutStep + n; j < (i+1)*l.OutStep && j < len(out[k]); j++ {
				if out[k][j] != before[k][j] {
					t.Fatalf("n %d, count %d: line %d: element %d between the lines was overwritten", n, count, k, j)
				}
			}
		}
	}
	for _, check := range checks {
		check(t, fmt.Sprintf("n %d, count %d", n, count))
	}
}

// Patches of a row are the sums of a window of three, and of four where the filter is a gradient.
func TestWinogradIsConvolution(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, taps := range []int{3, 4} {
		var d [6][16]float32
		var g [4][16]float32
		for i := range d {
			for c := range d[i] {
				d[i][c] = float32(r.NormFloat64())
			}
		}
		for i := range taps {
			for c := range g[i] {
				g[i][c] = float32(r.NormFloat64())
			}
		}
		var v, u [6][16]float32
		var y [4][16]float32
		in, filter, out := Lines{N: 16, Count: 1}, Lines{N: 16, Count: 1}, Lines{N: 16, Count: 1}
		for i := range 6 {
			in.In[i], in.Out[i], filter.Out[i], out.In[i] = &d[i][0], &v[i][0], &u[i][0], &v[i][0]
		}
		for i := range 4 {
			filter.In[i], out.Out[i] = &g[i][0], &y[i][0]
		}
		in.ToPoints()
		filter.FilterToPoints()
		if taps == 3 {
			u[5] = g[2]
		}
		for i := range v {
			for c := range v[i] {
				v[i][c] *= u[i][c]
			}
		}
		last := v[5]
		if taps == 4 {
			v[5] = [16]float32{}
		}
		out.ToSums()
		for k := range 7 - taps {
			for c := range y[k] {
				got, want := y[k][c], float32(0)
				if taps == 4 && k == 2 {
					got += last[c]
				}
				for i := range taps {
					want += d[k+i][c] * g[i][c]
				}
				if !(math.Abs(float64(got-want)) <= 2e-5) {
					t.Errorf("%d taps: sum %d of channel %d is %v, want %v", taps, k, c, got, want)
				}
			}
		}
	}
}

func TestProducts(t *testing.T) {
	for name, p := range ofProcessor {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, 8))
			for terms := range 20 {
				for _, rows := range []int{1, 7, 8, 9, 16, 21} {
					for panels := 1; panels < 5; panels++ {
						for _, add := range []bool{false, true} {
							testProducts(t, r, p.products, terms, rows, panels, add)
						}
					}
				}
			}
		})
	}
}

// someProducts returns products without their arrays: of A as it is, or transposed, as gradients of weights have it, and then B with
// all panels of a term together.
func someProducts(r *rand.Rand, terms, rows, panels int, add bool) Products {
	room := (rows + RowsAtOnce - 1) / RowsAtOnce * RowsAtOnce
	p := Products{Count: 1 + r.IntN(3), Rows: rows, Terms: terms, Panels: panels, ARow: terms + r.IntN(3), ATerm: 1, BTerm: Columns, BPanel: terms * Columns, CRow: panels*Columns + 16*r.IntN(2), Add: add}
	if r.IntN(2) == 0 {
		p.ARow, p.ATerm, p.BTerm, p.BPanel = 1, room+r.IntN(3), panels*Columns, Columns
	}
	p.AStep, p.BStep, p.CStep = (room-1)*p.ARow+max(terms-1, 0)*p.ATerm+1, terms*panels*Columns, room*p.CRow
	return p
}

func testProducts(t *testing.T, r *rand.Rand, run func(*Products), terms, rows, panels int, add bool) {
	p := someProducts(r, terms, rows, panels, add)
	a, checkA := guarded(r, p.Count*p.AStep+terms, r.IntN(8))
	b, checkB := guarded(r, p.Count*p.BStep+panels*Columns, r.IntN(8))
	c, checkC := guarded(r, p.Count*p.CStep+panels*Columns, r.IntN(8))
	p.A, p.B, p.C = a, b, c
	before := slices.Clone(c)
	run(&p)
	for e := range p.Count {
		for i := range rows {
			for j := range p.CRow {
				at := e*p.CStep + i*p.CRow + j
				want, size := 0.0, 1.0
				if add || j >= panels*Columns {
					want = float64(before[at])
				}
				if j < panels*Columns {
					for k := range terms {
						v := float64(a[e*p.AStep+i*p.ARow+k*p.ATerm]) * float64(b[e*p.BStep+j/Columns*p.BPanel+k*p.BTerm+j%Columns])
						want += v
						size += math.Abs(v)
					}
				}
				if got := float64(c[at]); !(math.Abs(got-want) <= 1e-6*size) {
					t.Fatalf("%d terms, %d rows, %d panels: product %d, row %d, column %d is %v, want %v", terms, rows, panels, e, i, j, got, want)
				}
			}
		}
	}
	what := fmt.Sprintf("%d terms, %d rows, %d panels", terms, rows, panels)
	checkA(t, what)
	checkB(t, what)
	checkC(t, what)
}
