package metric

import (
	"math"
	"slices"
)

// logOdds overwrites every row of logits, one a class, with the log-odds of the classes under softmax,
//
//	log p/(1−p) = s − log Σ exp(s') over the other classes,
//
// which order samples as the probabilities do, but stay distinct where those round to 0 or 1. Rows that hold the same
// logits in another order, or shifted by a constant, give the same values, so that ties stay ties. A logit of −Inf has the
// log-odds −Inf. A logit of +Inf, or one beside which all others are −Inf, has the log-odds +Inf; a row has at most one.
func logOdds(logits []float64, classes int) {
	sorted, e := make([]float64, classes), make([]float64, classes)
	before, after := make([]float64, classes+1), make([]float64, classes+1) // sums of e from either end
	for ; len(logits) > 0; logits = logits[classes:] {
		row := logits[:classes]
		if certain(row) {
			continue
		}
		copy(sorted, row)
		slices.Sort(sorted)
		top, second := sorted[classes-1], sorted[classes-2]
		for k, s := range sorted {
			e[k] = math.Exp(s - top)
			before[k+1] = before[k] + e[k]
		}
		for k := classes - 1; k >= 0; k-- {
			after[k] = after[k+1] + e[k]
		}
		rest := 0.0 // Σ exp(s' − second) over all but the top
		for _, s := range sorted[:classes-1] {
			rest += math.Exp(s - second)
		}
		for k, s := range row {
			if s == top {
				row[k] = top - second - math.Log(rest)
				continue
			}
			at, _ := slices.BinarySearch(sorted, s) // the first of equal ones
			row[k] = s - top - math.Log(before[at]+after[at+1])
		}
	}
}

// certain reports whether one class of a row has all of the probability, and sets the log-odds then.
func certain(row []float64) bool {
	top, possible := 0, 0
	for k, s := range row {
		if s > row[top] {
			top = k
		}
		if !math.IsInf(s, -1) {
			possible++
		}
	}
	if possible > 1 && !math.IsInf(row[top], 1) {
		return false
	}
	for k := range row {
		row[k] = math.Inf(-1)
	}
	row[top] = math.Inf(1)
	return true
}
