package loss

import "cmp"

// bce is the binary cross entropy, with a weight of the positive class.
var bce = kind{
	name:   "bce",
	takes:  []option{positiveWeight},
	binary: func(c Config, _ float64) binaryFunc { return weightedBCE(cmp.Or(c.PositiveWeight, 1)) },
}

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
			sum += float64(weight * softplus(sign*v))
			if ds != nil {
				ds[i] = weight * sign * sigmoid(sign*v) / n
			}
		}
		return sum / n, nil
	}
}
