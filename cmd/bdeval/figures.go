package main

import (
	"strings"

	"backdrop/lib/metric"
)

// figure is one number of the report.
type figure struct {
	name  string
	note  string // beside it, for more than two classes
	shown func(problem) bool
	of    func(problem) metric.Value
	at    func(p problem, level float64) (v metric.Value, ok bool) // with an interval by a formula, if there is one; nil: none
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
	{"loss", "", always, func(p problem) metric.Value { return p.set().LogLoss() }, nil},
	{"brier", "", onRequest, func(p problem) metric.Value { return p.set().Brier() }, nil},
	{calibrationName, "of the class predicted", onRequest, func(p problem) metric.Value {
		return metric.CalibrationError(p.set().Calibration(p.bins))
	}, nil},
	{"accuracy", "", always, accuracy, accuracyAt},
	{"auc", "auc_ovr_macro", always, oneVsRest(metric.Macro), aucAt},
	{partialName, "", ofLimit, func(p problem) metric.Value { return p.two.PartialAUC(p.maxFPR) }, nil},
	{"auc_ovr_macro", "each class against the rest, mean", ofMore, oneVsRest(metric.Macro), aucAt},
	{"auc_ovr_weighted", "weighted by the samples of the class", ofMore, oneVsRest(metric.Weighted), aucAt},
	{"auc_ovo_macro", "each class against each other, mean", ofMore, oneVsOne(metric.Macro), aucAt},
	{"auc_ovo_weighted", "weighted by the samples of both classes", ofMore, oneVsOne(metric.Weighted), aucAt},
	{"average_precision", "each class against the rest, mean", always, func(p problem) metric.Value {
		if p.two != nil {
			return p.two.AveragePrecision()
		}
		return p.more.AveragePrecision(metric.Macro)
	}, nil},
	{"f1", "f1_macro", always, func(p problem) metric.Value {
		if p.two != nil {
			return p.confusion.F1(1)
		}
		return p.confusion.MeanF1(metric.Macro)
	}, nil},
	{"f1_macro", "mean over classes", always, func(p problem) metric.Value { return p.confusion.MeanF1(metric.Macro) }, nil},
	{"f1_micro", "of all decisions", ofMore, accuracy, accuracyAt},
	{"f1_weighted", "weighted by the samples of the class", always, func(p problem) metric.Value { return p.confusion.MeanF1(metric.Weighted) }, nil},
}

func accuracy(p problem) metric.Value { return p.confusion.Accuracy() }

func accuracyAt(p problem, level float64) (metric.Value, bool) {
	return p.confusion.AccuracyInterval(level), true
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

// aucAt has no formula for means over classes.
func aucAt(p problem, level float64) (metric.Value, bool) {
	if p.two == nil {
		return metric.Value{}, false
	}
	return p.two.AUCInterval(level), true
}

// figureNames lists all that --metrics can ask for.
func figureNames() string {
	var names []string
	for _, f := range figures {
		names = append(names, f.name)
	}
	return strings.Join(append(names, confusionName, perClassName), ", ")
}
