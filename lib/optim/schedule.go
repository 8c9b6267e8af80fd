package optim

import (
	"fmt"
	"math"
	"strings"
)

// schedules is the table of schedules. Each gives the factor of the learning rate after done of all steps behind the
// warm-up.
var schedules = []struct {
	name   string
	factor func(done, all int) float64
}{
	{"const", func(int, int) float64 { return 1 }},
	{"cosine", cosine},
}

// cosine falls from 1 towards 0, which it reaches after all steps (I. Loshchilov, F. Hutter, "SGDR: Stochastic Gradient
// Descent with Warm Restarts", ICLR 2017, eq. 5, without restarts and with η_min = 0).
func cosine(done, all int) float64 {
	if done >= all {
		return 0
	}
	return (1 + math.Cos(math.Pi*float64(done)/float64(all))) / 2
}

// Schedule changes the learning rate in the course of training.
type Schedule struct {
	Name   string // see ScheduleNames
	Warmup int    // the rate rises linearly over that many steps
}

// ScheduleNames returns the names of all schedules.
func ScheduleNames() []string {
	var names []string
	for _, s := range schedules {
		names = append(names, s.name)
	}
	return names
}

// Validate reports what is wrong with the schedule.
func (s Schedule) Validate() error {
	if s.factor() == nil {
		return fmt.Errorf("optim: unknown schedule %q, want %s", s.Name, strings.Join(ScheduleNames(), " or "))
	}
	if s.Warmup < 0 {
		return fmt.Errorf("optim: warm-up must not be negative, got %d", s.Warmup)
	}
	return nil
}

// factor is that of the table, nil if there is none of the name.
func (s Schedule) factor() func(done, all int) float64 {
	for _, known := range schedules {
		if known.name == s.Name {
			return known.factor
		}
	}
	return nil
}

// At returns the factor of the learning rate at a step, counted from 0, of total. The warm-up rises from 1/Warmup to 1
// in its last step; after it, the factor is that of the schedule. It panics if there is no schedule of that name.
func (s Schedule) At(step, total int) float64 {
	if step < s.Warmup {
		return float64(step+1) / float64(s.Warmup)
	}
	return s.factor()(step-s.Warmup, total-s.Warmup)
}
