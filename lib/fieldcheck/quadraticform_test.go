package fieldcheck

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// With equal weights the form is a chi-square.
func TestTailsOfChiSquare(t *testing.T) {
	for _, k := range []float64{3, 10, 100, 1e6} {
		d := distuv.ChiSquared{K: k}
		var f form
		f.add(2, k/3)
		f.add(2, 2*k/3)
		for z := -6.0; z <= 6; z += 0.37 {
			x := k + z*math.Sqrt(2*k)
			if x <= 0 {
				continue
			}
			lower, upper := f.tails(2 * x)
			within := 0.2/k + 1e-6
			if want := d.CDF(x); !(math.Abs(lower/want-1) <= within) {
				t.Errorf("%g degrees, %g deviations: lower tail %g, want %g", k, z, lower, want)
			}
			if want := d.Survival(x); !(math.Abs(upper/want-1) <= within) {
				t.Errorf("%g degrees, %g deviations: upper tail %g, want %g", k, z, upper, want)
			}
		}
	}
}

// Weights of both signs, against draws, and at the mean itself.
func TestTailsOfDraws(t *testing.T) {
	var f form
	for i := range 12 {
		f.add(math.Pow(-0.8, float64(i)), float64(1+i%2))
	}
	r := rand.New(rand.NewPCG(1, 2))
	const draws = 400_000
	xs := []float64{-4, -2, 0, f.mean() - 1e-9, f.mean(), f.mean() + 1e-4, 2, 5, 9}
	count := make([]float64, len(xs))
	for range draws {
		sum := 0.0
		for i, w := range f.weight {
			for range int(f.freedom[i]) {
				z := r.NormFloat64()
				sum += w * z * z
			}
		}
		for i, x := range xs {
			if sum <= x {
				count[i]++
			}
		}
	}
	for i, x := range xs {
		lower, upper := f.tails(x)
		want := count[i] / draws
		stderr := math.Sqrt(want * (1 - want) / draws)
		if !(math.Abs(lower-want) <= 4*stderr+0.03*min(want, 1-want)) || !(math.Abs(lower+upper-1) <= 1e-12) {
			t.Errorf("at %g: tails %g and %g, draws say %g ± %g", x, lower, upper, want, stderr)
		}
	}
}

// What cannot be has no probability.
func TestTailsBeyondSupport(t *testing.T) {
	var positive, negative form
	positive.add(1, 5)
	positive.add(0, 1)
	negative.add(-1, 5)
	if lower, upper := positive.tails(-1); lower != 0 || upper != 1 {
		t.Errorf("got %g, %g", lower, upper)
	}
	if lower, upper := negative.tails(1); lower != 1 || upper != 0 {
		t.Errorf("got %g, %g", lower, upper)
	}
	if lower, upper := positive.tails(1e5); lower != 1 || upper != 0 {
		t.Errorf("got %g, %g", lower, upper)
	}
}

// Legendre polynomials of a normal value's probability are orthonormal, and Hermite polynomials span them.
func TestHermite(t *testing.T) {
	for d, squares := range normalLaw.squares {
		sum := 0.0
		for n, c := range squares {
			sum += c
			if n%2 != (d+1)%2 && !(c <= 1e-20) {
				t.Errorf("degree %d: term %d is %g, the symmetry says 0", d+1, n, c)
			}
		}
		if !(math.Abs(sum-1) <= 1e-9) {
			t.Errorf("degree %d: squares sum to %g", d+1, sum)
		}
	}
	// The first: √3 erf(x/√2) has the coefficient √3 E[erf'(Z/√2)] = √(6/π) E[exp(-Z²/2)] = √(3/π), and the
	// correlation of probabilities is 6/π asin(ρ/2), whose first term is 3/π.
	if got, want := normalLaw.squares[0][1], 3/math.Pi; !(math.Abs(got-want) <= 1e-9) {
		t.Errorf("first coefficient squared is %g, want %g", got, want)
	}
	rho, sum := 0.7, 0.0
	for n, c := range normalLaw.squares[0] {
		sum += c * math.Pow(rho, float64(n))
	}
	if want := 6 / math.Pi * math.Asin(rho/2); !(math.Abs(sum-want) <= 1e-7) {
		t.Errorf("correlation of probabilities %g, want %g", sum, want)
	}
}
