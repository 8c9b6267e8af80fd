package metric

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

func binary(t *testing.T, scores []float64, labels []int) *Binary {
	t.Helper()
	b, err := NewBinary(scores, Logits, labels, [2]string{"no", "yes"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func multiclass(t *testing.T, logits []float64, labels []int, classes int) *Multiclass {
	t.Helper()
	m, err := NewMulticlass(logits, Logits, labels, names(classes))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBinaryByHand(t *testing.T) {
	ln3 := math.Log(3)
	b := binary(t, []float64{-ln3, 0, ln3, ln3}, []int{0, 1, 0, 1})
	near(t, "AUC", b.AUC(none), 2.5/4, 0) // pairs won: 0 > −ln 3, ln 3 > −ln 3, and a tie
	// Precision is 1/2 at ln 3, where recall becomes 1/2, and 2/3 at 0, where it becomes 1.
	near(t, "average precision", b.AveragePrecision(none), (1.0/2)/2+(2.0/3)/2, 1e-15)
	near(t, "log loss", b.LogLoss(none), (2*math.Log(4.0/3)+math.Ln2+math.Log(4))/4, 1e-15) // p = 3/4, 1/2, 1/4, 3/4
	c := b.Confusion()
	if want := [][]int{{1, 1}, {1, 1}}; !slices.EqualFunc(c.Count, want, slices.Equal) { // a score of 0 is negative
		t.Errorf("confusion %v, want %v", c.Count, want)
	}
}

func TestF1ByHand(t *testing.T) {
	c := Confusion{Classes: names(3), Count: [][]int{{2, 1, 0}, {0, 3, 0}, {4, 0, 0}}}
	near(t, "accuracy", c.Accuracy(none), 5.0/10, 0)
	near(t, "F1 of a", c.F1(0, none), 4.0/9, 0) // 2·2/(2·2 + 4 + 1)
	near(t, "F1 of b", c.F1(1, none), 6.0/7, 0) // 2·3/(2·3 + 1 + 0)
	near(t, "F1 of c", c.F1(2, none), 0, 0)
	near(t, "macro", c.MeanF1(Macro, none), (4.0/9+6.0/7)/3, 1e-15)
	near(t, "weighted", c.MeanF1(Weighted, none), (3*4.0/9+3*6.0/7)/10, 1e-15)
}

func TestLogLossOfExtremeScores(t *testing.T) {
	near(t, "certain and right", binary(t, []float64{800}, []int{1}).LogLoss(none), 0, 0)
	near(t, "certain and wrong", binary(t, []float64{800}, []int{0}).LogLoss(none), 800, 0)
	near(t, "multiclass", multiclass(t, []float64{1e6, 0, 0}, []int{2}, 3).LogLoss(none), 1e6, 1e-15)
	undefinedWith(t, "overflow", binary(t, []float64{1.7e308, 1.7e308}, []int{0, 0}).LogLoss(none), "beyond the range")
}

func undefinedWith(t *testing.T, what string, got Value, reason string) {
	t.Helper()
	if got.Defined() || !strings.Contains(got.Reason, reason) {
		t.Errorf("%s: %v, want undefined with %q", what, got, reason)
	}
}

func TestUndefined(t *testing.T) {
	negative := binary(t, []float64{-1, -2}, []int{0, 0})
	undefinedWith(t, "AUC without positives", negative.AUC(none), "no positive samples")
	undefinedWith(t, "AP without positives", negative.AveragePrecision(none), "no positive samples")
	undefinedWith(t, "F1 without positives", negative.Confusion().F1(1, none), "class yes neither occurs nor is predicted")
	undefinedWith(t, "macro F1", negative.Confusion().MeanF1(Macro, none), "class yes neither")
	near(t, "weighted F1", negative.Confusion().MeanF1(Weighted, none), 1, 0)
	positive := binary(t, []float64{1, -2}, []int{1, 1})
	undefinedWith(t, "AUC without negatives", positive.AUC(none), "no negative samples")
	near(t, "AP without negatives", positive.AveragePrecision(none), 1, 0)

	nothing := binary(t, nil, nil)
	for what, v := range map[string]Value{
		"AUC": nothing.AUC(none), "AP": nothing.AveragePrecision(none), "loss": nothing.LogLoss(none), "accuracy": nothing.Confusion().Accuracy(none),
		"weighted F1": nothing.Confusion().MeanF1(Weighted, none),
	} {
		undefinedWith(t, what+" of nothing", v, "no ")
	}

	// Class c does not occur; the scores of a and b separate them.
	absent := multiclass(t, []float64{2, 1, 0, 1, 2, 0, 3, 1, 0}, []int{0, 1, 0}, 3)
	for what, v := range map[string]Value{
		"macro AUC, one against the rest":  absent.AUCOneVsRest(Macro, none),
		"macro AUC, one against one":       absent.AUCOneVsOne(Macro, none),
		"weighted AUC, one against one":    absent.AUCOneVsOne(Weighted, none),
		"macro average precision":          absent.AveragePrecision(Macro, none),
		"macro F1, class c neither occurs": absent.Confusion().MeanF1(Macro, none),
	} {
		undefinedWith(t, what, v, "class c")
	}
	near(t, "weighted AUC, one against the rest", absent.AUCOneVsRest(Weighted, none), 1, 0)
	near(t, "weighted average precision", absent.AveragePrecision(Weighted, none), 1, 0)

	alone := multiclass(t, []float64{2, 1, 0, 1, 2, 0}, []int{1, 1}, 3)
	undefinedWith(t, "weighted AUC of one class", alone.AUCOneVsRest(Weighted, none), "all samples are of class b")
}

func TestTwoClassesAreBinary(t *testing.T) {
	logits, labels := []float64{0, 1, 2, 2, 1, 0, 0, 3, 5, 4}, []int{1, 0, 0, 1, 1}
	m := multiclass(t, logits, labels, 2)
	b := m.OneVsRest(1)
	direct := binary(t, []float64{1, 0, -1, 3, -1}, labels)
	for what, pair := range map[string][2]Value{
		"AUC, one against the rest": {m.AUCOneVsRest(Macro, none), direct.AUC(none)},
		"AUC, one against one":      {m.AUCOneVsOne(Weighted, none), direct.AUC(none)},
		"AUC":                       {b.AUC(none), direct.AUC(none)},
		"AP":                        {b.AveragePrecision(none), direct.AveragePrecision(none)},
		"loss":                      {m.LogLoss(none), direct.LogLoss(none)},
		"binary loss":               {b.LogLoss(none), direct.LogLoss(none)},
		"F1":                        {m.Confusion().F1(1, none), direct.Confusion().F1(1, none)},
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

func TestProbabilitiesOffByRounding(t *testing.T) {
	off, on := []float64{-1e-7, 0.25, 1 + 5e-7, 0.75}, []float64{0, 0.25, 1, 0.75}
	labels := []int{1, 0, 1, 0}
	figures := func(values []float64) []Value {
		b, err := NewBinary(values, Probabilities, labels, [2]string{"0", "1"})
		if err != nil {
			t.Fatal(err)
		}
		return []Value{b.AUC(Confidence{}), b.AveragePrecision(Confidence{}), b.LogLoss(Confidence{}), b.Brier(Confidence{}), b.CalibrationError(3, Confidence{})}
	}
	if got, want := figures(off), figures(on); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if off[0] != -1e-7 {
		t.Errorf("the probabilities were changed: %v", off)
	}
	m, err := NewMulticlass([]float64{1 + 2e-7, -1e-7, -1e-7, 0, 1, 0}, Probabilities, []int{0, 1}, names(3))
	if err != nil {
		t.Fatal(err)
	}
	if loss, brier := m.LogLoss(Confidence{}), m.Brier(Confidence{}); loss.V != 0 || brier.V != 0 {
		t.Errorf("loss %v, Brier score %v, want 0", loss, brier)
	}
	for _, p := range []float64{-2e-6, 1 + 2e-6} {
		if _, err := NewBinary([]float64{p, 0}, Probabilities, []int{0, 1}, [2]string{"0", "1"}); !errors.Is(err, ErrProbability) {
			t.Errorf("%v: got %v", p, err)
		}
	}
}

func TestNameOfTheRest(t *testing.T) {
	if got := Rest("a", []string{"a", "b"}); got != "rest" {
		t.Errorf("got %q", got)
	}
	for _, class := range []string{"rest", "a"} {
		if got := Rest(class, []string{"a", "b", "rest"}); got != "not "+class {
			t.Errorf("got %q", got)
		}
	}
}

func TestBadInput(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	two := [2]string{"0", "1"}
	for want, f := range map[string]func() error{
		"score of row 1 is NaN":                     func() error { _, err := NewBinary([]float64{0, nan}, Logits, []int{0, 1}, two); return err },
		"score of row 1 is 1.5, not a probability":  func() error { _, err := NewBinary([]float64{0, 1.5}, Probabilities, []int{0, 1}, two); return err },
		"score of row 0 is -Inf, not a probability": func() error { _, err := NewBinary([]float64{-inf, 0}, Probabilities, []int{0, 1}, two); return err },
		"score of row 2 is NaN": func() error {
			_, err := NewBinary([]float32{0, 1, float32(nan)}, Probabilities, []int{0, 1, 1}, two)
			return err
		},
		"score of row 1, column 0 is -0.1, not a probability": func() error {
			_, err := NewMulticlass([]float64{0.5, 0.5, -0.1, 1.1}, Probabilities, []int{0, 1}, names(2))
			return err
		},
		"probabilities of row 1 sum to 0.8, want 1 (to within 0.01), as those of p": func() error {
			_, err := NewMulticlass([]float64{0.33, 0.33, 0.33, 0.2, 0.3, 0.3}, Probabilities, []int{0, 1}, names(3))
			return err
		},
		"scores have 2 rows, but there are 3 labels": func() error { _, err := NewBinary([]float64{0, 0}, Logits, []int{0, 1, 1}, two); return err },
		"label of row 1 is 2, want 0 to 1":           func() error { _, err := NewBinary([]float64{0, 0}, Logits, []int{0, 2}, two); return err },
		"label of row 0 is -1":                       func() error { _, err := NewBinary([]float64{0, 0}, Logits, []int{-1, 1}, two); return err },
		"row 1 has 2 scores of +Inf, which nothing tells apart": func() error {
			_, err := NewMulticlass([]float64{0, 0, 0, inf, 0, inf}, Logits, []int{0, 1}, names(3))
			return err
		},
		"all scores of row 1 are -Inf, which nothing tells apart": func() error {
			_, err := NewMulticlass([]float64{0, 0, 0, -inf, -inf, -inf}, Logits, []int{0, 1}, names(3))
			return err
		},
		"label of row 1 is 3, want 0 to 2":           func() error { _, err := NewMulticlass(make([]float64, 6), Logits, []int{0, 3}, names(3)); return err },
		"scores have 1 rows, but there are 2 labels": func() error { _, err := NewMulticlass(make([]float64, 3), Logits, []int{0, 1}, names(3)); return err },
		"1 classes, want at least 2": func() error {
			_, err := NewMulticlass(make([]float64, 3), Logits, []int{0, 0, 0}, names(1))
			return err
		},
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
	m2.AUCOneVsRest(Weighted, none)
	if !slices.Equal(logits, before) {
		t.Errorf("the logits became %v", logits)
	}
	if m.LogLoss(none) != m2.LogLoss(none) {
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

// none wants no intervals.
var none Confidence
