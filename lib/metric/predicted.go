package metric

// Predicted returns the class that the scores of a sample predict, from 0: that of the largest score, the first of equal ones,
// as numpy.argmax. A single score is that of class 1, which it predicts where its probability is more than one half: where
// a logit is greater than 0.
func Predicted[F float32 | float64](scores []F, scale Scale) int {
	if len(scores) == 1 {
		if predictsPositive(float64(scores[0]), scale) {
			return 1
		}
		return 0
	}
	best := 0
	for k, s := range scores {
		if s > scores[best] {
			best = k
		}
	}
	return best
}

// predictsPositive reports whether the score of the positive class predicts it.
func predictsPositive(score float64, scale Scale) bool { return score > threshold(scale) }

// threshold is what scores of the positive class are above that predict it.
func threshold(scale Scale) float64 {
	if scale == Probabilities {
		return 0.5
	}
	return 0
}
