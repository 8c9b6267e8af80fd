package metric

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"backdrop/lib/parallel"
	"backdrop/lib/rng"
)

// gaps are the differences of confidence and frequency in bins, for the interval of their mean size.
//
// That mean is biased upwards: where confidence is right, the gap that samples show is chance alone, and its size counts.
// Percentiles of an ordinary bootstrap would add the bias once more. Here labels are drawn anew instead, for every sample,
// from the probabilities themselves (consistency resampling: J. Bröcker, L. A. Smith, "Increasing the Reliability of
// Reliability Diagrams", Weather and Forecasting 22, 2007). The error of that many samples whose probabilities are right
// bounds what the measured error may exceed the true one by: |gap + chance| − |gap| is never more than |chance|. In bins
// whose gap is beyond doubt, chance has either sign, and labels are drawn with the frequency there. In the other
// direction, |gap| − |gap + chance| is never more than chance itself, which is normal.
type gaps struct {
	n    int
	bins []gap
}

// gap is a bin with samples.
type gap struct {
	count int
	sign  float64 // of confidence − frequency
	clear bool    // it is beyond doubt
	shift float64 // from the probabilities to the frequency, as if one more sample had come true with the bin's confidence

	right, shifted float64 // variances of the number that comes true, if the probabilities are right, or shifted

	each     []float64  // the probabilities of a few samples
	unlikely [2]float64 // of many samples: how many improbable ones are expected to come true, and probable ones not to
}

const (
	beyondDoubt = 3  // deviations from 0
	fewSamples  = 50 // whose labels are drawn one by one
	muchChance  = 10 // the variance from which on the number that come true, of many, is taken for normal
)

// newGaps takes the forecasts, and the bins that they were sorted into.
func newGaps(f forecasts, sorted []Bin) *gaps {
	all := make([]gap, len(sorted))
	inOrder(f.n, f.p, func(_ int, p float64) { all[binOf(p, len(sorted))].right += p * (1 - p) })
	for i, b := range sorted {
		g := &all[i]
		difference, n := b.Confidence-b.Frequency, float64(b.Count)
		g.count = b.Count
		g.sign = math.Copysign(1, difference)
		g.clear = n*math.Abs(difference) > beyondDoubt*math.Sqrt(g.right)
		g.shift = -difference * n / (n + 1)
	}
	inOrder(f.n, f.p, func(_ int, p float64) { all[binOf(p, len(sorted))].add(p) })
	return &gaps{f.n, slices.DeleteFunc(all, func(g gap) bool { return g.count == 0 })}
}

// add takes in the probability of a sample.
func (g *gap) add(p float64) {
	shifted := max(0, min(1, p+g.shift))
	g.shifted += shifted * (1 - shifted)
	if g.clear {
		p = shifted
	}
	switch {
	case g.count <= fewSamples:
		g.each = append(g.each, p)
	case p < 0.5:
		g.unlikely[0] += p
	default:
		g.unlikely[1] += 1 - p
	}
}

// variance is that of what chance adds to the number of samples that come true.
func (g *gap) variance() float64 {
	if g.clear {
		return g.shifted
	}
	return g.right
}

// chance draws that number.
func (g *gap) chance(r *rand.Rand) float64 {
	if v := g.variance(); g.count > fewSamples && v >= muchChance {
		return math.Sqrt(v) * r.NormFloat64()
	}
	sum := 0.0
	for _, p := range g.each {
		sum -= p
		if r.Float64() < p {
			sum++
		}
	}
	for i, sign := range []float64{1, -1} {
		if rate := g.unlikely[i]; rate > 0 {
			sum += sign * (distuv.Poisson{Lambda: rate, Src: r}.Rand() - rate)
		}
	}
	return sum
}

// interval is that of the error, which the gaps make.
func (g *gaps) interval(e float64, c Confidence) Interval {
	n, z := float64(g.n), c.deviations()
	labels, places := 0.0, -n*e*e // variances of n errors: by labels, and by the bins that samples fall into
	for _, b := range g.bins {
		places += float64(b.count) * b.shift * b.shift
		if labels += b.shifted; !b.clear {
			labels += max(0, b.right-b.shifted)
		}
	}
	places = max(0, places)
	least := z * n / (n + z*z) // as Wilson's interval has of n samples that are all alike
	down := math.Hypot(g.excess(c), z*math.Sqrt(places)) / n
	up := z * math.Sqrt(labels+places+least*least) / n
	return Interval{Low: max(0, e-down), High: min(1, e+up), Method: "bootstrap, labels"}
}

// excess is by how much the measured error, times n, exceeds the true one in replicates: the quantile at the upper end of the
// interval.
// Replicate r draws from the stream (seed, rng.Bootstrap, r), on whichever thread.
func (g *gaps) excess(c Confidence) float64 {
	drawn := make([]float64, c.Replicates)
	parallel.All(c.Replicates, func(i int) {
		r := rng.New(c.Seed, rng.Bootstrap, uint64(i))
		for k := range g.bins {
			b := &g.bins[k]
			if chance := b.chance(r); b.clear {
				drawn[i] -= b.sign * chance
			} else {
				drawn[i] += math.Abs(chance)
			}
		}
	})
	slices.Sort(drawn)
	return stat.Quantile((1+c.Level)/2, stat.Empirical, drawn, nil)
}
