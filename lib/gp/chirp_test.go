package gp

import (
	"math"
	"testing"
)

// The convolution gives the sums of the definition. (gonum's transform loses three more digits for large primes.)
func TestChirp(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 64, 101, 1000, 1009} {
		coefficients := make([]complex128, n/2+1)
		for k := range coefficients {
			coefficients[k] = complex(math.Sin(float64(3*k+1)), math.Cos(float64(7*k)))
		}
		coefficients[0] = 0.5
		if n%2 == 0 {
			coefficients[n/2] = -0.25
		}
		want := make([]float64, n)
		for j := range want {
			for k, v := range coefficients {
				cos, sin := turn(j*k%n, n)
				term := real(v)*cos - imag(v)*sin
				if k > 0 && 2*k < n {
					term *= 2
				}
				want[j] += term
			}
		}
		c := newChirp(n)
		got := make([]float64, n)
		for range 2 { // work memory is left dirty
			c.Sequence(got, coefficients)
			for j := range got {
				if !(math.Abs(got[j]-want[j]) <= 1e-12*float64(n)) {
					t.Fatalf("n=%d: place %d is %g, want %g", n, j, got[j], want[j])
				}
			}
		}
	}
}
