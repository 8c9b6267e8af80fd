package metric

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Confidence says which intervals are wanted. The zero value: none.
type Confidence struct {
	Level      float64 // such as 0.95
	LogitAUC   bool    // the interval of an AUC of two classes is found on the logit scale, not by DeLong's sum and difference
	Replicates int     // how often labels are drawn for the interval of a calibration error
	Seed       uint64  // of these draws
}

// deviations is how many standard deviations on either side of the mean hold that share of a normal distribution.
func (c Confidence) deviations() float64 { return math.Sqrt2 * math.Erfinv(c.Level) }

// influences sum what each of n samples does to a figure. The influence of a sample is the derivative of the figure with
// respect to the sample's weight (F. R. Hampel, "The Influence Curve and its Role in Robust Estimation", J. Am. Stat. Assoc.
// 69, 1974). The figures depend on shares alone, so that the influences of all samples add up to 0. The sum of their squares
// is the variance of the figure, for samples that are drawn independently, labels and all: the nonparametric delta method
// (B. Efron, "The Jackknife, the Bootstrap and Other Resampling Plans", 1982, chapter 6). For the AUC it is DeLong's variance.
//
// On a scale on which figures are nearly normal, its intervals cover better than percentiles of a bootstrap, which are too
// narrow for few samples and biased where ties or the ranks of few samples decide. It needs no draws. BCa intervals would
// need a jackknife, which takes O(n²) here.
type influences struct {
	n               int
	squares, fourth float64 // sums of their powers
}

// add takes in as many samples that have the same influence.
func (s *influences) add(times int, influence float64) {
	square := influence * influence
	s.n += times
	s.squares += float64(times) * square
	s.fourth += float64(times) * square * square
}

// variance is that of the figure.
func (s *influences) variance() float64 {
	n := float64(s.n)
	return s.squares * n / (n - 1)
}

// student returns how many standard deviations an interval of the figure reaches to either side: a quantile of Student's
// distribution. The degrees of freedom are those of a sum of squares with the same relative standard error as the variance
// (F. E. Satterthwaite, "An Approximate Distribution of Estimates of Variance Components", Biometrics Bulletin 2, 1946),
// 2n/(kurtosis − 1): few where few samples decide, such as few positive ones among many negative.
func (s *influences) student(c Confidence) float64 {
	n := float64(s.n)
	freedom := n - 1
	if kurtosis := n * s.fourth / s.squares / s.squares; kurtosis > 1 { // not of no squares at all
		freedom = min(freedom, 2*n/(kurtosis-1))
	}
	return distuv.StudentsT{Sigma: 1, Nu: freedom}.Quantile((1 + c.Level) / 2)
}

// noVariance is why a figure has no interval if all samples have the same influence on it.
const noVariance = "no variance in these samples"

// beyondRange is why there is no figure, or no interval, where numbers overflow.
const beyondRange = "beyond the range of float64"

// leastDeviation is what rounding may leave of a deviation of 0, relative to the range of the figure.
const leastDeviation = 1e-12

// within adds the interval to a figure that is between low and high, by the delta method on the scale of its log-odds,
// log (v−low)/(high−v), on which it is closer to normal than as it is and never leaves its range.
func (s *influences) within(v Value, low, high float64, c Confidence) Value {
	return v.With(logit(v.V, low, high, s.variance(), s.student(c), "delta method, logit"))
}

// logit is the interval of v, between low and high, that reaches that many deviations to either side on the logit scale.
func logit(v, low, high, variance, deviations float64, method string) Interval {
	p, q, deviation := (v-low)/(high-low), (high-v)/(high-low), math.Sqrt(variance)/(high-low)
	if !(deviation > leastDeviation && p > 0 && q > 0) {
		return Interval{Reason: noVariance}
	}
	half := math.Exp(deviations * deviation / p / q)
	end := func(odds float64) float64 { return low + (high-low)/(1+q/p*odds) }
	return Interval{Low: min(v, end(half)), High: max(v, end(1/half)), Method: method}
}

// above adds the interval to a figure that is greater than 0 but has no upper bound, on the scale of its logarithm. There is
// none where the fourth powers of influences overflow.
func (s *influences) above(v Value, c Confidence) Value {
	deviation := math.Sqrt(s.variance()) / v.V
	if !(deviation > leastDeviation) { // also 0/0
		return v.With(Interval{Reason: noVariance})
	}
	if math.IsInf(s.fourth, 1) {
		return v.With(Interval{Reason: beyondRange})
	}
	half := math.Exp(s.student(c) * deviation)
	return v.With(Interval{Low: v.V / half, High: v.V * half, Method: "delta method, log"})
}

// loneSamples says why there is no variance if no class has two samples; empty if one has. Size is the number of samples
// of each class.
func loneSamples(size []int) string {
	for _, n := range size {
		if n > 1 {
			return ""
		}
	}
	return "no class has more than one sample"
}
