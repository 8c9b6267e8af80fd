package optim

import (
	"fmt"
	"math"
)

// Schedule changes the learning rate in the course of training.
type Schedule struct {
	Name   string // const, cosine
	Warmup int    // the rate rises linearly over so many steps
}

// Validate reports what is wrong with the schedule.
func (s Schedule) Validate() error {
	if s.Name != "const" && s.Name != "cosine" {
		return fmt.Errorf("optim: unknown schedule %q, want const or cosine", s.Name)
	}
	if s.Warmup < 0 {
		return fmt.Errorf("optim: warm-up must not be negative, got %d", s.Warmup)
	}
	return nil
}

// At returns the factor of the learning rate at a step, counted from 0, of total. The warm-up rises from 1/Warmup to 1
// in its last step. After it, const is 1, and cosine falls from 1 towards 0, which it would reach at step total
// (I. Loshchilov, F. Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, eq. 5, without
// restarts and with η_min = 0).
func (s Schedule) At(step, total int) float64 {
	if step < s.Warmup {
		return float64(step+1) / float64(s.Warmup)
	}
	if s.Name != "cosine" {
		return 1
	}
	if step >= total {
		return 0
	}
	return (1 + math.Cos(math.Pi*float64(step-s.Warmup)/float64(total-s.Warmup))) / 2
}
