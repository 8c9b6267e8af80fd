package loss

import (
	"fmt"
	"math"
	"slices"
)

// xent is the softmax cross entropy of any number of classes.
var xent = kind{
	name:    "xent",
	weights: true,
	classes: func(c Config, outputs int) (Loss, error) {
		if outputs < 2 {
			return nil, fmt.Errorf("loss: xent needs at least 2 outputs, got %d", outputs)
		}
		weights := c.ClassWeights
		if weights == nil {
			weights = slices.Repeat([]float64{1}, outputs)
		}
		if len(weights) != outputs {
			return nil, fmt.Errorf("loss: there are %d weights of classes, but %d outputs", len(weights), outputs)
		}
		return crossEntropy{weights}, nil
	},
}

// crossEntropy is the softmax cross entropy, averaged over a batch of samples with scores s and label y, each weighted by its
// class, and its gradient (C. M. Bishop, "Pattern Recognition and Machine Learning", Springer, 2006, eq. 4.62, 4.108, 4.109;
// with the weights as in PyTorch's CrossEntropyLoss(weight=…)):
//
//	L = 1/W Σ w_y log Σₖ exp(sₖ − s_y),  W = Σ w_y
//	dL/dsₖ = w_y (pₖ − [k = y])/W,  pₖ = exp(sₖ) / Σⱼ exp(sⱼ)
//
// Weights that are all 1 leave the mean, to the bit.
type crossEntropy struct{ weights []float64 } // of each class

// Grad is that of Loss.
func (l crossEntropy) Grad(b Batch, dscores [][]float32) (float64, error) {
	classes := len(l.weights)
	if err := checkBatch(b, dscores, classes, classes); err != nil {
		return 0, err
	}
	all := 0.0
	for _, y := range b.Labels {
		all += l.weights[y]
	}
	e := make([]float64, classes)
	sum := 0.0
	for i, s := range b.Scores {
		y := b.Labels[i]
		w := l.weights[y]
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
		sum += float64(w * (float64(s[top]) - float64(s[y]) + math.Log1p(rest)))
		if dscores == nil {
			continue
		}
		total := e[top] + rest
		for k := range s {
			dscores[i][k] = float32(w * (e[k] / total) / all)
		}
		dscores[i][y] = float32(-w * (wrong / total) / all) // p − 1 without cancellation
	}
	return sum / all, nil
}
