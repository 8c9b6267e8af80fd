package main

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"backdrop/lib/draw"
)

// estimate is the mean of what seeds gave, with an interval that is NaN for one seed.
type estimate struct {
	Name string
	draw.Mean
	Seeds int
}

// estimated is a mean with Student's 95 % interval (Student, "The Probable Error of a Mean", Biometrika 6, 1908).
func estimated(name string, v []float64) estimate {
	e := estimate{name, draw.Mean{Mean: stat.Mean(v, nil), Low: math.NaN(), High: math.NaN()}, len(v)}
	if n := float64(len(v)); n > 1 {
		half := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(0.975) * stat.StdDev(v, nil) / math.Sqrt(n)
		e.Low, e.High = e.Mean.Mean-half, e.Mean.Mean+half
	}
	return e
}

func (e estimate) Value() string { return number(e.Mean.Mean) }

func (e estimate) Interval() string {
	if e.Seeds < 2 {
		return "one seed: no interval"
	}
	return fmt.Sprintf("%s to %s", number(e.Low), number(e.High))
}

func (e estimate) String() string {
	if e.Seeds < 2 {
		return fmt.Sprintf("%s (%s)", e.Value(), e.Interval())
	}
	return fmt.Sprintf("%s, 95 %% interval %s (%d seeds)", e.Value(), e.Interval(), e.Seeds)
}

func number(v float64) string { return strings.Replace(fmt.Sprintf("%.4f", v), "-", "−", 1) }

// values returns the study's figure of every run of an arm.
func (s study) values(runs []*run, arm string) []float64 {
	var all []float64
	for _, r := range runs {
		if r.arm == arm {
			all = append(all, *r.figures[s.Figure].Value)
		}
	}
	return all
}

// differences returns how the figure differs between two arms, for every seed that both have.
func (s study) differences(runs []*run, arm, base string) []float64 {
	var all []float64
	for _, a := range runs {
		for _, b := range runs {
			if a.arm == arm && b.arm == base && a.seed == b.seed {
				all = append(all, *a.figures[s.Figure].Value-*b.figures[s.Figure].Value)
			}
		}
	}
	return all
}
