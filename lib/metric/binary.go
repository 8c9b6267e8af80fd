package metric

import (
	"fmt"
	"math"
)

// Binary is a problem of two classes with one score a sample: the logit (log-odds) of the positive class.
type Binary struct {
	classes [2]string // negative, positive
	scores  []float64
	labels  []int
	ranked  []scored // sorted, once it is needed
}

// NewBinary checks the scores and the labels, which are 0 (negative) or 1. It holds on to both.
func NewBinary(scores []float64, labels []int, classes [2]string) (*Binary, error) {
	if err := check(scores, 1, labels, 2); err != nil {
		return nil, err
	}
	return &Binary{classes: classes, scores: scores, labels: labels}, nil
}

// check compares lengths and looks for scores that are not finite and labels out of range.
func check(scores []float64, columns int, labels []int, classes int) error {
	if len(scores) != columns*len(labels) {
		return fmt.Errorf("metric: scores have %d rows, but there are %d labels", len(scores)/columns, len(labels))
	}
	for i, s := range scores {
		if math.IsNaN(s) || math.IsInf(s, 0) {
			if columns == 1 {
				return fmt.Errorf("metric: score of row %d is %v", i, s)
			}
			return fmt.Errorf("metric: score of row %d, column %d is %v", i/columns, i%columns, s)
		}
	}
	for i, y := range labels {
		if y < 0 || y >= classes {
			return fmt.Errorf("metric: label of row %d is %d, want 0 to %d", i, y, classes-1)
		}
	}
	return nil
}

func (b *Binary) rank() []scored {
	if b.ranked == nil {
		b.ranked = make([]scored, len(b.scores))
		for i, s := range b.scores {
			b.ranked[i] = scored{s, b.labels[i]}
		}
		sortByScore(b.ranked)
	}
	return b.ranked
}

// AUC is the area under the ROC curve: the probability that a positive sample scores higher than a negative one,
// a tie being half a case.
func (b *Binary) AUC() Value {
	positives := 0
	for _, y := range b.labels {
		positives += y
	}
	if positives == 0 {
		return Value{Reason: "no positive samples"}
	}
	if positives == len(b.labels) {
		return Value{Reason: "no negative samples"}
	}
	return Value{V: float64(wins(b.rank(), 2, 1)[0]) / 2 / float64(positives) / float64(len(b.labels)-positives)}
}

// AveragePrecision is the area under the precision-recall curve as a sum over its steps, without interpolation.
func (b *Binary) AveragePrecision() Value { return averagePrecision(b.rank(), 2, 1) }

// LogLoss is the mean of −log p of the true class. Unlike scikit-learn's it does not clip probabilities.
func (b *Binary) LogLoss() Value {
	sum := 0.0
	for i, s := range b.scores {
		if b.labels[i] == 0 {
			s = -s
		}
		sum += lossOf(s)
	}
	return meanLoss(sum, len(b.scores))
}

// lossOf is −log p as a function of the log-odds of p: log(1 + exp(−x)).
func lossOf(x float64) float64 { return max(-x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func meanLoss(sum float64, n int) Value {
	if math.IsInf(sum, 0) {
		return Value{Reason: "beyond the range of float64"}
	}
	return ratio(sum, float64(n), "no samples")
}

// Confusion predicts the positive class where the score is greater than 0.
func (b *Binary) Confusion() Confusion {
	c := newConfusion(b.classes[:])
	for i, s := range b.scores {
		predicted := 0
		if s > 0 {
			predicted = 1
		}
		c.Count[b.labels[i]][predicted]++
	}
	return c
}
