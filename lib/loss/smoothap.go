package loss

import "cmp"

// smoothAPs is a smooth average precision, with a temperature.
var smoothAPs = kind{
	name:   "smooth-ap",
	both:   true,
	takes:  []option{temperature},
	binary: func(c Config, _ float64) binaryFunc { return smoothAP(cmp.Or(c.Temperature, 1)) },
}

// smoothAP is one minus average precision in which the indicator of a rank is a sigmoid of temperature t (A. Brown, W. Xie,
// V. Kalogeiton, A. Zisserman, "Smooth-AP: Smoothing the Path Towards Large-Scale Image Retrieval", ECCV 2020, eq. 8):
//
//	L = 1 − 1/|P| Σ_{i∈P} R(P,i)/R(P∪N,i),   R(S,i) = 1 + Σ_{j∈S, j≠i} σ((sⱼ − sᵢ)/t)
//
// Their t is 0.01, for scores that are cosines and so differ by 2 at most; logits have no such bound, and for them t = 1
// makes a step of the width that it has in a logistic loss. It takes O(|P|·n).
func smoothAP(t float64) binaryFunc {
	return func(s []float64, positive []bool, ds []float64) (float64, error) {
		pos, neg := split(positive)
		if len(pos) == 0 || len(neg) == 0 {
			return 0, ErrUndefined
		}
		clear(ds)
		total := 0.0
		for _, i := range pos {
			among, wrong := 1.0, 0.0
			for _, j := range pos {
				if j != i {
					among += sigmoid((s[j] - s[i]) / t)
				}
			}
			for _, j := range neg {
				wrong += sigmoid((s[j] - s[i]) / t)
			}
			all := among + wrong
			total += wrong / all // 1 − among/all without cancellation
			if ds == nil {
				continue
			}
			// d(wrong/all) = (among·dwrong − wrong·damong)/all²
			scale := 1 / (all * all * float64(len(pos)) * t)
			for _, j := range pos {
				if j != i {
					m := (s[j] - s[i]) / t
					d := float64(-wrong * scale * sigmoid(m) * sigmoid(-m))
					ds[j] += d
					ds[i] -= d
				}
			}
			for _, j := range neg {
				m := (s[j] - s[i]) / t
				d := float64(among * scale * sigmoid(m) * sigmoid(-m))
				ds[j] += d
				ds[i] -= d
			}
		}
		return total / float64(len(pos)), nil
	}
}
