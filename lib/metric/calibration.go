package metric

import "math"

// Bin is a part of the probabilities, (Low, High], the lowest with its end, and the samples there.
type Bin struct {
	Low, High  float64
	Confidence float64 // the mean probability; NaN without samples
	Frequency  float64 // the share of samples that it came true for; NaN without samples
	Count      int
}

// Calibration sorts samples into bins of equal width by the probability of the positive class, which comes true where
// the sample is positive.
func (b *Binary) Calibration(bins int) []Bin {
	c := newCalibration(bins)
	for s, y := range b.all() {
		c.add(probability(s), y == 1, 1)
	}
	return c.mean()
}

// Calibration sorts samples into bins of equal width by the probability of the class that is predicted, which comes
// true where it is the sample's.
func (m *Multiclass) Calibration(bins int) []Bin {
	c := newCalibration(bins)
	for i, y := range m.labels {
		p := m.predicted[i]
		c.add(probability(m.logOdds[i*len(m.classes)+p]), y == p, m.weightOf(i))
	}
	return c.mean()
}

// calibration are bins that hold sums in place of means.
type calibration []Bin

func newCalibration(bins int) calibration {
	c := make(calibration, bins)
	for i := range c {
		c[i].Low, c[i].High = float64(i)/float64(bins), float64(i+1)/float64(bins)
	}
	return c
}

func (c calibration) add(p float64, cameTrue bool, times int) {
	at := max(0, min(len(c)-1, int(math.Ceil(p*float64(len(c))))-1))
	c[at].Count += times
	c[at].Confidence += float64(times) * p
	if cameTrue {
		c[at].Frequency += float64(times)
	}
}

func (c calibration) mean() []Bin {
	for i := range c {
		c[i].Confidence /= float64(c[i].Count) // 0/0 is NaN
		c[i].Frequency /= float64(c[i].Count)
	}
	return c
}

// CalibrationError is the expected calibration error: the mean over samples of |Confidence − Frequency| of their bin
// (M. Pakdaman Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning",
// AAAI 2015; bins of equal width, as in C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, eq. 3). It
// depends on the number of bins, and is biased upwards where bins have few samples.
func CalibrationError(bins []Bin) Value {
	sum, n := 0.0, 0
	for _, b := range bins {
		if b.Count > 0 {
			sum += float64(b.Count) * math.Abs(b.Confidence-b.Frequency)
			n += b.Count
		}
	}
	return ratio(sum, float64(n), "no samples")
}
