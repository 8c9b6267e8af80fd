package main

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"backdrop/lib/metric"
	"backdrop/lib/rng"
)

const (
	bins       = 15      // of the calibration error, as in bdeval
	replicates = 2000    // of its bootstrap, as in bdeval
	maxFPR     = 0.2     // of the partial AUC
	many       = 100_000 // samples whose figures stand for those of the population
)

// sizes are the numbers of samples.
var sizes = []int{20, 100, 1000}

// intervals are the intervals that are measured.
var intervals = []struct {
	figure, method string
	of             func(*trial) metric.Value
}{
	{"accuracy", "Wilson", func(t *trial) metric.Value { return t.counts[0].Accuracy(t.want) }},
	{"precision", "Wilson", func(t *trial) metric.Value { return t.two.PerClass(t.want)[1].Precision }},
	{"recall", "Wilson", func(t *trial) metric.Value { return t.two.PerClass(t.want)[1].Recall }},
	{"f1", "Wilson", func(t *trial) metric.Value { return t.counts[0].F1(1, t.want) }},
	{"f1_macro", "Wilson, combined", func(t *trial) metric.Value { return t.counts[0].MeanF1(metric.Macro, t.want) }},
	{"f1_weighted", "Wilson, combined", func(t *trial) metric.Value { return t.counts[0].MeanF1(metric.Weighted, t.want) }},
	{"auc", "DeLong", func(t *trial) metric.Value { return t.two.AUC(t.want) }},
	{"auc", "DeLong, logit", func(t *trial) metric.Value {
		want := t.want
		want.LogitAUC = true
		return t.two.AUC(want)
	}},
	{"difference of auc", "DeLong, paired", func(t *trial) metric.Value { return metric.CompareAUC(t.two, t.other, t.want).Difference }},
	{"partial_auc", "delta method, logit", func(t *trial) metric.Value { return t.two.PartialAUC(maxFPR, t.want) }},
	{"average_precision", "delta method, logit", func(t *trial) metric.Value { return t.two.AveragePrecision(t.want) }},
	{"loss", "delta method, log", func(t *trial) metric.Value { return t.two.LogLoss(t.want) }},
	{"brier", "delta method, logit", func(t *trial) metric.Value { return t.two.Brier(t.want) }},
	{calibrationOfTwo, "bootstrap, labels", func(t *trial) metric.Value { return t.two.CalibrationError(bins, t.want) }},
	{"accuracy of three", "Wilson", func(t *trial) metric.Value { return t.counts[1].Accuracy(t.want) }},
	{"f1_macro of three", "Wilson, combined", func(t *trial) metric.Value { return t.counts[1].MeanF1(metric.Macro, t.want) }},
	{"f1_weighted of three", "Wilson, combined", func(t *trial) metric.Value { return t.counts[1].MeanF1(metric.Weighted, t.want) }},
	{"auc_ovr_macro", "delta method, logit", func(t *trial) metric.Value { return t.three.AUCOneVsRest(metric.Macro, t.want) }},
	{"auc_ovr_weighted", "delta method, logit", func(t *trial) metric.Value { return t.three.AUCOneVsRest(metric.Weighted, t.want) }},
	{"auc_ovo_macro", "delta method, logit", func(t *trial) metric.Value { return t.three.AUCOneVsOne(metric.Macro, t.want) }},
	{"auc_ovo_weighted", "delta method, logit", func(t *trial) metric.Value { return t.three.AUCOneVsOne(metric.Weighted, t.want) }},
	{"average_precision of three", "delta method, logit", func(t *trial) metric.Value { return t.three.AveragePrecision(metric.Macro, t.want) }},
	{"loss of three", "delta method, log", func(t *trial) metric.Value { return t.three.LogLoss(t.want) }},
	{"brier of three", "delta method, logit", func(t *trial) metric.Value { return t.three.Brier(t.want) }},
	{calibrationOfThree, "bootstrap, labels", func(t *trial) metric.Value { return t.three.CalibrationError(bins, t.want) }},
}

// Figures whose true values are computed without drawing labels, which would only add noise.
const (
	calibrationOfTwo   = "calibration_error"
	calibrationOfThree = "calibration_error of three"
)

// cell says which samples a number in a table is for.
type cell struct {
	population
	drawn, rare bool
	n           int
}

// tally counts intervals.
type tally struct{ draws, covered, missing int }

// String returns the coverage in per cent, and how often there was no interval.
func (t tally) String() string {
	if t.missing == t.draws {
		return "–"
	}
	text := fmt.Sprintf("%.1f", 100*float64(t.covered)/float64(t.draws-t.missing))
	if none := 100 * float64(t.missing) / float64(t.draws); none >= 0.05 {
		text += fmt.Sprintf(" (%.1f)", none)
	}
	return text
}

// truth returns the figures of the population.
func (c cell) truth() []float64 {
	z := even(rng.New(0, rng.Bootstrap, c.coordinates()...))
	t := c.trial(z, labels(nil, many, shares(2, c.rare)), labels(nil, many, shares(3, c.rare)), c.rare, metric.Confidence{})
	two, three := c.calibrationErrors(z, many, c.rare)
	values := make([]float64, len(intervals))
	for i, of := range intervals {
		switch of.figure {
		case calibrationOfTwo:
			values[i] = two
		case calibrationOfThree:
			values[i] = three
		default:
			values[i] = of.of(t).V
		}
	}
	return values
}

// coordinates returns the coordinates of the random streams of a cell.
func (c cell) coordinates() []uint64 {
	bit := func(b bool) uint64 {
		if b {
			return 1
		}
		return 0
	}
	return []uint64{math.Float64bits(c.apart), bit(c.drawn), bit(c.rare), uint64(c.n)}
}

// measure counts how many of the intervals from that many draws contain the true value.
func (c cell) measure(simulations int) []tally {
	truth := c.truth()
	counts := make([]tally, len(intervals))
	var mu sync.Mutex
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(simulations); i = next.Add(1) - 1 {
				r := rng.New(1, rng.Bootstrap, append(c.coordinates(), uint64(i))...)
				from := r
				if !c.drawn {
					from = nil
				}
				y2, y3 := labels(from, c.n, shares(2, c.rare)), labels(from, c.n, shares(3, c.rare))
				t := c.trial(random(r), y2, y3, c.rare, metric.Confidence{Level: level, Replicates: replicates, Seed: uint64(i)})
				for k, of := range intervals {
					v := of.of(t)
					mu.Lock()
					counts[k].draws++
					if v.Missing() != "" {
						counts[k].missing++
					} else if v.Interval.Low <= truth[k] && truth[k] <= v.Interval.High {
						counts[k].covered++
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return counts
}
