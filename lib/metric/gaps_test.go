package metric

import (
	"math"
	"testing"
)

func TestQuantile(t *testing.T) {
	// numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 1])
	for q, want := range map[float64]float64{0: 1, 0.1: 1.3, 0.5: 3, 1: 8} {
		if got := quantile([]float64{1, 2, 4, 8}, q); math.Abs(got-want) > 1e-15 {
			t.Errorf("%v: %v, want %v", q, got, want)
		}
	}
}
