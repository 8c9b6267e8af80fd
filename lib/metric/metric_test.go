package metric

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
)

func binary(t *testing.T, scores []float64, labels []int) *Binary {
	t.Helper()
	b, err := NewBinary(scores, labels, [2]string{"no", "yes"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func multiclass(t *testing.T, logits []float64, labels []int, classes int) *Multiclass {
	t.Helper()
	m, err := NewMulticlass(logits, labels, names(classes))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBinaryByHand(t *testing.T) {
	ln3 := math.Log(3)
	b := binary(t, []float64{-ln3, 0, ln3, ln3}, []int{0, 1, 0, 1})
	near(t, "AUC", b.AUC(), 2.5/4, 0) // pairs won: 0 > −ln 3, ln 3 > −ln 3, and a tie
	// Precision is 1/2 at ln 3, where recall becomes 1/2, and 2/3 at 0, where it becomes 1.
	near(t, "average precision", b.AveragePrecision(), (1.0/2)/2+(2.0/3)/2, 1e-15)
	near(t, "log loss", b.LogLoss(), (2*math.Log(4.0/3)+math.Ln2+math.Log(4))/4, 1e-15) // p = 3/4, 1/2, 1/4, 3/4
	c := b.Confusion()
	if want := [][]int{{1, 1}, {1, 1}}; !slices.EqualFunc(c.Count, want, slices.Equal) { // a score of 0 is negative
		t.Errorf("confusion %v, want %v", c.Count, want)
	}
}

func TestF1ByHand(t *testing.T) {
	c := Confusion{Classes: names(3), Count: [][]int{{2, 1, 0}, {0, 3, 0}, {4, 0, 0}}}
	near(t, "accuracy", c.Accuracy(), 5.0/10, 0)
	near(t, "F1 of a", c.F1(0), 4.0/9, 0) // 2·2/(2·2 + 4 + 1)
	near(t, "F1 of b", c.F1(1), 6.0/7, 0) // 2·3/(2·3 + 1 + 0)
	near(t, "F1 of c", c.F1(2), 0, 0)
	near(t, "macro", c.MeanF1(Macro), (4.0/9+6.0/7)/3, 1e-15)
	near(t, "weighted", c.MeanF1(Weighted), (3*4.0/9+3*6.0/7)/10, 1e-15)
}

func TestLogLossOfExtremeScores(t *testing.T) {
	near(t, "certain and right", binary(t, []float64{800}, []int{1}).LogLoss(), 0, 0)
	near(t, "certain and wrong", binary(t, []float64{800}, []int{0}).LogLoss(), 800, 0)
	near(t, "multiclass", multiclass(t, []float64{1e6, 0, 0}, []int{2}, 3).LogLoss(), 1e6, 1e-15)
	undefinedWith(t, "overflow", binary(t, []float64{1.7e308, 1.7e308}, []int{0, 0}).LogLoss(), "beyond the range")
}

func undefinedWith(t *testing.T, what string, got Value, reason string) {
	t.Helper()
	if got.Defined() || !strings.Contains(got.Reason, reason) {
		t.Errorf("%s: %v, want undefined with %q", what, got, reason)
	}
}

func TestUndefined(t *testing.T) {
	negative := binary(t, []float64{-1, -2}, []int{0, 0})
	undefinedWith(t, "AUC without positives", negative.AUC(), "no positive samples")
	undefinedWith(t, "AP without positives", negative.AveragePrecision(), "no positive samples")
	undefinedWith(t, "F1 without positives", negative.Confusion().F1(1), "class yes neither occurs nor is predicted")
	undefinedWith(t, "macro F1", negative.Confusion().MeanF1(Macro), "class yes neither")
	near(t, "weighted F1", negative.Confusion().MeanF1(Weighted), 1, 0)
	positive := binary(t, []float64{1, -2}, []int{1, 1})
	undefinedWith(t, "AUC without negatives", positive.AUC(), "no negative samples")
	near(t, "AP without negatives", positive.AveragePrecision(), 1, 0)

	none := binary(t, nil, nil)
	for what, v := range map[string]Value{
		"AUC": none.AUC(), "AP": none.AveragePrecision(), "loss": none.LogLoss(), "accuracy": none.Confusion().Accuracy(),
		"weighted F1": none.Confusion().MeanF1(Weighted),
	} {
		undefinedWith(t, what+" of nothing", v, "no ")
	}

	// Class c does not occur; the scores of a and b separate them.
	absent := multiclass(t, []float64{2, 1, 0, 1, 2, 0, 3, 1, 0}, []int{0, 1, 0}, 3)
	for what, v := range map[string]Value{
		"macro AUC, one against the rest":  absent.AUCOneVsRest(Macro),
		"macro AUC, one against one":       absent.AUCOneVsOne(Macro),
		"weighted AUC, one against one":    absent.AUCOneVsOne(Weighted),
		"macro average precision":          absent.AveragePrecision(Macro),
		"macro F1, class c neither occurs": absent.Confusion().MeanF1(Macro),
	} {
		undefinedWith(t, what, v, "class c")
	}
	near(t, "weighted AUC, one against the rest", absent.AUCOneVsRest(Weighted), 1, 0)
	near(t, "weighted average precision", absent.AveragePrecision(Weighted), 1, 0)

	alone := multiclass(t, []float64{2, 1, 0, 1, 2, 0}, []int{1, 1}, 3)
	undefinedWith(t, "weighted AUC of one class", alone.AUCOneVsRest(Weighted), "all samples are of class b")
}

func TestTwoClassesAreBinary(t *testing.T) {
	logits, labels := []float64{0, 1, 2, 2, 1, 0, 0, 3, 5, 4}, []int{1, 0, 0, 1, 1}
	m := multiclass(t, logits, labels, 2)
	b := m.OneVsRest(1)
	direct := binary(t, []float64{1, 0, -1, 3, -1}, labels)
	for what, pair := range map[string][2]Value{
		"AUC, one against the rest": {m.AUCOneVsRest(Macro), direct.AUC()},
		"AUC, one against one":      {m.AUCOneVsOne(Weighted), direct.AUC()},
		"AUC":                       {b.AUC(), direct.AUC()},
		"AP":                        {b.AveragePrecision(), direct.AveragePrecision()},
		"loss":                      {m.LogLoss(), direct.LogLoss()},
		"binary loss":               {b.LogLoss(), direct.LogLoss()},
		"F1":                        {m.Confusion().F1(1), direct.Confusion().F1(1)},
	} {
		near(t, what, pair[0], pair[1].V, 1e-15)
	}
	if got := b.Confusion().Classes; !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("classes %v, want a, b", got)
	}
	if got := multiclass(t, []float64{1, 2, 3}, []int{0}, 3).OneVsRest(1).Confusion().Classes; !slices.Equal(got, []string{"rest", "b"}) {
		t.Errorf("classes %v, want rest, b", got)
	}
}

func TestBadInput(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	two := [2]string{"0", "1"}
	for want, f := range map[string]func() error{
		"score of row 1 is NaN":                      func() error { _, err := NewBinary([]float64{0, nan}, []int{0, 1}, two); return err },
		"score of row 0 is -Inf":                     func() error { _, err := NewBinary([]float64{-inf, 0}, []int{0, 1}, two); return err },
		"scores have 2 rows, but there are 3 labels": func() error { _, err := NewBinary([]float64{0, 0}, []int{0, 1, 1}, two); return err },
		"label of row 1 is 2, want 0 to 1":           func() error { _, err := NewBinary([]float64{0, 0}, []int{0, 2}, two); return err },
		"label of row 0 is -1":                       func() error { _, err := NewBinary([]float64{0, 0}, []int{-1, 1}, two); return err },
		"score of row 1, column 2 is +Inf": func() error {
			_, err := NewMulticlass([]float64{0, 0, 0, 0, 0, inf}, []int{0, 1}, names(3))
			return err
		},
		"label of row 1 is 3, want 0 to 2":           func() error { _, err := NewMulticlass(make([]float64, 6), []int{0, 3}, names(3)); return err },
		"scores have 1 rows, but there are 2 labels": func() error { _, err := NewMulticlass(make([]float64, 3), []int{0, 1}, names(3)); return err },
		"1 classes, want at least 2":                 func() error { _, err := NewMulticlass(make([]float64, 3), []int{0, 0, 0}, names(1)); return err },
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), "metric: "+want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

func TestInputIsKept(t *testing.T) {
	logits, labels := []float64{0, 1, 2, 2, 1, 0}, []int{2, 0}
	m := multiclass(t, slices.Clone(logits), labels, 3)
	before := slices.Clone(logits)
	m2 := multiclass(t, logits, labels, 3)
	m2.AUCOneVsRest(Weighted)
	if !slices.Equal(logits, before) {
		t.Errorf("the logits became %v", logits)
	}
	if m.LogLoss() != m2.LogLoss() {
		t.Error("ranking changed the loss")
	}
}

func TestValueOutput(t *testing.T) {
	for _, c := range []struct {
		v          Value
		text, json string
	}{
		{Value{V: 0.73145}, "0.7315", `{"value":0.73145}`},
		{Value{}, "0.0000", `{"value":0}`},
		{Value{Reason: "no positive samples"}, "undefined (no positive samples)", `{"value":null,"reason":"no positive samples"}`},
	} {
		if got := c.v.String(); got != c.text {
			t.Errorf("got %q, want %q", got, c.text)
		}
		if got, err := json.Marshal(c.v); err != nil || string(got) != c.json {
			t.Errorf("got %s, %v, want %s", got, err, c.json)
		}
	}
}
