package optim

import (
	"math"
	"strings"
	"testing"
)

func TestSchedule(t *testing.T) {
	half := math.Sqrt2 / 2
	for _, c := range []struct {
		s    Schedule
		want []float64 // at steps 0, 1, … of 6
	}{
		{Schedule{Name: "const"}, []float64{1, 1, 1, 1, 1, 1, 1}},
		{Schedule{Name: "const", Warmup: 2}, []float64{0.5, 1, 1, 1, 1, 1, 1}},
		// cosines of 0, 30, …, 180 degrees
		{Schedule{Name: "cosine"}, []float64{1, (2 + math.Sqrt(3)) / 4, 0.75, 0.5, 0.25, (2 - math.Sqrt(3)) / 4, 0, 0}},
		// then of 0, 45, 90, 135, 180 degrees
		{Schedule{Name: "cosine", Warmup: 2}, []float64{0.5, 1, 1, (1 + half) / 2, 0.5, (1 - half) / 2, 0}},
		{Schedule{Name: "cosine", Warmup: 8}, []float64{0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1, 0}},
	} {
		for step, want := range c.want {
			if got := c.s.At(step, 6); !(math.Abs(got-want) <= 1e-15) {
				t.Errorf("%+v at step %d of 6: %v, want %v", c.s, step, got, want)
			}
		}
		if err := c.s.Validate(); err != nil {
			t.Error(err)
		}
	}
	for want, s := range map[string]Schedule{
		`unknown schedule "step", want const or cosine`: {Name: "step"},
		"warm-up must not be negative, got -1":          {Name: "cosine", Warmup: -1},
	} {
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want an error with %q", s, err, want)
		}
	}
}
