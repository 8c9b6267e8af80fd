package loss

import "math"

// aucLogistic is the mean over all pairs of a positive and a negative sample of the logistic loss of their margin.
var aucLogistic = kind{
	name:   "auc-logistic",
	both:   true,
	binary: func(Config, float64) binaryFunc { return allPairs(logistic) },
}

// aucSigmoid is the mean over all pairs of a smooth step of their margin.
var aucSigmoid = kind{
	name:   "auc-sigmoid",
	both:   true,
	binary: func(Config, float64) binaryFunc { return allPairs(sigmoidal) },
}

// pairFunc is a function of the margin a − b of a pair, and its derivative.
type pairFunc func(margin float64) (value, slope float64)

// logistic is log(1 + exp(−m)), the pairwise loss of C. Burges et al., "Learning to Rank using Gradient Descent", ICML
// 2005, eq. 3 for pairs that are known to be in order.
func logistic(m float64) (float64, float64) {
	e := math.Exp(-math.Abs(m))
	slope := -e / (1 + e) // −σ(−m) for m ≥ 0
	if m < 0 {
		slope = -1 / (1 + e)
	}
	return max(-m, 0) + math.Log1p(e), slope
}

// sigmoidal is σ(−m), a smooth step: its mean is a smooth one minus the area under the ROC curve (A. Herschtal, B.
// Raskutti, "Optimising Area Under the ROC Curve Using Gradient Descent", ICML 2004, eq. 5; L. Yan et al., "Optimizing
// Classifier Performance via an Approximation to the Wilcoxon-Mann-Whitney Statistic", ICML 2003).
func sigmoidal(m float64) (float64, float64) {
	p := sigmoid(-m)
	return p, -p * sigmoid(m)
}

// pairBlock is the number of samples of each class whose pairs are taken at a time: their scores and gradients (4 ×
// 4 KiB) stay in first-level cache.
const pairBlock = 512

// allPairs is the mean of f over all pairs of a positive and a negative score, every pair computed.
func allPairs(f pairFunc) binaryFunc {
	return func(s []float64, positive []bool, ds []float64) (float64, error) {
		pos, neg := split(positive)
		if len(pos) == 0 || len(neg) == 0 {
			return 0, ErrUndefined
		}
		clear(ds)
		total := 0.0
		for p := 0; p < len(pos); p += pairBlock {
			for n := 0; n < len(neg); n += pairBlock {
				total += pairSums(f, s, pos[p:min(p+pairBlock, len(pos))], neg[n:min(n+pairBlock, len(neg))], ds)
			}
		}
		pairs := float64(len(pos)) * float64(len(neg))
		for i := range ds {
			ds[i] /= pairs
		}
		return total / pairs, nil
	}
}

// pairSums returns the sum of f over pairs and, unless ds is nil, adds the sums of its derivatives.
func pairSums(f pairFunc, s []float64, pos, neg []int, ds []float64) float64 {
	total := 0.0
	for _, i := range pos {
		sum := 0.0
		for _, j := range neg {
			value, slope := f(s[i] - s[j])
			total += value
			if ds != nil {
				sum += slope
				ds[j] -= slope
			}
		}
		if ds != nil {
			ds[i] += sum
		}
	}
	return total
}
