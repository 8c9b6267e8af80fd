package gp

import (
	"math"
	"testing"
)

// images is the kernel summed over the images of lag r on a ring of n points, straight from its definition.
func images(r, n int, l float64) float64 {
	sum := 0.0
	reach := 2 + int(10*l)/n
	for m := -reach; m <= reach; m++ {
		d := float64(r+m*n) / l
		sum += math.Exp(-d * d / 2)
	}
	return sum
}

// The eigenvalues of a circulant matrix are the discrete Fourier transform of its first row.
func TestEigenvalue(t *testing.T) {
	for _, n := range []int{1, 2, 3, 6, 7, 16, 31} {
		for _, l := range []float64{1e-300, 0.01, 0.3, 0.7, 0.999999, 1, 1.000001, 2.5, 9.5} {
			for k := 0; k <= n/2; k++ {
				want := 0.0
				for r := range n {
					want += images(r, n, l) * math.Cos(2*math.Pi*float64(k*r)/float64(n))
				}
				got := eigenvalue(float64(k)/float64(n), l)
				if !(math.Abs(got-want) <= 1e-13*(1+l)) || !(got >= 0) {
					t.Errorf("n=%d l=%g k=%d: got %g, want %g", n, l, k, got, want)
				}
			}
		}
	}
}

func TestSpectrum(t *testing.T) {
	for _, c := range []struct {
		n     int
		l     float64
		modes int // 0: not checked
	}{
		{1, 0.5, 1}, {2, 1, 2}, {7, 0.1, 7}, {16, 0.1, 16}, // all there are, the Nyquist cosine once
		{128, 2.5, 0}, {127, 2.5, 0},
		// The tail of a normal distribution beyond ±6.34 deviations is 2⁻³²; a deviation is n/2πℓ.
		{1024, 9.5, 2*108 + 1}, {1024, 80, 2*13 + 1},
	} {
		modes, amplitude := gaussianSpectrum(c.n, c.l)
		if c.modes != 0 && !(math.Abs(float64(modes-c.modes)) <= 2) || modes > c.n {
			t.Errorf("n=%d l=%g: %d modes, want %d", c.n, c.l, modes, c.modes)
		}
		sum := 0.0
		for m := range modes {
			sum += amplitude[frequency(m)] * amplitude[frequency(m)]
		}
		if k0 := images(0, c.n, c.l); !(math.Abs(sum-k0) <= 1.01*neglected*k0) {
			t.Errorf("n=%d l=%g: variance %g, want %g", c.n, c.l, sum, k0)
		}
		if limit := 2*maxDeviations*float64(c.n)/(2*math.Pi*c.l) + 3; float64(modes) > limit {
			t.Errorf("n=%d l=%g: %d modes, more than the bound %g that memory is planned for", c.n, c.l, modes, limit)
		}
	}
}
