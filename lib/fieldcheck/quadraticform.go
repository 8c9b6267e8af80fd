package fieldcheck

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// A form is a quadratic form of independent normals: Σ weight·χ², each χ² with its degrees of freedom.
type form struct{ weight, freedom []float64 }

func (f *form) add(weight, freedom float64) {
	f.weight = append(f.weight, weight)
	f.freedom = append(f.freedom, freedom)
}

func (f *form) mean() float64 {
	sum := 0.0
	for i, w := range f.weight {
		sum += w * f.freedom[i]
	}
	return sum
}

func (f *form) variance() float64 {
	sum := 0.0
	for i, w := range f.weight {
		sum += 2 * w * w * f.freedom[i]
	}
	return sum
}

// minus returns the form with the same number subtracted from all weights.
func (f *form) minus(v float64) *form {
	out := &form{weight: make([]float64, len(f.weight)), freedom: f.freedom}
	for i, w := range f.weight {
		out.weight[i] = w - v
	}
	return out
}

// tails returns the probabilities that the form is at most and at least x, by the saddlepoint approximation (D. Kuonen,
// "Saddlepoint approximations for distributions of quadratic forms in normal variables", Biometrika 86, 1999, 929–935,
// eq. 3). Its relative error is about a hundredth for 10 degrees of freedom, and less for more.
func (f *form) tails(x float64) (lower, upper float64) {
	lowest, highest := 0.0, 0.0
	for _, w := range f.weight {
		lowest, highest = min(lowest, w), max(highest, w)
	}
	switch {
	case lowest == 0 && x <= 0 && highest > 0:
		return 0, 1
	case highest == 0 && x >= 0 && lowest < 0:
		return 1, 0
	case highest == 0 && lowest == 0:
		panic("fieldcheck: quadratic form without weights")
	}
	t := f.saddle(x, lowest, highest)
	cumulant, curvature := 0.0, 0.0
	for i, w := range f.weight {
		s := 1 - 2*t*w
		cumulant -= f.freedom[i] / 2 * math.Log(s)
		curvature += 2 * f.freedom[i] * w * w / (s * s)
	}
	r := math.Copysign(math.Sqrt(max(0, 2*(t*x-cumulant))), t)
	u := t * math.Sqrt(curvature)
	if math.Abs(r) < 1e-3 { // near the mean the formula is 0/0; its limit
		third := 0.0
		for i, w := range f.weight {
			third += 8 * f.freedom[i] * w * w * w
		}
		upper = 0.5 - r/math.Sqrt(2*math.Pi) - third/(6*math.Sqrt(2*math.Pi)*math.Pow(f.variance(), 1.5))
		return 1 - upper, upper
	}
	z := r + math.Log(u/r)/r
	return distuv.UnitNormal.CDF(z), distuv.UnitNormal.Survival(z)
}

// saddle returns where the derivative of the cumulant generating function is x. The derivative grows from one end of the
// interval in which all 1-2tw are positive to the other.
func (f *form) saddle(x, lowest, highest float64) float64 {
	low, high := math.Inf(-1), math.Inf(1)
	if lowest < 0 {
		low = 1 / (2 * lowest)
	}
	if highest > 0 {
		high = 1 / (2 * highest)
	}
	t := 0.0
	for range 200 {
		slope, curvature := -x, 0.0
		for i, w := range f.weight {
			s := 1 - 2*t*w
			slope += f.freedom[i] * w / s
			curvature += 2 * f.freedom[i] * w * w / (s * s)
		}
		if slope > 0 {
			high = t
		} else {
			low = t
		}
		next := t - slope/curvature
		if math.Abs(next-t) <= 1e-12/max(highest, -lowest) {
			return next
		}
		if !(next > low && next < high) {
			// The derivative is convex if no weight is negative, and concave if none is positive: then Newton's step
			// leaves an open interval only by rounding.
			if math.IsInf(low, 0) || math.IsInf(high, 0) {
				return t
			}
			next = (low + high) / 2
		}
		t = next
	}
	return t
}

// twoSided is the probability of a deviation at least as large, in either direction.
func twoSided(lower, upper float64) float64 { return min(1, 2*min(lower, upper)) }

// normal is twoSided for a standard normal variable.
func normal(z float64) float64 { return 2 * distuv.UnitNormal.Survival(math.Abs(z)) }
