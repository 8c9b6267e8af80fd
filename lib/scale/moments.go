package scale

import (
	"math"

	"backdrop/lib/pixels"
)

// Moments are what is known of the values of each channel.
type Moments []Channel

// Channel is what is known of the values of one channel.
type Channel struct {
	Mean      float64 // of all values
	Magnitude float64 // mean of the absolute values
	Min, Max  float32 // the smallest and the largest value

	count   float64
	squares float64 // Σ (v − Mean)²
}

// NewMoments returns the moments of no values.
func NewMoments(channels int) Moments { return make(Moments, channels) }

// Add takes in a sample of count pixels a channel. It computes its own moments in two passes, and merges them into the moments
// so far; not of one that a pixels.Reading has ended.
func (m Moments) Add(x pixels.Source, count int) {
	if count == 0 {
		return
	}
	own := make([]parts, len(m))
	whole := pixels.Scan(x, len(m), count, func(c, first int, values []float32) bool {
		if first == 0 {
			own[c].low, own[c].high = values[0], values[0]
		}
		own[c].sums(values)
		return true
	})
	for c := range own {
		own[c].mean = own[c].sum / float64(count)
	}
	whole = whole && pixels.Scan(x, len(m), count, func(c, _ int, values []float32) bool {
		own[c].distances(values)
		return true
	})
	if !whole {
		return
	}
	for c := range m {
		m[c].merge(own[c], float64(count))
	}
}

// parts are the sums of one channel of one sample.
type parts struct {
	low, high                    float32
	sum, absolute, mean, squares float64
}

func (p *parts) sums(values []float32) {
	low, high, sum, absolute := p.low, p.high, p.sum, p.absolute
	for _, v := range values {
		if v < low {
			low = v
		}
		if v > high {
			high = v
		}
		sum += float64(v)
		absolute += math.Abs(float64(v))
	}
	p.low, p.high, p.sum, p.absolute = low, high, sum, absolute
}

func (p *parts) distances(values []float32) {
	squares, mean := p.squares, p.mean
	for _, v := range values {
		d := float64(v) - mean
		squares += float64(d * d)
	}
	p.squares = squares
}

// merge takes in n values by the pairwise formulas of T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms for Computing the
// Sample Variance: Analysis and Recommendations", The American Statistician 37, 1983, eq. 2.1. So nothing cancels, however far
// the mean lies from zero.
func (c *Channel) merge(p parts, n float64) {
	if c.count == 0 {
		*c = Channel{Mean: p.mean, Magnitude: p.absolute / n, Min: p.low, Max: p.high, count: n, squares: p.squares}
		return
	}
	all, d := c.count+n, p.mean-c.Mean
	c.Mean += d * n / all
	c.Magnitude += (p.absolute/n - c.Magnitude) * n / all
	c.squares += p.squares + d*d*c.count*n/all
	c.count = all
	c.Min, c.Max = min(c.Min, p.low), max(c.Max, p.high)
}

// Deviation is the standard deviation, with all values in the denominator. It is 0 if and only if the channel is
// constant, unless it is too small for a float32.
func (c Channel) Deviation() float64 {
	if c.Constant() || c.count == 0 {
		return 0
	}
	return math.Sqrt(c.squares / c.count)
}

// Constant reports whether all values are the same.
func (c Channel) Constant() bool { return c.Min == c.Max }

// What is of order one, by an experiment: a small convolutional network with PyTorch's initial weights and bdtrain's defaults
// had to tell two textures apart (accuracy above 0.8 on five seeds). It did with deviations from 0.01 to 100, and not at all
// with 0.001. It did with a mean of up to 3 deviations, on some seeds with 4 and 5, and on none with 10. It did beside a
// constant channel of up to 3, and hardly beside one of 5. Values in [0, 1] are of order one unless they are pale or nearly
// all alike.
const (
	leastDeviation = 0.1
	mostDeviation  = 10
	farthestMean   = 3 // in deviations; of a constant channel, as it is
)

// OrderOne reports whether channel c is of order one once it is normalised by n: its deviation lies between 0.1 and 10, and
// its mean at most 3 deviations from 0. A constant channel is of order one if it is at most 3 from 0.
func (m Moments) OrderOne(c int, n Normalisation) bool {
	shift, std := n.Of(c)
	mean, d := math.Abs(m[c].Mean-float64(shift))/float64(std), m[c].Deviation()/float64(std)
	if m[c].Constant() {
		return mean <= farthestMean
	}
	return leastDeviation <= d && d <= mostDeviation && mean <= farthestMean*d
}

// Odd returns the channels that are not of order one once they are normalised by n.
func (m Moments) Odd(n Normalisation) []int {
	var odd []int
	for c := range m {
		if !m.OrderOne(c, n) {
			odd = append(odd, c)
		}
	}
	return odd
}

// Normalisation returns what brings each channel to mean 0 and deviation 1. A constant channel has no deviation to divide by:
// it stays as it is if it is of order one, and becomes 0 otherwise, because a large constant drowns all else that a network
// sees.
func (m Moments) Normalisation() Normalisation {
	var n Normalisation
	for i, c := range m {
		mean, std := float32(c.Mean), float32(c.Deviation())
		switch {
		case std > 0:
		case m.OrderOne(i, Normalisation{}):
			mean, std = 0, 1
		default:
			std = 1
		}
		n.Mean, n.Std = append(n.Mean, mean), append(n.Std, std)
	}
	return n
}
