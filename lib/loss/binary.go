package loss

import (
	"math"
	"slices"
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
		if logit-logit != 0 { // NaN or infinite
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

// weightedBCE is the binary cross entropy of logits, averaged over the batch, in which a positive sample counts w times,
// as pos_weight of PyTorch's BCEWithLogitsLoss (C. M. Bishop, "Pattern Recognition and Machine Learning", Springer,
// 2006, eq. 4.90):
//
//	L = 1/n Σ w·y·log(1 + exp(−s)) + (1−y)·log(1 + exp(s))
func weightedBCE(w float64) binaryFunc {
	return func(s []float64, positive []bool, ds []float64) (float64, error) {
		n := float64(len(s))
		sum := 0.0
		for i, v := range s {
			weight, sign := 1.0, 1.0
			if positive[i] {
				weight, sign = w, -1
			}
			sum += weight * softplus(sign*v)
			if ds != nil {
				ds[i] = weight * sign * sigmoid(sign*v) / n
			}
		}
		return sum / n, nil
	}
}

// softF is one minus the F-measure in which a sample counts as predicted positive with its probability p = σ(s):
//
//	L = 1 − (1+β²) Σ p·y / (Σ p + β² Σ y)
//
// (M. Jansche, "Maximum Expected F-Measure Training of Logistic Regression Models", HLT/EMNLP 2005, eq. 10). Without
// positive samples it would be 1 for every score: it is undefined, as the F-measure is.
func softF(beta float64) binaryFunc {
	return func(s []float64, positive []bool, ds []float64) (float64, error) {
		p, _ := count(positive)
		if p == 0 {
			return 0, ErrUndefined
		}
		b := beta * beta
		var hits, predicted float64
		for i, v := range s {
			p := sigmoid(v)
			predicted += p
			if positive[i] {
				hits += p
			}
		}
		total := predicted + b*float64(p)
		if total == 0 { // every probability underflows, and β² does
			return 1, nil
		}
		f := (1 + b) * hits / total
		for i := range ds {
			y := 0.0
			if positive[i] {
				y = 1
			}
			ds[i] = -((1+b)*y - f) / total * sigmoid(s[i]) * sigmoid(-s[i])
		}
		return 1 - f, nil
	}
}
