package fieldcheck

import "math"

// Neyman's smooth test of the distribution of values (J. Neyman, "»Smooth test« for goodness of fit", Skandinavisk
// Aktuarietidskrift 20, 1937, 149–199): if values are normal, their probabilities u are uniform, and the means of
// Legendre polynomials of 2u-1 are 0. Those of degree 1 to 4 tell of location, spread, skewness and tails. They are
// bounded, so that no single value decides and their means over many values are close to normal.
//
// Values of a field are not independent: the standard error of a mean is that of all pairs of values, whose correlations
// are known. And those of standardised fields are not quite normal: u is the probability under the law they have.
var degreeNames = [degrees]string{"location", "spread", "skewness", "tails"}

// legendre returns the polynomials of degree 1 to 4 at t, normalised to mean square 1 between -1 and 1.
func legendre(t float64) [degrees]float64 {
	t2 := t * t
	return [degrees]float64{
		math.Sqrt(3) * t,
		math.Sqrt(5) / 2 * (3*t2 - 1),
		math.Sqrt(7) / 2 * (5*t2 - 3) * t,
		math.Sqrt(9) / 8 * (35*t2*t2 - 30*t2 + 3),
	}
}

// A marginal sums what the values of fields, in standard deviations, say about their distribution.
type marginal struct {
	law    *law // nil: it is not tested
	values float64
	sums   [degrees]float64
	square float64
	cube   float64
	fourth float64
}

// add takes in the values of a field, times a factor.
func (m *marginal) add(x []float32, factor float64) {
	m.values += float64(len(x))
	for _, v := range x {
		z := float64(v) * factor
		if m.law != nil {
			for d, g := range legendre(m.law.probability(z)) {
				m.sums[d] += g
			}
		}
		z2 := z * z
		m.square += z2
		m.cube += z2 * z
		m.fourth += z2 * z2
	}
}

// tests returns the tests of the distribution. correlations[n] is the mean, over all pairs of values of a field, of the
// law's polynomial n at their correlation. A mean that is the same for all fields is not tested: that of values that come in
// pairs of opposite sign, for example.
func (m *marginal) tests(correlations []float64, fields int) []Test {
	var out []Test
	for d, sum := range m.sums {
		variance := 0.0
		for n, c := range m.law.squares[d] {
			variance += c * correlations[n]
		}
		if !(variance*m.law.freedom >= leastVariance) {
			continue
		}
		stderr := math.Sqrt(variance / float64(fields))
		mean := sum / m.values
		out = append(out, Test{Name: "normality: " + degreeNames[d], Measured: mean, StdErr: stderr, P: normal(mean / stderr)})
	}
	return out
}

// leastVariance is the variance of a mean, relative to that of the mean of D independent values, below which rounding, faint
// modes and neglected terms may decide.
const leastVariance = 1e-4
