package metric

import "math"

// Wilson is k/n with the score interval of a level such as 0.95, for k successes in n independent trials (E. B. Wilson,
// "Probable Inference, the Law of Succession, and Statistical Inference", J. Am. Stat. Assoc. 22, 1927). Where all or
// none succeed it still has width, and for small n it covers better than a bootstrap or a normal interval (A. Agresti,
// B. A. Coull, "Approximate is Better than 'Exact' for Interval Estimation of Binomial Proportions", Am. Stat. 52, 1998).
func Wilson(k, n int, level float64, reason string) Value {
	v := ratio(float64(k), float64(n), reason)
	if !v.Defined() {
		return v
	}
	z := deviations(level)
	size := float64(n)
	middle := (v.V + z*z/2/size) / (1 + z*z/size)
	half := z / (1 + z*z/size) * math.Sqrt(v.V*(1-v.V)/size+z*z/4/size/size)
	i := Interval{Low: max(0, middle-half), High: min(1, middle+half), Method: "Wilson"}
	if k == 0 { // where rounding may leave the ends
		i.Low = 0
	}
	if k == n {
		i.High = 1
	}
	return v.With(i)
}
