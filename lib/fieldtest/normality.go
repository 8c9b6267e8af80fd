package fieldtest

import "math"

// Neyman's smooth test of the distribution of values (J. Neyman, "»Smooth test« for goodness of fit", Skandinavisk
// Aktuarietidskrift 20, 1937, 149–199): if values are normal, their probabilities u are uniform, and the means of
// Legendre polynomials of 2u-1 are 0. Those of degree 1 to 4 tell of location, spread, skewness and tails. They are
// bounded, so that no single value decides and their means over many values are close to normal.
//
// Values of a field are not independent. The covariance of g(X) and g(Y), X and Y normal with correlation ρ, is Σₙ
// cₙ² ρⁿ, with cₙ the coefficients of g in normalised Hermite polynomials (F. G. Mehler's formula, 1866), which gives
// the standard error of a mean.
const (
	degrees      = 4
	hermiteTerms = 32
)

var degreeNames = [degrees]string{"location", "spread", "skewness", "tails"}

// legendre returns the polynomials of degree 1 to 4 at 2u-1, normalised to mean square 1, where u is the probability
// of a standard normal value.
func legendre(v float64) [degrees]float64 {
	t := math.Erf(v / math.Sqrt2)
	t2 := t * t
	return [degrees]float64{
		math.Sqrt(3) * t,
		math.Sqrt(5) / 2 * (3*t2 - 1),
		math.Sqrt(7) / 2 * (5*t2 - 3) * t,
		math.Sqrt(9) / 8 * (35*t2*t2 - 30*t2 + 3),
	}
}

// hermite holds cₙ² of the four polynomials for n from 0; what is beyond the last term is in it.
var hermite = func() (c [degrees][hermiteTerms]float64) {
	const step, reach = 0.01, 12 // the trapezoidal rule converges like exp(-2π²/step²)
	for v := -float64(reach); v <= reach; v += step {
		density := step * math.Exp(-v*v/2) / math.Sqrt(2*math.Pi)
		g := legendre(v)
		before, h := 0.0, 1.0 // normalised: √(n+1) hₙ₊₁ = v hₙ - √n hₙ₋₁
		for n := range hermiteTerms {
			for d := range g {
				c[d][n] += density * g[d] * h
			}
			before, h = h, (v*h-math.Sqrt(float64(n))*before)/math.Sqrt(float64(n+1))
		}
	}
	for d := range c {
		rest := 1.0
		for n := range hermiteTerms {
			c[d][n] *= c[d][n]
			rest -= c[d][n]
		}
		c[d][hermiteTerms-1-d%2] += max(0, rest) // odd polynomials have odd terms: of degrees 1 and 3, at 0 and 2
	}
	return c
}()

// A marginal sums what the values of fields, in deviations, say about their distribution.
type marginal struct {
	values float64
	sums   [degrees]float64
	square float64
	cube   float64
	fourth float64
}

func (m *marginal) add(x []float32, factor float64) {
	m.values += float64(len(x))
	for _, v := range x {
		z := float64(v) * factor
		for d, g := range legendre(z) {
			m.sums[d] += g
		}
		z2 := z * z
		m.square += z2
		m.cube += z2 * z
		m.fourth += z2 * z2
	}
}

// tests returns the tests of the distribution. powers[n] is the mean of ρⁿ over all pairs of values of a field.
func (m *marginal) tests(powers []float64, fields int) []Test {
	var out []Test
	for d, sum := range m.sums {
		variance := 0.0
		for n, c := range hermite[d] {
			variance += c * powers[n]
		}
		stderr := math.Sqrt(variance / float64(fields))
		mean := sum / m.values
		out = append(out, Test{Name: "normality: " + degreeNames[d], Measured: mean, StdErr: stderr, P: normal(mean / stderr)})
	}
	return out
}

// addPowers adds weight·ρⁿ to powers for all n.
func addPowers(powers []float64, weight, rho float64) {
	for n := range powers {
		powers[n] += weight
		weight *= rho
	}
}
