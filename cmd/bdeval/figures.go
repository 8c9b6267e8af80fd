package main

import (
	"strings"

	"backdrop/lib/metric"
)

// figure is one number of the report.
type figure struct {
	name  string
	note  string // beside it, for more than two classes
	from  basis
	shown func(problem) bool
	of    func(problem, metric.Confidence) metric.Value
}

// basis is what a figure is made of.
type basis uint8

const (
	ranks         basis = iota // the order of the samples by their scores
	decisions                  // the classes that are predicted
	probabilities              // those of the classes
)

// depends reports whether a figure differs for scores that are taken as logits and as probabilities: one score a sample
// ranks samples alike, two do by their difference, and the largest of several stays the largest.
func (b basis) depends(columns int) bool {
	switch b {
	case ranks:
		return columns > 2
	case decisions:
		return columns == 1
	}
	return true
}

// Whether a figure is in the report that nobody chose.
func always(problem) bool    { return true }
func ofMore(p problem) bool  { return p.more != nil } // for two classes it says nothing new
func onRequest(problem) bool { return false }
func ofLimit(p problem) bool { return p.maxFPR > 0 }

// Figures that have a flag.
const (
	partialName     = "partial_auc"
	calibrationName = "calibration_error"
)

// Parts of the report that --metrics can ask for and that are no single numbers.
const (
	confusionName = "confusion"
	perClassName  = "per_class"
)

var figures = []figure{
	{"loss", "", probabilities, always, func(p problem, c metric.Confidence) metric.Value { return p.set().LogLoss(c) }},
	{"brier", "", probabilities, onRequest, func(p problem, c metric.Confidence) metric.Value { return p.set().Brier(c) }},
	{calibrationName, "of the class predicted", probabilities, onRequest, func(p problem, c metric.Confidence) metric.Value {
		return p.set().CalibrationError(p.bins, c)
	}},
	{"accuracy", "", decisions, always, accuracy},
	{"auc", "auc_ovr_macro", ranks, always, oneVsRest(metric.Macro)},
	{partialName, "", ranks, ofLimit, func(p problem, c metric.Confidence) metric.Value { return p.two.PartialAUC(p.maxFPR, c) }},
	{"auc_ovr_macro", "each class against the rest, mean", ranks, ofMore, oneVsRest(metric.Macro)},
	{"auc_ovr_weighted", "weighted by the samples of the class", ranks, ofMore, oneVsRest(metric.Weighted)},
	{"auc_ovo_macro", "each class against each other, mean", ranks, ofMore, oneVsOne(metric.Macro)},
	{"auc_ovo_weighted", "weighted by the samples of both classes", ranks, ofMore, oneVsOne(metric.Weighted)},
	{"average_precision", "each class against the rest, mean", ranks, always, func(p problem, c metric.Confidence) metric.Value {
		if p.two != nil {
			return p.two.AveragePrecision(c)
		}
		return p.more.AveragePrecision(metric.Macro, c)
	}},
	{"f1", "f1_macro", decisions, always, func(p problem, c metric.Confidence) metric.Value {
		if p.two != nil {
			return p.confusion.F1(1, c)
		}
		return p.confusion.MeanF1(metric.Macro, c)
	}},
	{"f1_macro", "mean over classes", decisions, always, func(p problem, c metric.Confidence) metric.Value {
		return p.confusion.MeanF1(metric.Macro, c)
	}},
	{"f1_micro", "of all decisions", decisions, ofMore, accuracy},
	{"f1_weighted", "weighted by the samples of the class", decisions, always, func(p problem, c metric.Confidence) metric.Value {
		return p.confusion.MeanF1(metric.Weighted, c)
	}},
}

func accuracy(p problem, c metric.Confidence) metric.Value { return p.confusion.Accuracy(c) }

func oneVsRest(a metric.Average) func(problem, metric.Confidence) metric.Value {
	return func(p problem, c metric.Confidence) metric.Value {
		if p.two != nil {
			return p.two.AUC(c)
		}
		return p.more.AUCOneVsRest(a, c)
	}
}

func oneVsOne(a metric.Average) func(problem, metric.Confidence) metric.Value {
	return func(p problem, c metric.Confidence) metric.Value {
		if p.two != nil {
			return p.two.AUC(c)
		}
		return p.more.AUCOneVsOne(a, c)
	}
}

// figureNames lists all that --metrics can ask for.
func figureNames() string {
	var names []string
	for _, f := range figures {
		names = append(names, f.name)
	}
	return strings.Join(append(names, confusionName, perClassName), ", ")
}
