package fieldcheck

import (
	"math"
	"math/cmplx"
	"testing"

	"backdrop/lib/dims"
	"backdrop/lib/gp"
)

// Modes against sums over their definition: every mode stands once, pairs and real ones have two degrees of freedom
// and one, and the coefficients are those of the field.
func TestModes(t *testing.T) {
	for _, shape := range [][]int{{1}, {2}, {7}, {8}, {5, 6}, {6, 5}, {4, 4}, {1, 6}, {6, 1}, {3, 4, 5}, {4, 2, 6}} {
		c := Claim{Kernel: gp.Matern12, Length: gp.Length{0.6}, Shape: shape, Variance: 1.5, Nugget: 0.25, Rounding: 0x1p-24}
		s := newSpectrum(&c)
		points := dims.Count(shape)
		freedom, variance := 0.0, 0.0
		for _, m := range s.modes {
			freedom += m.freedom
			variance += m.freedom * m.eigenvalue / float64(points)
		}
		k0 := 1.5*gp.Matern12.Torus(make([]int, len(shape)), shape, c.lengths()) + 0.25
		if freedom != float64(points) || len(s.faint) != 0 || !(math.Abs(variance-k0) <= 1e-12*k0) {
			t.Errorf("%v: %v degrees of freedom of %d, variance %g, want %g", shape, freedom, points, variance, k0)
		}
		x := make([]float32, points)
		for i := range x {
			x[i] = float32(math.Sin(float64(3*i*i + 1)))
		}
		got := s.transform(x)
		lag := make([]int, len(shape))
		for i := range lag {
			lag[i] = (i + 1) % shape[i]
		}
		cosines := s.cosines(lag)
		for j, m := range s.modes {
			k := s.frequencies(m.at)
			turns := func(at []int) float64 {
				sum := 0.0
				for i, n := range shape {
					sum += 2 * math.Pi * float64(k[i]*at[i]) / float64(n)
				}
				return sum
			}
			want := complex(0, 0)
			for p, v := range x {
				want += cmplx.Rect(float64(v)/math.Sqrt(float64(points)), -turns(dims.Index(p, shape)))
			}
			if !(cmplx.Abs(got[m.at]-want) <= 1e-12) {
				t.Errorf("%v, mode %v: got %v, want %v", shape, k, got[m.at], want)
			}
			if !(math.Abs(cosines[j]-math.Cos(turns(lag))) <= 1e-12) {
				t.Errorf("%v, mode %v: cosine %v at lag %v", shape, k, cosines[j], lag)
			}
			if isReal := math.Abs(imag(want)) <= 1e-12; isReal != (m.freedom == 1) {
				t.Errorf("%v, mode %v: %v degrees of freedom, coefficient %v", shape, k, m.freedom, want)
			}
		}
	}
}
