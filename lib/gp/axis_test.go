package gp

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// basis is a basis function straight from its definition.
func basis(mode, x, period int) float64 {
	k := frequency(mode)
	phase := 2 * math.Pi * float64(k) * float64(x) / float64(period)
	switch {
	case k == 0 || 2*k == period:
		return math.Cos(phase)
	case isSine(mode):
		return math.Sqrt2 * math.Sin(phase)
	}
	return math.Sqrt2 * math.Cos(phase)
}

// Both kinds of axis against sums over the definition, for every residue of n modulo 4, on a torus and as a window, with
// sizes that cross blocks, the first a prime for which the convolution is used. Only a window's dense axis counts from its middle.
func TestAxes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	type size struct{ n, period int }
	sizes, most := []size{{2003, 2003}, {799, 799}, {800, 800}, {150, 301}, {203, 320}}, 21
	if testing.Short() {
		sizes, most = sizes[3:], 9
	}
	for n := 1; n <= most; n++ {
		sizes = append(sizes, size{n, n}, size{n, n + 1}, size{n, 2*n + 3})
	}
	for _, s := range sizes {
		for _, modes := range []int{1, min(s.period, 6), s.period} {
			dense := newDense(s.n, s.period, modes)
			origin := 0
			if s.n < s.period {
				origin = s.n / 2
			}
			for _, c := range []struct {
				axis   axis
				origin int
			}{{dense, origin}, {newFourier(s.n, s.period, modes), 0}} {
				name := fmt.Sprintf("%T n=%d period=%d modes=%d", c.axis, s.n, s.period, modes)
				const other = 67 // more than a block of rows, and of columns
				last, first := make([]float32, other*modes), make([]float32, modes*other)
				wantLast, wantFirst := make([]float64, other*s.n), make([]float64, s.n*other)
				values := make([]float64, s.n)
				for m, place := range c.axis.order() {
					for x := range values {
						values[x] = basis(m, x-c.origin, s.period)
					}
					for o := range other {
						v := float32(r.NormFloat64())
						last[o*modes+place], first[place*other+o] = v, v
						for x, b := range values {
							wantLast[o*s.n+x] += float64(v) * b
							wantFirst[x*other+o] += float64(v) * b
						}
					}
				}
				gotLast, gotFirst := make([]float32, other*s.n), make([]float32, s.n*other)
				c.axis.last(gotLast, last, other)
				c.axis.first(gotFirst, first, other, 0, 30)
				c.axis.first(gotFirst, first, other, 30, other)
				tol := 4*0x1p-24*float64(modes) + 1e-6 // sums of that many terms of size about 1
				for i := range wantLast {
					if !(math.Abs(float64(gotLast[i])-wantLast[i]) <= tol) {
						t.Fatalf("%s: last dimension, place %d: got %g, want %g", name, i, gotLast[i], wantLast[i])
					}
					if !(math.Abs(float64(gotFirst[i])-wantFirst[i]) <= tol) {
						t.Fatalf("%s: first dimension, place %d: got %g, want %g", name, i, gotFirst[i], wantFirst[i])
					}
				}
				if modes <= s.n { // in place
					both := make([]float32, s.n*other)
					copy(both, first)
					c.axis.first(both, both, other, 0, other)
					for i := range both {
						if both[i] != gotFirst[i] {
							t.Fatalf("%s: in place, place %d: got %g, want %g", name, i, both[i], gotFirst[i])
						}
					}
				}
			}
		}
	}
}

func TestChoiceOfAxis(t *testing.T) {
	for _, c := range []struct {
		n, period, modes int
		want             string
	}{
		{1024, 1024, 221, "*gp.dense"}, {4096, 4096, 4096, "*gp.lines"}, {499, 499, 499, "*gp.dense"}, {99991, 99991, 20000, "*gp.lines"}, {4096, 4096, 90, "*gp.dense"},
	} {
		if got := fmt.Sprintf("%T", newAxis(c.n, c.period, c.modes)); got != c.want {
			t.Errorf("n=%d period=%d modes=%d: %s, want %s", c.n, c.period, c.modes, got, c.want)
		}
	}
	for n, want := range map[int]string{1: "*fourier.FFT", 1024: "*fourier.FFT", 1009: "*gp.chirp", 99991: "*gp.chirp"} {
		if got := fmt.Sprintf("%T", newTransform(n)); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	for n, want := range map[int]int{1: 0, 2: 2, 7: 7, 12: 7, 1024: 20, 49: 14, 4093: 4093} {
		if got := factors(n); got != want {
			t.Errorf("factors of %d add up to %d, want %d", n, got, want)
		}
	}
}

func TestTurn(t *testing.T) {
	for n := 1; n <= 40; n++ {
		for r := range n {
			sin, cos := math.Sincos(2 * math.Pi * float64(r) / float64(n))
			gotCos, gotSin := turn(r, n)
			if !(math.Abs(gotCos-cos) <= 2e-15) || !(math.Abs(gotSin-sin) <= 2e-15) {
				t.Errorf("%d/%d: got %g, %g, want %g, %g", r, n, gotCos, gotSin, cos, sin)
			}
			if 4*r%n == 0 && gotCos*gotSin != 0 {
				t.Errorf("%d/%d: neither is exactly zero", r, n)
			}
		}
	}
}
