package metric

import "math"

// Bin is an interval of probabilities, (Low, High], the lowest with both its ends, and the samples there.
type Bin struct {
	Low, High  float64 // its ends
	Confidence float64 // the mean probability; NaN without samples
	Frequency  float64 // the share of samples that it came true for; NaN without samples
	Count      int     // of samples
}

// forecasts are n probabilities, each of which came true or did not.
type forecasts struct {
	n        int
	p        func(i int) float64
	cameTrue func(i int) bool
}

// forecasts of the positive class come true where the sample is positive.
func (b *Binary) forecasts() forecasts {
	return forecasts{len(b.labels), b.probability, func(i int) bool { return b.labels[i] == 1 }}
}

// forecasts of the class that is predicted come true where it is the sample's.
func (m *Multiclass) forecasts() forecasts {
	return forecasts{
		len(m.labels),
		func(i int) float64 { return m.probability(i, m.predicted[i]) },
		func(i int) bool { return m.labels[i] == m.predicted[i] },
	}
}

// Calibration sorts samples into bins of equal width by the probability of the positive class, which comes true where
// the sample is positive.
func (b *Binary) Calibration(bins int) []Bin { return b.forecasts().bins(bins) }

// Calibration sorts samples into bins of equal width by the probability of the class that is predicted, which comes
// true where it is the sample's.
func (m *Multiclass) Calibration(bins int) []Bin { return m.forecasts().bins(bins) }

// binOf is the number of the bin, of that many, that a probability lies in.
func binOf(p float64, bins int) int { return max(0, min(bins-1, int(math.Ceil(p*float64(bins)))-1)) }

func (f forecasts) bins(bins int) []Bin {
	c := make([]Bin, bins)
	for i := range c {
		c[i].Low, c[i].High = float64(i)/float64(bins), float64(i+1)/float64(bins)
	}
	inOrder(f.n, f.p, func(i int, p float64) {
		at := binOf(p, bins)
		c[at].Count++
		c[at].Confidence += p
		if f.cameTrue(i) {
			c[at].Frequency++
		}
	})
	for i := range c {
		c[i].Confidence /= float64(c[i].Count) // 0/0 is NaN
		c[i].Frequency /= float64(c[i].Count)
	}
	return c
}

// CalibrationError is the expected calibration error of the positive class: the mean over samples of
// |Confidence − Frequency| of their bin (M. Pakdaman Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining Well Calibrated
// Probabilities Using Bayesian Binning", AAAI 2015; bins of equal width, as in C. Guo et al., "On Calibration of Modern
// Neural Networks", ICML 2017, eq. 3). It depends on the number of bins, and is biased upwards where bins have few samples.
//
// Its interval is that of the error that these bins have with all samples there could be.
func (b *Binary) CalibrationError(bins int, c Confidence) Value {
	return b.forecasts().calibrationError(bins, b.size[:], c)
}

// CalibrationError is the expected calibration error of the class that is predicted, as Binary's.
func (m *Multiclass) CalibrationError(bins int, c Confidence) Value {
	return m.forecasts().calibrationError(bins, m.support, c)
}

func (f forecasts) calibrationError(bins int, size []int, c Confidence) Value {
	sorted := f.bins(bins)
	sum := 0.0
	for _, b := range sorted {
		if b.Count > 0 {
			sum += float64(b.Count) * math.Abs(b.Confidence-b.Frequency)
		}
	}
	v := ratio(sum, float64(f.n), "no samples")
	if c.Level == 0 || !v.Defined() {
		return v
	}
	if reason := loneSamples(size); reason != "" {
		return v.With(Interval{Reason: reason})
	}
	return v.With(newGaps(f, sorted).interval(v.V, c))
}
