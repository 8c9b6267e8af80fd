package loss

import "backdrop/lib/finite"

// softFs are the losses soft-fB, with β behind their name: soft-f1 is for F1.
var softFs = kind{
	name:    "soft-f",
	number:  "B",
	listed:  []string{"soft-f1"},
	accepts: func(beta float64) bool { return beta > 0 && finite.Is(beta*beta) },
	binary:  func(_ Config, beta float64) binaryFunc { return softF(beta) },
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
		b := float64(beta * beta)
		var hits, predicted float64
		for i, v := range s {
			p := sigmoid(v)
			predicted += p
			if positive[i] {
				hits += p
			}
		}
		total := predicted + float64(b*float64(p))
		if total == 0 { // every probability underflows, and β² does
			return 1, nil
		}
		f := (1 + b) * hits / total
		for i := range ds {
			y := 0.0
			if positive[i] {
				y = 1
			}
			ds[i] = -(float64((1+b)*y) - f) / total * sigmoid(s[i]) * sigmoid(-s[i])
		}
		return 1 - f, nil
	}
}
