package metric

import "testing"

func TestPredicted(t *testing.T) {
	for _, c := range []struct {
		scores []float32
		scale  Scale
		want   int
	}{
		{[]float32{0}, Logits, 0}, {[]float32{1e-30}, Logits, 1}, {[]float32{-1}, Logits, 0},
		{[]float32{0.5}, Probabilities, 0}, {[]float32{0.51}, Probabilities, 1},
		{[]float32{1, 1}, Logits, 0}, {[]float32{0, 1}, Logits, 1}, {[]float32{-3, -1, -1, -2}, Logits, 1}, {[]float32{0.2, 0.3, 0.5}, Probabilities, 2},
	} {
		var wide []float64
		for _, s := range c.scores {
			wide = append(wide, float64(s))
		}
		if got, got64 := Predicted(c.scores, c.scale), Predicted(wide, c.scale); got != c.want || got64 != c.want {
			t.Errorf("%v: predicted %d and, of float64, %d, want %d", c.scores, got, got64, c.want)
		}
	}
}
