package metric

import "math"

// LogLoss is the mean of −log p of the true class. Unlike scikit-learn's it does not clip probabilities: where one is 0 it
// is undefined.
func (b *Binary) LogLoss(c Confidence) Value {
	return logLoss(len(b.labels), b.scale, b.loss, b.unknown, c)
}

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

// unknown says why the samples do not show how much the mean loss may vary; empty if they do.
func (b *Binary) unknown() string {
	for i, y := range b.labels {
		if (b.probability(i) > 0.5) != (y == 1) {
			return loneSamples(b.size[:])
		}
	}
	return noErrors
}

// noErrors is why the mean loss has no interval where all samples are predicted rightly: it would depend most on the few that
// are not.
const noErrors = "no sample is predicted wrongly"

// logLoss is the mean of the losses of n samples.
func logLoss(n int, scale Scale, of func(i int) float64, unknown func() string, c Confidence) Value {
	sum, impossible := 0.0, n // the first sample whose loss is infinite
	inOrder(n, of, func(i int, loss float64) {
		if math.IsInf(loss, 1) {
			impossible = min(impossible, i)
		}
		sum += loss
	})
	if impossible < n {
		try := "probabilities: numpy.clip(p.astype(float), 1e-15, 1 - 1e-15)"
		if scale == Logits { // those of about the same probabilities
			try = "the logits: numpy.clip(s, -34.5, 34.5)"
		}
		return undefined("row %d gives its class the probability 0; for a finite loss clip %s", impossible, try)
	}
	if math.IsInf(sum, 1) {
		return Value{Reason: beyondRange}
	}
	v := ratio(sum, float64(n), "no samples")
	return withMean(v, n, of, unknown, c, (*influences).above)
}

// withMean adds to a mean of n numbers its interval.
func withMean(v Value, n int, of func(i int) float64, unknown func() string, c Confidence, interval func(*influences, Value, Confidence) Value) Value {
	if c.Level == 0 || !v.Defined() {
		return v
	}
	if reason := unknown(); reason != "" {
		return v.With(Interval{Reason: reason})
	}
	var s influences
	inOrder(n, of, func(_ int, x float64) { s.add(1, (x-v.V)/float64(n)) })
	return interval(&s, v, c)
}

// Brier is the mean of (p − y)², with p the probability of the positive class and y the label (G. W. Brier,
// "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review 78, 1950, over both classes
// twice as much). It is scikit-learn's brier_score_loss.
func (b *Binary) Brier(c Confidence) Value {
	return brier(len(b.labels), func(i int) float64 {
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
	}, b.unknown, 1, c)
}

// brier is the mean of squares of n samples; no square is more than most.
func brier(n int, of func(i int) float64, unknown func() string, most float64, c Confidence) Value {
	sum := 0.0
	inOrder(n, of, func(_ int, square float64) { sum += square })
	v := ratio(sum, float64(n), "no samples")
	return withMean(v, n, of, unknown, c, func(s *influences, v Value, c Confidence) Value { return s.within(v, 0, most, c) })
}
