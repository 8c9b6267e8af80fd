package loss

import (
	"math"
	"slices"

	"backdrop/lib/finite"
)

// binaryFunc is a loss of two classes: of logits s [N] and of whether each sample is positive. Unless ds is nil it
// overwrites ds with the gradient.
type binaryFunc func(s []float64, positive []bool, ds []float64) (float64, error)

// binary brings a batch into the form of a binaryFunc and its gradient back.
type binary struct {
	outputs  int // 1, or 2: then the logit is their difference
	f        binaryFunc
	s, ds    []float64
	positive []bool
}

// Grad is that of Loss.
func (l *binary) Grad(b Batch, dscores [][]float32) (float64, error) {
	if err := checkBatch(b, dscores, l.outputs, 2); err != nil {
		return 0, err
	}
	n := len(b.Scores)
	l.s, l.ds, l.positive = slices.Grow(l.s[:0], n), slices.Grow(l.ds[:0], n), slices.Grow(l.positive[:0], n)
	for i, s := range b.Scores {
		logit := float64(s[0])
		if l.outputs == 2 {
			logit = float64(s[1]) - float64(s[0])
		}
		if !finite.Is(logit) {
			return math.NaN(), nil
		}
		l.s, l.ds, l.positive = append(l.s, logit), append(l.ds, 0), append(l.positive, b.Labels[i] == 1)
	}
	if dscores == nil {
		return l.f(l.s, l.positive, nil)
	}
	value, err := l.f(l.s, l.positive, l.ds)
	for i, d := range l.ds {
		dscores[i][l.outputs-1] = float32(d)
		if l.outputs == 2 {
			dscores[i][0] = float32(-d)
		}
	}
	return value, err
}

// count returns the number of positive and of negative samples.
func count(positive []bool) (p, n int) {
	for _, y := range positive {
		if y {
			p++
		}
	}
	return p, len(positive) - p
}

// sigmoid is 1/(1+exp(-x)), without overflow.
func sigmoid(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}

// softplus is log(1+exp(x)), without overflow.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

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
