package metric

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// rowTolerance is how far from 1 the sum of a row of probabilities may be: in float16, or with three digits, it is not 1.
const rowTolerance = 0.01

// rounding is how far outside [0, 1] probabilities may lie: sums in float32 go that far beyond 1.
const rounding = 1e-6

// outside reports whether a number is no probability.
func outside(p float64) bool { return !(p >= 0 && p <= 1) }

// ErrProbability is what scores that are no probabilities fail with.
var ErrProbability = errors.New("not a probability")

// checkLengths compares the numbers of scores and of labels.
func checkLengths(scores scores, columns int, labels []int) error {
	if scores.len() != columns*len(labels) {
		return fmt.Errorf("metric: scores have %d rows, but there are %d labels", scores.len()/columns, len(labels))
	}
	if len(labels) > math.MaxInt32 {
		return fmt.Errorf("metric: %d samples, want at most %d", len(labels), math.MaxInt32)
	}
	return nil
}

// check looks for scores that are no logits, or no probabilities, and labels out of range.
func check(scores scores, scale Scale, columns int, labels []int, classes int) error {
	for i := range scores.len() {
		s := scores.at(i)
		if s == s && (scale == Logits || s >= -rounding && s <= 1+rounding) {
			continue
		}
		where := fmt.Sprintf("row %d", i/columns)
		if columns > 1 {
			where += fmt.Sprintf(", column %d", i%columns)
		}
		if s != s || scale == Logits {
			return fmt.Errorf("metric: score of %s is %v", where, s)
		}
		try := "numpy.clip(p, 0, 1)"
		if s > 10 && s <= 100 {
			try = "p / 100 if these are percentages"
		}
		if columns > 1 && !strings.Contains(try, "percent") {
			try = "p = " + try + ", then p / p.sum(1, keepdims=True)"
		}
		return fmt.Errorf("metric: score of %s is %v, %w; try %s", where, s, ErrProbability, try)
	}
	for i, y := range labels {
		if y < 0 || y >= classes {
			hint := ""
			if y == classes && slices.Min(labels) == 1 {
				hint = " (if these count from 1, subtract 1)"
			}
			return fmt.Errorf("metric: label of row %d is %d, want 0 to %d%s", i, y, classes-1, hint)
		}
	}
	return nil
}

// checkRows looks for rows that are not the logits, or the probabilities, of classes.
func checkRows(scores []float64, scale Scale, columns int) error {
	for i := 0; i*columns < len(scores); i++ {
		sum, highest, lowest := 0.0, 0, 0
		for _, s := range scores[i*columns : (i+1)*columns] {
			sum += s
			if math.IsInf(s, 1) {
				highest++
			}
			if math.IsInf(s, -1) {
				lowest++
			}
		}
		switch {
		case scale == Probabilities && !(math.Abs(sum-1) <= rowTolerance+1e-9):
			return fmt.Errorf("metric: probabilities of row %d sum to %.4g, want 1 (to within %g), as those of p / p.sum(1, keepdims=True) do", i, sum, rowTolerance)
		case highest > 1:
			return fmt.Errorf("metric: row %d has %d scores of +Inf, which nothing tells apart", i, highest)
		case lowest == columns:
			return fmt.Errorf("metric: all scores of row %d are -Inf, which nothing tells apart", i)
		}
	}
	return nil
}
