package metric

import "math"

// Scale says what scores are.
type Scale uint8

const (
	Logits        Scale = iota // log-odds, or a logit for each class
	Probabilities              // of the positive class, or of each class
)

// Binary is a problem of two classes with one score a sample, for the positive class.
type Binary struct {
	classes [2]string // negative, positive
	scale   Scale
	scores  scores
	rest    scores // probabilities of the negative class; nil: 1 less that of the positive one
	labels  []int
	seen
	size  [2]int // samples of either class
	ranks ranks  // nil until it is needed
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

// clipped are probabilities, some of which rounding moved out of [0, 1].
type clipped struct{ scores }

func (c clipped) at(i int) float64 { return max(0, min(1, c.scores.at(i))) }

// NewBinary checks the scores and the labels, which are 0 (negative) or 1. It holds on to both. Probabilities that rounding
// moved out of [0, 1] count as 0 or 1.
func NewBinary[F float32 | float64](values []F, scale Scale, labels []int, classes [2]string) (*Binary, error) {
	var s scores
	switch values := any(values).(type) {
	case []float32:
		s = float32s(values)
	case []float64:
		s = float64s(values)
	}
	if err := checkLengths(s, 1, labels); err != nil {
		return nil, err
	}
	seen := survey(values, scale, labels)
	if seen.bad {
		if err := check(s, scale, 1, labels, 2); err != nil { // which it is, unless the file has changed since
			return nil, err
		}
	}
	if scale == Probabilities && (seen.low < 0 || seen.high > 1) {
		s = clipped{s}
	}
	return newBinary(s, scale, labels, classes, seen), nil
}

func newBinary(scores scores, scale Scale, labels []int, classes [2]string, seen seen) *Binary {
	size := [2]int{seen.counts[0][0] + seen.counts[0][1], seen.counts[1][0] + seen.counts[1][1]}
	return &Binary{classes: classes, scale: scale, scores: scores, labels: labels, seen: seen, size: size}
}

// oneClass says why figures that need samples of both classes are undefined; empty if there are samples of both.
func (b *Binary) oneClass() string {
	if b.size[1] == 0 {
		return "no positive samples"
	}
	if b.size[0] == 0 {
		return "no negative samples"
	}
	return ""
}

// oneSample says why figures that rank both classes have no variance: one has only one sample; empty if neither has.
func (b *Binary) oneSample() string {
	if b.size[1] == 1 {
		return "only one positive sample"
	}
	if b.size[0] == 1 {
		return "only one negative sample"
	}
	return ""
}

// probability returns the probability that has the log-odds x.
func probability(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// probability is that of the positive class.
func (b *Binary) probability(i int) float64 {
	if b.scale == Probabilities {
		return b.scores.at(i)
	}
	return probability(b.scores.at(i))
}

// Confusion counts samples by their class and the one that is Predicted.
func (b *Binary) Confusion() Confusion {
	c := newConfusion(b.classes[:])
	for y := range b.counts {
		copy(c.Count[y], b.counts[y][:])
	}
	return c
}
