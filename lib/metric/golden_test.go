package metric

import (
	"math"
	"slices"
	"testing"

	"backdrop/internal/testkit/golden"
)

func TestGoldenMetric(t *testing.T) {
	for _, c := range golden.Cases(t, "metric_") {
		t.Run(c.Name, func(t *testing.T) {
			if c.Has("logits") {
				goldenMulticlass(t, c)
			} else {
				goldenBinary(t, c)
			}
		})
	}
}

func goldenBinary(t *testing.T, c golden.Case) {
	scores, _ := c.Float32(t, "scores")
	b, err := NewBinary(doubles(scores), Logits, c.Ints(t, "labels"), [2]string{"0", "1"})
	if err != nil {
		t.Fatal(err)
	}
	for key, got := range map[string]Value{
		"roc_auc":           b.AUC(none),
		"average_precision": b.AveragePrecision(none),
		"accuracy_at_0":     b.Confusion().Accuracy(none),
		"f1_at_0":           b.Confusion().F1(1, none),
	} {
		near(t, key, got, c.Float(key), c.RTol())
	}
}

func goldenMulticlass(t *testing.T, c golden.Case) {
	logits, shape := c.Float32(t, "logits")
	m, err := NewMulticlass(doubles(logits), Logits, c.Ints(t, "labels"), names(shape[1]))
	if err != nil {
		t.Fatal(err)
	}
	confusion := m.Confusion()
	for key, got := range map[string]Value{
		"accuracy":             confusion.Accuracy(none),
		"log_loss":             m.LogLoss(none),
		"roc_auc_ovr_macro":    m.AUCOneVsRest(Macro, none),
		"roc_auc_ovr_weighted": m.AUCOneVsRest(Weighted, none),
		"roc_auc_ovo_macro":    m.AUCOneVsOne(Macro, none),
		"roc_auc_ovo_weighted": m.AUCOneVsOne(Weighted, none),
		"f1_macro":             confusion.MeanF1(Macro, none),
		"f1_micro":             confusion.Accuracy(none),
		"f1_weighted":          confusion.MeanF1(Weighted, none),
	} {
		near(t, key, got, c.Float(key), c.RTol())
	}
	var want [][]int
	c.Unmarshal("confusion", &want)
	if !slices.EqualFunc(confusion.Count, want, slices.Equal) {
		t.Errorf("confusion %v, want %v", confusion.Count, want)
	}
}

// near fails the test unless got is a figure within rtol of want.
func near(t *testing.T, what string, got Value, want, rtol float64) {
	t.Helper()
	if !got.Defined() || !(math.Abs(got.V-want) <= rtol*math.Abs(want)) {
		t.Errorf("%s: %v (%v), want %v", what, got, got.V, want)
	}
}

func doubles(v []float32) []float64 {
	d := make([]float64, len(v))
	for i, x := range v {
		d[i] = float64(x)
	}
	return d
}

func names(classes int) []string { return []string{"a", "b", "c", "d", "e"}[:classes] }
