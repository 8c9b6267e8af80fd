package metric

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"sort"
)

// Binary is a problem of two classes with one score a sample: the logit (log-odds) of the positive class.
type Binary struct {
	classes [2]string // negative, positive
	scores  scores
	labels  []int
	size    [2]int     // samples of either class
	ranked  bool       // since it was needed
	sorted  [2]ranking // of either class
}

// scores are numbers that are wanted as float64.
type scores interface {
	len() int
	at(i int) float64
}

type (
	float64s []float64
	float32s []float32
)

func (s float64s) len() int         { return len(s) }
func (s float64s) at(i int) float64 { return s[i] }
func (s float32s) len() int         { return len(s) }
func (s float32s) at(i int) float64 { return float64(s[i]) }

// NewBinary checks the scores and the labels, which are 0 (negative) or 1. It holds on to both.
func NewBinary(scores []float64, labels []int, classes [2]string) (*Binary, error) {
	return checked(float64s(scores), labels, classes)
}

// NewBinary32 is NewBinary of scores in float32.
func NewBinary32(scores []float32, labels []int, classes [2]string) (*Binary, error) {
	return checked(float32s(scores), labels, classes)
}

func checked(scores scores, labels []int, classes [2]string) (*Binary, error) {
	if err := check(scores, 1, labels, 2); err != nil {
		return nil, err
	}
	return newBinary(scores, labels, classes), nil
}

func newBinary(scores scores, labels []int, classes [2]string) *Binary {
	b := &Binary{classes: classes, scores: scores, labels: labels}
	for _, y := range labels {
		b.size[y]++
	}
	return b
}

// check compares lengths and looks for scores that are not finite and labels out of range.
func check(scores scores, columns int, labels []int, classes int) error {
	if scores.len() != columns*len(labels) {
		return fmt.Errorf("metric: scores have %d rows, but there are %d labels", scores.len()/columns, len(labels))
	}
	if len(labels) > math.MaxInt32 {
		return fmt.Errorf("metric: %d samples, want at most %d", len(labels), math.MaxInt32)
	}
	for i := range scores.len() {
		if s := scores.at(i); s-s != 0 { // NaN or infinite
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

// Replica returns a copy to Draw samples of, which leaves b as it is.
func (b *Binary) Replica() *Binary {
	b.rank()
	c := *b
	for y, n := range c.size {
		c.sorted[y].weight = make([]uint32, n)
	}
	return &c
}

// Draw takes as many samples of each class as there are, each time one of them all. All figures are then those of the
// samples drawn.
func (b *Binary) Draw(r *rand.Rand) {
	for y := range b.sorted {
		redraw(b.sorted[y].weight, r)
	}
}

// redraw counts how often each of some things is drawn in as many draws.
func redraw(weight []uint32, r *rand.Rand) {
	clear(weight)
	for range weight {
		weight[r.Uint32N(uint32(len(weight)))]++
	}
}

// drawn reports whether some samples may count more often than others.
func (b *Binary) drawn() bool { return b.sorted[0].weight != nil }

// all yields the score and the class of every sample, as often as it was drawn.
func (b *Binary) all() iter.Seq2[float64, int] {
	return func(yield func(float64, int) bool) {
		if !b.drawn() {
			for i, y := range b.labels {
				if !yield(b.scores.at(i), y) {
					return
				}
			}
			return
		}
		for y := range b.sorted {
			r := &b.sorted[y]
			for i, w := range r.weight {
				for range w {
					if !yield(r.score(i), y) {
						return
					}
				}
			}
		}
	}
}

// oneClass says why figures are undefined that need samples of both classes; empty if there are.
func (b *Binary) oneClass() string {
	if b.size[1] == 0 {
		return "no positive samples"
	}
	if b.size[0] == 0 {
		return "no negative samples"
	}
	return ""
}

// AUC is the area under the ROC curve: the probability that a positive sample scores higher than a negative one,
// a tie being half a case.
//
// It is twice the statistic U of H. B. Mann, D. R. Whitney, "On a Test of Whether one of Two Random Variables is
// Stochastically Larger than the Other", Ann. Math. Stat. 18, 1947, over twice the number of pairs.
func (b *Binary) AUC() Value {
	if reason := b.oneClass(); reason != "" {
		return Value{Reason: reason}
	}
	won, below := uint64(0), 0
	b.groups(func(_ float64, positive, negative int) {
		won += uint64(positive) * uint64(2*below+negative)
		below += negative
	})
	return b.auc(won)
}

// auc is the area for twice the number of pairs that positive samples won.
func (b *Binary) auc(won uint64) Value {
	return Value{V: float64(won) / 2 / float64(b.size[1]) / float64(b.size[0])}
}

// AveragePrecision is the area under the precision-recall curve as a sum over its steps, without interpolation:
// Σ (Rᵢ − Rᵢ₋₁) Pᵢ over the distinct scores from the highest, where Pᵢ and Rᵢ are precision and recall of the samples
// that score at least as much. It is scikit-learn's average_precision_score.
func (b *Binary) AveragePrecision() Value {
	p := precisions{hits: b.size[1], n: len(b.labels)}
	b.groups(func(_ float64, positive, negative int) { p.add(positive, positive+negative) })
	return ratio(p.sum, float64(b.size[1]), "no positive samples")
}

// precisions sums precision over the positive samples, from the lowest score.
type precisions struct {
	hits, n int // positive and all samples that score at least as much
	sum     float64
}

func (p *precisions) add(positive, all int) {
	if p.n > 0 {
		p.sum += float64(positive) * float64(p.hits) / float64(p.n)
	}
	p.hits -= positive
	p.n -= all
}

// LogLoss is the mean of −log p of the true class. Unlike scikit-learn's it does not clip probabilities.
func (b *Binary) LogLoss() Value {
	sum := 0.0
	for s, y := range b.all() {
		if y == 0 {
			s = -s
		}
		sum += lossOf(s)
	}
	return meanLoss(sum, len(b.labels))
}

// lossOf is −log p as a function of the log-odds of p: log(1 + exp(−x)).
func lossOf(x float64) float64 { return max(-x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func meanLoss(sum float64, n int) Value {
	if math.IsInf(sum, 0) {
		return Value{Reason: "beyond the range of float64"}
	}
	return ratio(sum, float64(n), "no samples")
}

// Brier is the mean of (p − y)², with p the probability of the positive class and y the label (G. W. Brier,
// "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review 78, 1950, over both classes
// twice as much). It is scikit-learn's brier_score_loss.
func (b *Binary) Brier() Value {
	sum := 0.0
	for s, y := range b.all() {
		if y == 1 {
			s = -s
		}
		q := probability(s) // of the class that is false
		sum += q * q
	}
	return ratio(sum, float64(len(b.labels)), "no samples")
}

// probability has the log-odds x.
func probability(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// Confusion predicts the positive class where the score is greater than 0.
func (b *Binary) Confusion() Confusion {
	c := newConfusion(b.classes[:])
	if b.drawn() {
		for y := range b.sorted {
			r := &b.sorted[y]
			at := sort.Search(b.size[y], func(i int) bool { return r.score(i) > 0 })
			c.Count[y] = []int{r.drawn(0, at), r.drawn(at, b.size[y])}
		}
		return c
	}
	for s, y := range b.all() {
		predicted := 0
		if s > 0 {
			predicted = 1
		}
		c.Count[y][predicted]++
	}
	return c
}
