package metric

import "math"

// LogLoss is the mean of −log p of the true class. Unlike scikit-learn's it does not clip probabilities: where one is 0 it
// is undefined.
func (b *Binary) LogLoss(c Confidence) Value { return logLoss(len(b.labels), b.size[:], b.loss, c) }

// loss is −log p of the true class of a sample.
func (b *Binary) loss(i int) float64 {
	s, y := b.scores.at(i), b.labels[i]
	switch {
	case b.scale == Logits && y == 1:
		return lossOf(s)
	case b.scale == Logits:
		return lossOf(-s)
	case y == 1:
		return -math.Log(s)
	case b.rest != nil:
		return -math.Log(b.rest.at(i))
	}
	return -math.Log1p(-s)
}

// lossOf is −log p as a function of the log-odds of p: log(1 + exp(−x)).
func lossOf(x float64) float64 { return max(-x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// logLoss is the mean of the losses of n samples, of classes of these sizes.
func logLoss(n int, size []int, of func(i int) float64, c Confidence) Value {
	sum := 0.0
	for i := range n {
		loss := of(i)
		if math.IsInf(loss, 1) {
			return undefined("row %d gives its class the probability 0; for a finite loss clip probabilities: numpy.clip(p.astype(float), 1e-15, 1 - 1e-15)", i)
		}
		sum += loss
	}
	if math.IsInf(sum, 1) {
		return Value{Reason: "beyond the range of float64"}
	}
	v := ratio(sum, float64(n), "no samples")
	return withMean(v, n, size, of, c, (*influences).above)
}

// withMean adds to a mean of n numbers its interval.
func withMean(v Value, n int, size []int, of func(i int) float64, c Confidence, interval func(*influences, Value, Confidence) Value) Value {
	if c.Level == 0 || !v.Defined() {
		return v
	}
	if reason := loneSamples(size); reason != "" {
		return v.With(Interval{Reason: reason})
	}
	var s influences
	for i := range n {
		s.add(1, (of(i)-v.V)/float64(n))
	}
	return interval(&s, v, c)
}

// Brier is the mean of (p − y)², with p the probability of the positive class and y the label (G. W. Brier,
// "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review 78, 1950, over both classes
// twice as much). It is scikit-learn's brier_score_loss.
func (b *Binary) Brier(c Confidence) Value {
	return brier(len(b.labels), b.size[:], func(i int) float64 {
		s, y := b.scores.at(i), b.labels[i]
		switch {
		case b.scale == Probabilities:
			s -= float64(y)
		case y == 1:
			s = probability(-s)
		default:
			s = probability(s)
		}
		return s * s
	}, 1, c)
}

// brier is the mean of the squares of n samples, of classes of these sizes, none more than most.
func brier(n int, size []int, of func(i int) float64, most float64, c Confidence) Value {
	sum := 0.0
	for i := range n {
		sum += of(i)
	}
	v := ratio(sum, float64(n), "no samples")
	return withMean(v, n, size, of, c, func(s *influences, v Value, c Confidence) Value { return s.within(v, 0, most, c) })
}
