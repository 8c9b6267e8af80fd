package metric

import (
	"math"
	"slices"
)

// ByClass appends to dst the scores of a sample by class. Several are so already. A single one is that of class 1: a logit gets 0
// beside it, for class 0, so that the difference is the log-odds, and a probability what is left to 1.
func ByClass[F float32 | float64](dst []float64, scores []F, scale Scale) []float64 {
	if len(scores) == 1 {
		s := float64(scores[0])
		if scale == Probabilities {
			return append(dst, 1-s, s)
		}
		return append(dst, 0, s)
	}
	for _, s := range scores {
		dst = append(dst, float64(s))
	}
	return dst
}

// Against returns the scores of all classes but one, taken as one, and of that one.
func Against(scores []float64, scale Scale, class int) [2]float64 {
	rest := slices.Delete(slices.Clone(scores), class, class+1)
	if scale == Logits {
		return [2]float64{logSum(rest), scores[class]}
	}
	sum := 0.0
	for _, p := range rest {
		sum += p
	}
	return [2]float64{sum, scores[class]}
}

// logSum is log Σ exp(s).
func logSum(logits []float64) float64 {
	top := slices.Max(logits)
	if math.IsInf(top, 0) {
		return top
	}
	sum := 0.0
	for _, s := range logits {
		sum += math.Exp(s - top)
	}
	return top + math.Log(sum)
}

// Softmax overwrites finite logits of one sample with the probabilities of its classes, which sum to 1 but for rounding.
func Softmax(logits []float64) {
	top, sum := slices.Max(logits), 0.0
	for k, s := range logits {
		logits[k] = math.Exp(s - top)
		sum += logits[k]
	}
	for k := range logits {
		logits[k] /= sum
	}
}

// SampleLoss is −log p of a class, by the scores of one sample: what LogLoss is the mean of, if the class is the true one. It is
// +Inf where the probability is 0.
func SampleLoss(scores []float64, scale Scale, class int) float64 {
	if scale == Probabilities {
		return 0 - math.Log(max(0, min(1, scores[class]))) // not -0
	}
	best := Predicted(scores, Logits)
	if top := scores[best]; math.IsInf(top, 1) {
		if class == best {
			return 0
		}
		return math.Inf(1)
	}
	rest := 0.0 // Σ exp(s − top) of all but the largest
	for k, s := range scores {
		if k != best {
			rest += math.Exp(s - scores[best])
		}
	}
	return scores[best] - scores[class] + math.Log1p(rest)
}
