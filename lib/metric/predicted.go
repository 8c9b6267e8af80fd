package metric

// Predicted is the class that the scores of a sample predict: that of the largest score, the first of equal ones, as
// numpy.argmax. A single score is that of class 1, which it predicts where its probability is more than one half.
func Predicted[F float32 | float64](scores []F, scale Scale) int {
	if len(scores) == 1 {
		return predictedOf(float64(scores[0]), scale)
	}
	best := 0
	for class, s := range scores {
		if s > scores[best] {
			best = class
		}
	}
	return best
}

// predictedOf is the class, 1 or 0, that a single score predicts: 1 where a logit is greater than 0.
func predictedOf(score float64, scale Scale) int {
	even := 0.0
	if scale == Probabilities {
		even = 0.5
	}
	if score > even {
		return 1
	}
	return 0
}
