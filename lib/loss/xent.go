package loss

import (
	"fmt"
	"math"
)

// xent is the softmax cross entropy of any number of classes.
var xent = kind{
	name: "xent",
	classes: func(outputs int) (Loss, error) {
		if outputs < 2 {
			return nil, fmt.Errorf("loss: xent needs at least 2 outputs, got %d", outputs)
		}
		return crossEntropy{outputs}, nil
	},
}

// crossEntropy is the softmax cross entropy, averaged over the batch of n samples with scores s and label y, and its
// gradient (C. M. Bishop, "Pattern Recognition and Machine Learning", Springer, 2006, eq. 4.62, 4.108, 4.109):
//
//	L = 1/n Σ log Σₖ exp(sₖ − s_y)
//	dL/dsₖ = (pₖ − [k = y])/n,  pₖ = exp(sₖ) / Σⱼ exp(sⱼ)
type crossEntropy struct{ classes int }

// Grad is that of Loss.
func (l crossEntropy) Grad(b Batch, dscores [][]float32) (float64, error) {
	if err := checkBatch(b, dscores, l.classes, l.classes); err != nil {
		return 0, err
	}
	n := float64(len(b.Scores))
	e := make([]float64, l.classes)
	sum := 0.0
	for i, s := range b.Scores {
		y := b.Labels[i]
		top := 0 // the largest score, which keeps the exponentials in range; a NaN stays in e
		for k, v := range s {
			if v > s[top] {
				top = k
			}
		}
		var rest, wrong float64 // Σ e over all but the top score, and over all but the label's
		for k, v := range s {
			e[k] = math.Exp(float64(v) - float64(s[top]))
			if k != top {
				rest += e[k]
			}
			if k != y {
				wrong += e[k]
			}
		}
		sum += float64(s[top]) - float64(s[y]) + math.Log1p(rest)
		if dscores == nil {
			continue
		}
		total := e[top] + rest
		for k := range s {
			dscores[i][k] = float32(e[k] / total / n)
		}
		dscores[i][y] = float32(-wrong / total / n) // p − 1 without cancellation
	}
	return sum / n, nil
}
