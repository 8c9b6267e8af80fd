package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"backdrop/lib/metric"
)

// problem is the scores of two classes, or of more.
type problem struct {
	two       *metric.Binary     // nil if there are more
	more      *metric.Multiclass // nil if there are two
	confusion metric.Confusion
}

// figure is one number of the report.
type figure struct {
	name string
	note string // beside it, for more than two classes
	more bool   // says something new only for more than two classes
	of   func(problem) metric.Value
}

const confusionName = "confusion"

var figures = []figure{
	{"loss", "", false, func(p problem) metric.Value {
		if p.two != nil {
			return p.two.LogLoss()
		}
		return p.more.LogLoss()
	}},
	{"accuracy", "", false, func(p problem) metric.Value { return p.confusion.Accuracy() }},
	{"auc", "auc_ovr_macro", false, oneVsRest(metric.Macro)},
	{"auc_ovr_macro", "each class against the rest, mean", true, oneVsRest(metric.Macro)},
	{"auc_ovr_weighted", "weighted by the samples of the class", true, oneVsRest(metric.Weighted)},
	{"auc_ovo_macro", "each class against each other, mean", true, oneVsOne(metric.Macro)},
	{"auc_ovo_weighted", "weighted by the samples of both classes", true, oneVsOne(metric.Weighted)},
	{"average_precision", "each class against the rest, mean", false, func(p problem) metric.Value {
		if p.two != nil {
			return p.two.AveragePrecision()
		}
		return p.more.AveragePrecision(metric.Macro)
	}},
	{"f1", "f1_macro", false, func(p problem) metric.Value {
		if p.two != nil {
			return p.confusion.F1(1)
		}
		return p.confusion.MeanF1(metric.Macro)
	}},
	{"f1_macro", "mean over classes", false, func(p problem) metric.Value { return p.confusion.MeanF1(metric.Macro) }},
	{"f1_micro", "of all decisions", true, func(p problem) metric.Value { return p.confusion.Accuracy() }},
	{"f1_weighted", "weighted by the samples of the class", false, func(p problem) metric.Value { return p.confusion.MeanF1(metric.Weighted) }},
}

func oneVsRest(a metric.Average) func(problem) metric.Value {
	return func(p problem) metric.Value {
		if p.two != nil {
			return p.two.AUC()
		}
		return p.more.AUCOneVsRest(a)
	}
}

func oneVsOne(a metric.Average) func(problem) metric.Value {
	return func(p problem) metric.Value {
		if p.two != nil {
			return p.two.AUC()
		}
		return p.more.AUCOneVsOne(a)
	}
}

// figureNames lists all that --metrics can ask for.
func figureNames() string {
	var names []string
	for _, f := range figures {
		names = append(names, f.name)
	}
	return strings.Join(append(names, confusionName), ", ")
}

// result is a figure with its value.
type result struct {
	figure
	value metric.Value
}

// report is what is written.
type report struct {
	n         int
	positive  string // name of the positive class, if there are two
	results   []result
	confusion *metric.Confusion // nil if not asked for
}

// judge computes what the flags ask for.
func judge(sc *scored, o *options) (*report, error) {
	r := &report{n: sc.len()}
	if !o.wantsFigures() {
		return r, nil
	}
	p, err := sc.problem(o.positive)
	if err != nil {
		return nil, fmt.Errorf("judging %s: %w", sc.from, err)
	}
	if p.two != nil {
		r.positive = p.confusion.Classes[1]
	}
	for _, f := range figures {
		if o.figures == nil && (p.more != nil || !f.more) || slices.Contains(o.figures, f.name) {
			r.results = append(r.results, result{f, f.of(p)})
		}
	}
	if o.figures == nil || slices.Contains(o.figures, confusionName) {
		r.confusion = &p.confusion
	}
	return r, nil
}

// problem makes of the samples what the figures are about: all classes, or one against the rest.
func (sc *scored) problem(positive string) (problem, error) {
	if sc.columns == 1 {
		return sc.oneScore(positive)
	}
	classes := sc.classes
	if classes == nil {
		for i := range sc.columns {
			classes = append(classes, strconv.Itoa(i))
		}
	}
	more, err := metric.NewMulticlass(sc.scores, sc.labels, classes)
	if err != nil {
		return problem{}, err
	}
	if positive == "" && len(classes) > 2 {
		return problem{more: more, confusion: more.Confusion()}, nil
	}
	class := 1
	if positive != "" {
		if class, err = classNumber(positive, classes); err != nil {
			return problem{}, err
		}
	}
	two := more.OneVsRest(class)
	return problem{two: two, confusion: two.Confusion()}, nil
}

// oneScore is the problem of scores that are the logits of the positive class, class 1 if none is named.
func (sc *scored) oneScore(positive string) (problem, error) {
	names := [2]string{"0", "1"}
	if len(sc.classes) == 2 {
		names = [2]string(sc.classes)
	}
	labels := sc.labels
	if positive == "" {
		for i, y := range labels {
			if y < 0 || y > 1 {
				return problem{}, fmt.Errorf("label of row %d is %d, want 0 or 1; or name the positive class with --positive", i, y)
			}
		}
	} else {
		class, err := classNumber(positive, sc.classes)
		if err != nil {
			return problem{}, err
		}
		labels = make([]int, len(sc.labels))
		for i, y := range sc.labels {
			if y == class {
				labels[i] = 1
			}
		}
		names = [2]string{"rest", positive}
	}
	two, err := metric.NewBinary(sc.scores, labels, names)
	if err != nil {
		return problem{}, err
	}
	return problem{two: two, confusion: two.Confusion()}, nil
}

// classNumber finds a class by its name or, if none is called so, by its number. Without names every number is a class.
func classNumber(class string, classes []string) (int, error) {
	if i := slices.Index(classes, class); i >= 0 {
		return i, nil
	}
	i, err := strconv.Atoi(class)
	if classes == nil {
		if err != nil || i < 0 {
			return 0, fmt.Errorf("--positive: %q is not a class number; the classes have no names here", class)
		}
		return i, nil
	}
	if err != nil || i < 0 || i >= len(classes) {
		return 0, fmt.Errorf("--positive: there is no class %q, only %s", class, strings.Join(classes, ", "))
	}
	return i, nil
}

// undefined is an error that names the figures without a value; nil if there are none.
func (r *report) undefined() error {
	var names []string
	for _, f := range r.results {
		if !f.value.Defined() {
			names = append(names, fmt.Sprintf("%s (%s)", f.name, f.value.Reason))
		}
	}
	if names == nil {
		return nil
	}
	return errors.New("undefined: " + strings.Join(names, ", "))
}
