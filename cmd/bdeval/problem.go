package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/stream"
	"backdrop/lib/data"
	"backdrop/lib/finite"
	"backdrop/lib/metric"
)

// problem is the scores of two classes, or of more.
type problem struct {
	two       *metric.Binary     // nil if there are more
	more      *metric.Multiclass // nil if there are two
	confusion metric.Confusion

	maxFPR float64 // of partial_auc; 0 if that is not wanted
	bins   int     // of calibration_error
}

// samples is what both kinds of problem can compute.
type samples interface {
	LogLoss(metric.Confidence) metric.Value
	Brier(metric.Confidence) metric.Value
	Calibration(bins int) []metric.Bin
	CalibrationError(bins int, c metric.Confidence) metric.Value
	Confusion() metric.Confusion
	PerClass(metric.Confidence) []metric.ClassFigures
}

func (p problem) set() samples {
	if p.two != nil {
		return p.two
	}
	return p.more
}

// problem turns the samples into what figures are computed from: all classes, or one against the rest.
func (sc *scored) problem(c *config) (problem, error) {
	p := problem{maxFPR: c.maxFPR, bins: c.bins}
	var err error
	if sc.network {
		err = sc.finite()
	}
	switch {
	case err != nil:
	case sc.columns == 1:
		p.two, err = sc.oneScore()
	default:
		p.two, p.more, err = sc.manyScores()
	}
	if errors.Is(err, metric.ErrProbability) && !sc.within(far) {
		err = fmt.Errorf("%w; scores that are logits need no --probabilities", err)
	}
	if err != nil {
		return problem{}, fmt.Errorf("judging %s: %w", sc.from, err)
	}
	p.confusion = p.set().Confusion()
	return p, nil
}

// finite refuses the logits of a network that has overflowed.
func (sc *scored) finite() error {
	if i := finite.First(sc.scores); i >= 0 {
		return fmt.Errorf("score of row %d, column %d is %v: the network overflows", i/sc.columns, i%sc.columns, sc.scores[i])
	}
	return nil
}

// manyScores is the problem of a logit for each class: of two of them if there are no more, or one is named.
func (sc *scored) manyScores() (*metric.Binary, *metric.Multiclass, error) {
	positive := sc.positive
	classes := sc.classes
	if classes == nil {
		classes = models.NumberedClasses(sc.columns)
	}
	more, err := metric.NewMulticlass(sc.scores, sc.scale, sc.labels, classes)
	if err != nil {
		return nil, nil, err
	}
	if positive == "" && len(classes) > 2 {
		return nil, more, nil
	}
	class := 1
	if positive != "" {
		if class, err = classNumber(positive, classes); err != nil {
			return nil, nil, err
		}
	}
	return more.OneVsRest(class), nil, nil
}

// oneScore is the problem of scores that are the logits of the positive class, class 1 if none is named.
func (sc *scored) oneScore() (*metric.Binary, error) {
	positive := sc.positive
	names := [2]string{"0", "1"}
	if len(sc.classes) == 2 {
		names = [2]string(sc.classes)
	}
	labels := sc.labels
	if n := len(sc.classes); positive == "" && n > 0 && n != 2 {
		return nil, tool.Usagef("one score a sample tells two classes apart, and the labels have %d, %s; name the one that it is the score of with --positive", n, stream.List(sc.classes))
	}
	if positive == "" {
		for i, y := range labels {
			if y < 0 || y > 1 {
				return nil, fmt.Errorf("label of row %d is %d, want 0 or 1, or -1 or 1; or name the positive class with --positive", i, y)
			}
		}
	} else {
		class, err := sc.labelled(positive)
		if err != nil {
			return nil, err
		}
		target := data.Target{OneVsRest: true, Positive: class}
		labels = make([]int, len(sc.labels))
		for i, y := range sc.labels {
			labels[i] = target.Of(y)
		}
		names = [2]string{metric.Rest(positive, sc.classes), positive}
	}
	if sc.single != nil {
		return metric.NewBinary(sc.single, sc.scale, labels, names)
	}
	return metric.NewBinary(sc.scores, sc.scale, labels, names)
}

// labelled finds the class that one score a sample is of. Classes without names are those that have labels, 0 and 1.
func (sc *scored) labelled(positive string) (int, error) {
	class, err := classNumber(positive, sc.classes)
	if err != nil || sc.classes != nil || class <= 1 || slices.Contains(sc.labels, class) {
		return class, err
	}
	distinct := map[int]bool{}
	for _, y := range sc.labels {
		distinct[y] = true
	}
	var names []string
	for _, y := range slices.Sorted(maps.Keys(distinct)) {
		names = append(names, strconv.Itoa(y))
	}
	return classNumber(positive, names)
}

// classNumber finds the class that --positive names.
func classNumber(class string, classes []string) (int, error) {
	i, err := models.ClassNumber(class, classes)
	if err != nil {
		return 0, tool.Usagef("--positive: %w", err)
	}
	return i, nil
}
