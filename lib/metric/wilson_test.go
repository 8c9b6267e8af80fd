package metric

import (
	"math"
	"testing"
)

// The intervals are those of R. G. Newcombe, "Two-Sided Confidence Intervals for the Single Proportion: Comparison of
// Seven Methods", Statistics in Medicine 17, 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
func TestPublishedWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		i := wilson(c.k, c.n, Confidence{Level: 0.95})
		if math.Abs(i.Low-c.low) > 0.5e-4 || math.Abs(i.High-c.high) > 0.5e-4 {
			t.Errorf("%d of %d: %+v, want %v to %v", c.k, c.n, i, c.low, c.high)
		}
	}
	if v := proportion(0, 0, Confidence{Level: 0.95}, "none"); v.Reason != "none" {
		t.Errorf("0 of 0: %+v", v)
	}
}
