package loss

import "math"

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

// split returns the numbers of the positive and of the negative samples.
func split(positive []bool) (pos, neg []int) {
	for i, y := range positive {
		if y {
			pos = append(pos, i)
		} else {
			neg = append(neg, i)
		}
	}
	return pos, neg
}

// smoothAP is one minus average precision in which the indicator of a rank is a sigmoid of temperature t (A. Brown, W. Xie,
// V. Kalogeiton, A. Zisserman, "Smooth-AP: Smoothing the Path Towards Large-Scale Image Retrieval", ECCV 2020, eq. 8):
//
//	L = 1 − 1/|P| Σ_{i∈P} R(P,i)/R(P∪N,i),   R(S,i) = 1 + Σ_{j∈S, j≠i} σ((sⱼ − sᵢ)/t)
//
// Their t is 0.01, for scores that are cosines and so differ by 2 at most; logits have no such bound, and for them t = 1
// makes a step of the width that it has in a logistic loss. It takes O(|P|·n).
func smoothAP(t float64) binaryFunc {
	return func(s []float64, positive []bool, ds []float64) (float64, error) {
		pos, neg := split(positive)
		if len(pos) == 0 || len(neg) == 0 {
			return 0, ErrUndefined
		}
		clear(ds)
		total := 0.0
		for _, i := range pos {
			among, wrong := 1.0, 0.0
			for _, j := range pos {
				if j != i {
					among += sigmoid((s[j] - s[i]) / t)
				}
			}
			for _, j := range neg {
				wrong += sigmoid((s[j] - s[i]) / t)
			}
			all := among + wrong
			total += wrong / all // 1 − among/all without cancellation
			if ds == nil {
				continue
			}
			// d(wrong/all) = (among·dwrong − wrong·damong)/all²
			scale := 1 / (all * all * float64(len(pos)) * t)
			for _, j := range pos {
				if j != i {
					m := (s[j] - s[i]) / t
					d := -wrong * scale * sigmoid(m) * sigmoid(-m)
					ds[j] += d
					ds[i] -= d
				}
			}
			for _, j := range neg {
				m := (s[j] - s[i]) / t
				d := among * scale * sigmoid(m) * sigmoid(-m)
				ds[j] += d
				ds[i] -= d
			}
		}
		return total / float64(len(pos)), nil
	}
}
