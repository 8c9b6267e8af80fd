package fieldcheck

import (
	"math"

	"backdrop/lib/dims"
)

// A torus judges fields by their Fourier modes.
type torus struct {
	claim *Claim
	*spectrum
	freedom float64 // degrees of freedom of all tested modes of a field

	power     []float64 // Σ over fields of |coefficient|²/eigenvalue·freedom, a chi-square, of the tested modes
	faintSum  float64   // Σ over fields of the power of the others, divided by the number of values
	mean      float64   // Σ over fields of their mean
	worstMean float64   // of standardised fields
	worstRMS  float64
	neighbour []complex128 // by axis: Σ of products of neighbouring normalised coefficients
	pairs     []float64    // how many products there are
	number    []int32      // of the tested mode of each coefficient, -1 for none
}

func newTorus(c *Claim) *torus {
	t := &torus{claim: c, spectrum: newSpectrum(c)}
	t.power = make([]float64, len(t.modes))
	t.number = make([]int32, dims.Count(t.half))
	for i := range t.number {
		t.number[i] = -1
	}
	for j, m := range t.modes {
		t.freedom += m.freedom
		t.number[m.at] = int32(j)
	}
	t.neighbour = make([]complex128, len(c.Shape))
	t.pairs = make([]float64, len(c.Shape))
	return t
}

// law is that of a value. A single mode of a fixed size has values of two signs only: there is nothing to test.
func (t *torus) law() *law {
	switch {
	case !t.claim.Standardised:
		return normalLaw
	case t.freedom < 2:
		return nil
	}
	return sphereLaw(t.freedom)
}

func (t *torus) independent() float64 { return t.freedom }

// leastPower keeps the scale finite of a field without power in any tested mode.
const leastPower = 1e-30

func (t *torus) add(x []float32) float64 {
	coefficients := t.transform(x)
	square := func(m mode) float64 {
		v := coefficients[m.at]
		return real(v)*real(v) + imag(v)*imag(v)
	}
	scale := 1.0 // of powers
	if t.claim.Standardised {
		whole := 0.0
		for _, m := range t.modes {
			whole += square(m) / m.eigenvalue * m.freedom
		}
		scale = t.freedom / max(whole, leastPower)
		t.checkStandardised(x)
	}
	for j, m := range t.modes {
		t.power[j] += scale * square(m) / m.eigenvalue * m.freedom
	}
	faint := scale / float64(len(x))
	if t.claim.Standardised { // powers over a chi-square of D degrees of freedom: the mean of its inverse is 1/(D-2)
		faint *= max(0, t.freedom-2) / t.freedom
	}
	for _, m := range t.faint {
		t.faintSum += faint * square(m) * m.freedom
	}
	t.mean += real(coefficients[0]) / math.Sqrt(float64(len(x)))
	t.addNeighbours(coefficients, scale)
	return math.Sqrt(scale) / math.Sqrt(t.variance())
}

// variance is that of a value of a field, without the constant mode if fields are standardised.
func (t *torus) variance() float64 {
	sum := 0.0
	for i, v := range t.eigenvalues {
		if i > 0 || !t.claim.Standardised {
			sum += v
		}
	}
	return sum / float64(len(t.eigenvalues))
}

// checkStandardised remembers the mean that is farthest from 0 and the mean square that is farthest from 1.
func (t *torus) checkStandardised(x []float32) {
	mean, square := 0.0, 0.0
	for _, v := range x {
		mean += float64(v) / float64(len(x))
		square += float64(v) * float64(v) / float64(len(x))
	}
	t.worstMean = max(t.worstMean, math.Abs(mean))
	if rms := math.Sqrt(square); math.Abs(rms-1) >= math.Abs(t.worstRMS-1) || t.worstRMS == 0 {
		t.worstRMS = rms
	}
}

// addNeighbours sums the products of normalised coefficients with the conjugates of their neighbours along each axis: they
// are correlated if the variance changes along it. Modes on planes that hold their own conjugates are left out, so that
// all products are distinct.
func (t *torus) addNeighbours(coefficients []complex128, scale float64) {
	last := len(t.shape) - 1
	stride := 1
	for i := last; i >= 0; i-- {
		n := t.shape[i]
		if n < 3 {
			stride *= t.half[i]
			continue
		}
		for _, m := range t.modes {
			f := m.at % t.half[last]
			if f == 0 || 2*f == t.shape[last] {
				continue
			}
			k := m.at / stride % t.half[i]
			next := m.at + stride
			if i < last && k == n-1 {
				next -= n * stride
			}
			if i == last && (f+1 == t.half[last] || 2*(f+1) == n) {
				continue
			}
			j := t.number[next]
			if j < 0 {
				continue
			}
			a, b := coefficients[m.at], coefficients[next]
			norm := complex(scale/math.Sqrt(m.eigenvalue*t.modes[j].eigenvalue), 0)
			t.neighbour[i] += norm * a * complex(real(b), -imag(b))
			t.pairs[i]++
		}
		stride *= t.half[i]
	}
}

func (t *torus) tests(fields int, m *marginal) []Test {
	out := t.exact()
	if t.claim.Standardised {
		out = append(out,
			Test{Name: "mean of a field, the largest", Measured: t.worstMean, StdErr: 256 * t.claim.Rounding, Exact: true},
			Test{Name: "root mean square of a field, the farthest from 1", Measured: t.worstRMS, Expected: 1, StdErr: 256 * t.claim.Rounding, Exact: true})
	} else {
		mean := t.mean / float64(fields)
		stderr := math.Sqrt(t.eigenvalues[0] / float64(len(t.eigenvalues)) / float64(fields))
		out = append(out, Test{Name: "mean", Measured: mean, StdErr: stderr, P: normal(mean / stderr)})
	}
	out = append(out, t.powers(fields)...)
	out = append(out, t.lags(fields)...)
	if m.law != nil {
		out = append(out, m.tests(t.correlations(m.law), fields)...)
	}
	out = append(out, t.isotropy(fields)...)
	return append(out, t.stationarity()...)
}

// exact tests the spectrum itself, to the rounding of float64.
func (t *torus) exact() []Test {
	sum, lowest := 0.0, math.Inf(1)
	for _, v := range t.eigenvalues {
		sum += v / float64(len(t.eigenvalues))
		lowest = min(lowest, v)
	}
	k0 := t.claim.Variance*t.claim.Kernel.Torus(make([]int, len(t.shape)), t.shape, t.claim.lengths()) + t.claim.Nugget
	const tolerance = 1e-12
	return []Test{
		{Name: "mean of the eigenvalues against k(0)", Measured: sum, Expected: k0, StdErr: tolerance * k0, Exact: true},
		{Name: "negative part of the least eigenvalue", Measured: max(0, -lowest), StdErr: tolerance * k0, Exact: true},
	}
}
