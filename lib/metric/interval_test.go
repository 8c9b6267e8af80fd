package metric

import (
	"math"
	"math/rand/v2"
	"testing"
)

// An interval holds its figure, and is within its range, for few samples of all kinds.
func TestIntervalsHoldTheirFigures(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	found := map[string]int{}
	for range 1000 {
		n := 2 + r.IntN(12)
		scores, labels, logits, classes := make([]float64, n), make([]int, n), make([]float64, 3*n), make([]int, n)
		spread := 1 << r.IntN(8)
		for i := range scores {
			labels[i], classes[i] = r.IntN(2), r.IntN(3)
			scores[i] = float64(r.IntN(spread)) - float64(spread)/2
			for c := range 3 {
				logits[3*i+c] = float64(r.IntN(spread))
			}
		}
		c := Confidence{Level: []float64{0.01, 0.5, 0.95, 0.9999}[r.IntN(4)], LogitAUC: r.IntN(2) == 0, Replicates: 20, Seed: r.Uint64()}
		b := binaryOf(t, scores, Logits, labels)
		m := multiclass(t, logits, classes, 3)
		two, three := b.Confusion(), m.Confusion()
		for what, v := range map[string]Value{
			"AUC": b.AUC(c), "average precision": b.AveragePrecision(c), "partial AUC": b.PartialAUC(0.3, c), "log loss": b.LogLoss(c),
			"Brier score": b.Brier(c), "calibration error": b.CalibrationError(5, c), "accuracy": two.Accuracy(c), "F1": two.F1(1, c),
			"macro F1": two.MeanF1(Macro, c), "weighted F1": two.MeanF1(Weighted, c),
			"one against the rest": m.AUCOneVsRest(Macro, c), "one against one": m.AUCOneVsOne(Weighted, c),
			"mean average precision": m.AveragePrecision(Weighted, c), "log loss of three": m.LogLoss(c), "Brier score of three": m.Brier(c),
			"calibration error of three": m.CalibrationError(5, c), "macro F1 of three": three.MeanF1(Macro, c), "weighted F1 of three": three.MeanF1(Weighted, c),
		} {
			if !v.Defined() || v.Interval.Reason != "" {
				continue
			}
			found[what]++
			most := 1.0
			switch what {
			case "log loss", "log loss of three":
				most = math.Inf(1)
			case "Brier score of three":
				most = 2
			}
			if i := v.Interval; !(0 <= i.Low && i.Low <= v.V && v.V <= i.High && i.High <= most && i.Low < i.High) {
				t.Errorf("%s %v: %+v of %+v, %v %v, %v %v", what, v.V, *i, c, scores, labels, logits, classes)
			}
		}
	}
	if len(found) != 18 {
		t.Errorf("intervals of %v", found)
	}
}

func TestNoIntervalWithoutVariance(t *testing.T) {
	want := Confidence{Level: 0.95, Replicates: 100}
	faultless := binary(t, []float64{-1, -1, 1, 1}, []int{0, 0, 1, 1})
	alone := binary(t, []float64{0.3, -0.4}, []int{0, 1})
	few := binary(t, []float64{-3, -2, 1}, []int{0, 0, 1})
	tied := binary(t, []float64{0, 0, 0, 0}, []int{0, 0, 1, 1})
	costly := binary(t, []float64{-9, -8, -9, 9}, []int{0, 0, 1, 1})
	one := multiclass(t, []float64{2, 1, 0, 1, 2, 0, 3, 1, 0, 0, 1, 3, 0, 1, 2}, []int{0, 1, 0, 2, 2}, 3)
	for what, c := range map[string]struct {
		v    Value
		want string
	}{
		"average precision of faultless scores": {faultless.AveragePrecision(want), noVariance},
		"partial AUC of faultless scores":       {faultless.PartialAUC(0.5, want), noVariance},
		"log loss of equal losses":              {tied.LogLoss(want), noVariance},
		"Brier score of equal losses":           {tied.Brier(want), noVariance},
		"log loss without an error":             {few.LogLoss(want), noErrors},
		"Brier score without an error":          {few.Brier(want), noErrors},
		"log loss of three without an error":    {multiclass(t, []float64{2, 1, 0, 0, 2, 1}, []int{0, 1}, 3).LogLoss(want), noErrors},
		"log loss of one sample a class":        {alone.LogLoss(want), "no class has more than one sample"},
		"calibration of one sample a class":     {alone.CalibrationError(15, want), "no class has more than one sample"},
		"average precision of one positive":     {few.AveragePrecision(want), "only one positive sample"},
		"log loss at a level too near 1":        {costly.LogLoss(Confidence{Level: 1 - 1e-12}), "beyond the range of float64"},
		"mean AUC with one sample of a class":   {one.AUCOneVsRest(Macro, want), "only one sample of class b"},
	} {
		if got := c.v.Missing(); got != "no interval: "+c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}
