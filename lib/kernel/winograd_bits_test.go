//go:build !noasm

package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// fusedToPoints is what all assembly computes for ToPoints.
func fusedToPoints(l *Lines) {
	eachElement(l, Points, Points, func(d, v []float32) {
		e, o := fma(-far2, d[2], d[4]), fma(-far2, d[1], d[3])
		v[1], v[2] = fma(near, o, e), fma(-near, o, e)
		e, o = fma(-near2, d[2], d[4]), fma(-near2, d[1], d[3])
		v[3], v[4] = fma(far, o, e), fma(-far, o, e)
		v[0] = fma(product, d[0], fma(-both, d[2], d[4]))
		v[5] = fma(product, d[1], fma(-both, d[3], d[5]))
	})
}

// fusedFilterToPoints is likewise.
func fusedFilterToPoints(l *Lines) {
	eachElement(l, PatchExtent, Points, func(g, v []float32) {
		e, o := fma(near2, g[2], g[0]), float32(near*fma(near2, g[3], g[1]))
		v[1], v[2] = atNear*(e+o), atNear*(e-o)
		e, o = fma(far2, g[2], g[0]), float32(far*fma(far2, g[3], g[1]))
		v[3], v[4] = atFar*(e+o), atFar*(e-o)
		v[0], v[5] = atZero*g[0], g[3]
	})
}

// fusedToSums is likewise.
func fusedToSums(l *Lines) {
	eachElement(l, Points, PatchExtent, func(m, y []float32) {
		s, d := m[1]+m[2], m[1]-m[2]
		u, e := m[3]+m[4], m[3]-m[4]
		y[0] = m[0] + (s + u)
		y[1] = fma(far, e, float32(near*d))
		y[2] = fma(far2, u, float32(near2*s))
		y[3] = fma(far3, e, fma(near3, d, m[5]))
	})
	l.addBias()
}

func TestTransformsHaveTheBitsOfFusedMultiplyAdds(t *testing.T) {
	for name, p := range ofProcessor {
		if name == "generic" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(9, 10))
			for what := range 200 {
				testTransformBits(t, r, p.toPoints, fusedToPoints, what)
				testTransformBits(t, r, p.filterToPoints, fusedFilterToPoints, what)
				testTransformBits(t, r, p.toSums, fusedToSums, what)
			}
		})
	}
}

// testTransformBits compares two transforms of the same lines, which are written in place in some cases.
func testTransformBits(t *testing.T, r *rand.Rand, transform, want func(*Lines), what int) {
	l := Lines{N: Columns * (1 + r.IntN(5)), Count: 1 + r.IntN(3), Floor: negativeInfinity}
	l.InStep = l.N + r.IntN(20)
	l.OutStep = l.InStep
	if what&1 != 0 {
		l.Bias = &numbers(r, l.N)[0]
	}
	if what&2 != 0 {
		l.Floor = 0
	}
	length := l.N + (l.Count-1)*l.InStep
	in := numbers(r, Points*length)
	for range 3 {
		in[r.IntN(len(in))] = float32(math.NaN())
	}
	var results [2][]float32
	for i, f := range []func(*Lines){want, transform} {
		read := append([]float32(nil), in...)
		written := read
		if what&4 != 0 {
			written = make([]float32, Points*length)
		}
		for k := range Points {
			l.In[k], l.Out[k] = &read[k*length], &written[k*length]
		}
		f(&l)
		results[i] = written
	}
	if i := firstDifference(results[0], results[1]); i >= 0 {
		t.Fatalf("case %d, line %d, element %d: got %v, want %v", what, i/length, i%length, results[1][i], results[0][i])
	}
}

// fusedProducts is what all assembly computes for Products.
func fusedProducts(p *Products) {
	for e := range p.Count {
		for i := range p.Rows {
			for col := range p.Panels * Columns {
				sum := float32(0)
				for k := range p.Terms {
					a, b := p.A[e*p.AStep+i*p.ARow+k*p.ATerm], p.B[e*p.BStep+col/Columns*p.BPanel+k*p.BTerm+col%Columns]
					sum = fma(a, b, sum)
				}
				c := &p.C[e*p.CStep+i*p.CRow+col]
				if p.Add {
					sum += *c
				}
				*c = sum
			}
		}
	}
}

func TestProductsHaveTheBitsOfFusedMultiplyAdds(t *testing.T) {
	for name, impl := range ofProcessor {
		if name == "generic" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(11, 12))
			for terms := range 40 {
				for range 6 {
					p := someProducts(r, terms, 1+r.IntN(20), 1+r.IntN(5), r.IntN(2) == 0)
					p.A, p.B = numbers(r, p.Count*p.AStep+terms), numbers(r, p.Count*p.BStep+Columns)
					before := numbers(r, p.Count*p.CStep+p.Panels*Columns)
					p.C = append([]float32(nil), before...)
					fusedProducts(&p)
					want := p.C
					p.C = before
					impl.products(&p)
					for e := range p.Count {
						for i := range p.Rows {
							at := e*p.CStep + i*p.CRow
							if j := firstDifference(want[at:][:p.Panels*Columns], p.C[at:]); j >= 0 {
								t.Fatalf("%d terms, product %d, row %d, column %d: got %v, want %v", terms, e, i, j, p.C[at+j], want[at+j])
							}
						}
					}
				}
			}
		})
	}
}

// eachElement calls f with the elements of all lines at each place.
func eachElement(l *Lines, ins, outs int, f func(in, out []float32)) {
	var from, to [Points]float32
	for time := range l.Count {
		in, out := l.lines(ins, outs, time)
		for i := range in[0] {
			for k := range ins {
				from[k] = in[k][i]
			}
			f(from[:], to[:])
			for k := range outs {
				out[k][i] = to[k]
			}
		}
	}
}
