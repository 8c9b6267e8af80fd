package main

import (
	"errors"
	"fmt"
	"strings"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/metric"
)

// result is a figure with its value.
type result struct {
	figure
	value metric.Value
}

// report is what is written.
type report struct {
	n         int
	positive  string  // name of the positive class, if there are two
	maxFPR    float64 // of partial_auc; 0 if that is not there
	bins      int     // of calibration_error; 0 if that is not there
	results   []result
	perClass  []metric.ClassFigures // nil if not asked for
	compared  *compared             // nil if not asked for
	confusion *metric.Confusion     // nil if not asked for
	worst     *worst                // nil if not asked for

	intervals metric.Confidence
	undrawn   []string // curves that do not exist, with the reasons
	fromOne   bool     // labels may count from 1
	doubtful  []string // files of scores that look like probabilities and are taken as logits, and where these lie
}

// mostConfused is the number of classes up to which the confusion is printed by default.
const mostConfused = 100

// newReport computes the figures that the flags ask for.
func newReport(p problem, c *config, n int) (*report, error) {
	r := &report{n: n, intervals: c.confidence(), maxFPR: c.maxFPR}
	if p.two != nil {
		r.positive = p.confusion.Classes[1]
	} else if c.maxFPR > 0 {
		return nil, tool.Usagef("--max-fpr: the partial AUC is of two classes, and there are %d; name one with --positive", len(p.confusion.Classes))
	}
	for _, f := range figures {
		if c.figures == nil && f.shown(p) || c.chose(f.name) {
			r.results = append(r.results, result{f, f.of(p, c.confidence())})
		}
		if c.chose(f.name) && f.name == calibrationName {
			r.bins = c.bins
		}
	}
	if c.chose(perClassName) {
		r.perClass = p.set().PerClass(c.confidence())
	}
	if c.figures == nil && len(p.confusion.Classes) <= mostConfused || c.chose(confusionName) {
		r.confusion = &p.confusion
	}
	return r, nil
}

// undefined is an error that names what has no value; nil if all has.
func (r *report) undefined() error {
	var missing []string
	add := func(name string, v metric.Value) {
		if reason := v.Missing(); reason != "" {
			missing = append(missing, fmt.Sprintf("%s (%s)", name, reason))
		}
	}
	for _, f := range r.results {
		add(f.name, f.value)
	}
	for _, c := range r.perClass {
		add("precision of "+c.Class, c.Precision)
		add("recall of "+c.Class, c.Recall)
		add("f1 of "+c.Class, c.F1)
		add("auc of "+c.Class, c.AUC)
	}
	if r.compared != nil {
		add("auc of "+r.compared.with, r.compared.Second)
		add("difference", r.compared.Difference)
		add("z", r.compared.Z)
	}
	missing = append(missing, r.undrawn...)
	if missing == nil {
		return nil
	}
	const most = 20 // of one line
	if more := len(missing) - most; more > 0 {
		missing = append(missing[:most], fmt.Sprintf("and %d more", more))
	}
	return errors.New("undefined: " + strings.Join(missing, ", "))
}
