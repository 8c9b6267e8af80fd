package main

import (
	"fmt"
	"log"
	"math"
	"slices"
	"strings"
	"time"
)

// A contender repeats one kind of work for a number of seconds, at least once, after a warm-up run that does not count. It
// returns the milliseconds of each run.
type contender func(seconds float64) []float64

// again returns a contender whose runs are calls of f, which returns milliseconds.
func again(f func() float64) contender {
	return func(seconds float64) (all []float64) {
		if !*once {
			f()
		}
		for start := time.Now(); len(all) == 0 || time.Since(start).Seconds() < seconds; {
			all = append(all, f())
		}
		return all
	}
}

// seconds shortens a time if -once is set, as nothing is measured then.
func seconds(s float64) float64 {
	if *once {
		return 0
	}
	return s
}

// median returns the median of f over at least two seconds and 15 calls.
func median(f func() float64) float64 {
	all := again(f)(seconds(2))
	for len(all) < 15 && !*once {
		all = append(all, f())
	}
	return middle(all)
}

// turns lets the contenders work in turn, a second each, and returns the median of each. The median of a nil contender is
// NaN.
func turns(all []contender) []float64 {
	times := make([][]float64, len(all))
	for range int(1 + seconds(5)) {
		for i, c := range all {
			if c != nil {
				times[i] = append(times[i], c(seconds(1))...)
			}
		}
	}
	medians := make([]float64, len(all))
	for i := range medians {
		medians[i] = middle(times[i])
	}
	return medians
}

func middle(all []float64) float64 {
	if len(all) == 0 {
		return math.NaN()
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// A way is one of several ways to do the same work.
type way struct {
	name  string
	start func() (c contender, stop func())
}

// best tries each way and returns the fastest, its name, and a function that stops it.
func best(ways []way) (c contender, name string, stop func()) {
	least := math.Inf(1)
	for _, w := range ways {
		try, end := w.start()
		ms := middle(try(seconds(1)))
		if ms >= least {
			end()
			continue
		}
		if stop != nil {
			stop()
		}
		c, name, stop, least = try, w.name, end, ms
	}
	if c == nil {
		return nil, "", func() {}
	}
	return c, name, stop
}

// ratio returns how many times faster we are than the fastest of the others, NaN if there are no others.
func ratio(here float64, others ...float64) float64 {
	others = slices.DeleteFunc(others, math.IsNaN)
	if len(others) == 0 {
		return math.NaN()
	}
	return slices.Min(others) / here
}

// times returns the cell of a ratio.
func times(ratio float64) string {
	if math.IsNaN(ratio) {
		return "–"
	}
	return fmt.Sprintf("%.1f", ratio)
}

// span returns the smallest and the largest of the ratios that are not NaN, in words.
func span(ratios []float64) string {
	ratios = slices.DeleteFunc(ratios, math.IsNaN)
	if len(ratios) == 0 {
		return "–"
	}
	low, high := times(slices.Min(ratios)), times(slices.Max(ratios))
	if low == high {
		return low + " times"
	}
	return low + " to " + high + " times"
}

// fastest says on standard error which way was the fastest for each kind of work.
func fastest(work string, names ...string) {
	log.Printf("%s: %s", work, strings.Join(slices.DeleteFunc(names, func(s string) bool { return s == "" }), "; "))
}
