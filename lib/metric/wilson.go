package metric

import "math"

// wilson is the score interval of a proportion, for k successes in n independent trials (E. B. Wilson, "Probable
// Inference, the Law of Succession, and Statistical Inference", J. Am. Stat. Assoc. 22, 1927). Where all or none succeed it
// still has width, and for small n it covers better than a normal interval (A. Agresti, B. A. Coull, "Approximate is
// Better than 'Exact' for Interval Estimation of Binomial Proportions", Am. Stat. 52, 1998).
func wilson(k, n int, c Confidence) Interval {
	z := c.deviations()
	size := float64(n)
	p := float64(k) / size
	middle := (p + z*z/2/size) / (1 + z*z/size)
	half := z / (1 + z*z/size) * math.Sqrt(p*(1-p)/size+z*z/4/size/size)
	i := Interval{Low: max(0, middle-half), High: min(1, middle+half), Method: "Wilson"}
	if k == 0 { // where rounding may leave the ends
		i.Low = 0
	}
	if k == n {
		i.High = 1
	}
	return i
}

// proportion is k/n, with its interval.
func proportion(k, n int, c Confidence, reason string) Value {
	v := ratio(float64(k), float64(n), reason)
	if c.Level == 0 || !v.Defined() {
		return v
	}
	return v.With(wilson(k, n, c))
}
