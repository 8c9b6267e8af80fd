package metric

import (
	"math"
	"testing"
)

func TestPredicted(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		scores []float64
		scale  Scale
		want   int
	}{
		{[]float64{0}, Logits, 0}, {[]float64{0.1}, Logits, 1}, {[]float64{-1}, Logits, 0}, {[]float64{nan}, Logits, 0}, {[]float64{inf}, Logits, 1},
		{[]float64{0.5}, Probabilities, 0}, {[]float64{0.51}, Probabilities, 1}, {[]float64{0.1}, Probabilities, 0},
		{[]float64{1, 2, 2}, Logits, 1}, {[]float64{2, 2, 1}, Logits, 0}, {[]float64{-inf, -5}, Logits, 1}, {[]float64{0.2, 0.3, 0.5}, Probabilities, 2},
	} {
		if got := Predicted(c.scores, c.scale); got != c.want {
			t.Errorf("%v: class %d, want %d", c.scores, got, c.want)
		}
	}
	if got := Predicted([]float32{1, 3}, Logits); got != 1 {
		t.Errorf("float32: class %d, want 1", got)
	}
}
