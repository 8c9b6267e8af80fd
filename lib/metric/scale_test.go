package metric

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Probabilities give the figures of their logits, and of what the logits of classes are the softmax of.
func TestProbabilitiesAreTheirLogits(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	want := Confidence{Level: 0.9, Replicates: 50}
	for range 50 {
		n, k := 12+r.IntN(20), 3
		logits, p, labels := make([]float64, n), make([]float64, n), make([]int, n)
		rows, shares, classes := make([]float64, n*k), make([]float64, n*k), make([]int, n)
		for i := range labels {
			labels[i], classes[i] = i%2, i%k
			logits[i] = 3*r.NormFloat64() + float64(labels[i])
			p[i] = probability(logits[i])
			sum := 0.0
			for c := range k {
				rows[i*k+c] = 2 * r.NormFloat64()
				sum += math.Exp(rows[i*k+c])
			}
			for c := range k {
				shares[i*k+c] = math.Exp(rows[i*k+c]) / sum
			}
		}
		a, b := binaryOf(t, logits, Logits, labels), binaryOf(t, p, Probabilities, labels)
		m := multiclass(t, rows, classes, k)
		q, err := NewMulticlass(shares, Probabilities, classes, names(k))
		if err != nil {
			t.Fatal(err)
		}
		for what, pair := range map[string][2]Value{
			"AUC":                     {a.AUC(want), b.AUC(want)},
			"average precision":       {a.AveragePrecision(want), b.AveragePrecision(want)},
			"log loss":                {a.LogLoss(want), b.LogLoss(want)},
			"Brier score":             {a.Brier(want), b.Brier(want)},
			"calibration":             {a.CalibrationError(4, want), b.CalibrationError(4, want)},
			"F1":                      {a.Confusion().F1(1, want), b.Confusion().F1(1, want)},
			"log loss of three":       {m.LogLoss(want), q.LogLoss(want)},
			"Brier score of three":    {m.Brier(want), q.Brier(want)},
			"calibration of three":    {m.CalibrationError(4, want), q.CalibrationError(4, want)},
			"mean AUC":                {m.AUCOneVsRest(Macro, want), q.AUCOneVsRest(Macro, want)},
			"mean precision":          {m.AveragePrecision(Macro, want), q.AveragePrecision(Macro, want)},
			"macro F1":                {m.Confusion().MeanF1(Macro, want), q.Confusion().MeanF1(Macro, want)},
			"log loss of one class":   {m.OneVsRest(1).LogLoss(want), q.OneVsRest(1).LogLoss(want)},
			"Brier score of a class":  {m.OneVsRest(1).Brier(want), q.OneVsRest(1).Brier(want)},
			"F1 of one against rest":  {m.OneVsRest(1).Confusion().F1(1, want), q.OneVsRest(1).Confusion().F1(1, want)},
			"AUC of one against rest": {m.OneVsRest(1).AUC(want), q.OneVsRest(1).AUC(want)},
		} {
			near(t, what, pair[0], pair[1].V, 1e-9)
			near(t, what+": low", Value{V: pair[0].Interval.Low}, pair[1].Interval.Low, 1e-9)
			near(t, what+": high", Value{V: pair[0].Interval.High}, pair[1].Interval.High, 1e-9)
		}
	}
}

func TestInfiniteScores(t *testing.T) {
	inf := math.Inf(1)
	b := binary(t, []float64{-inf, 0, inf, inf}, []int{0, 1, 0, 1})
	near(t, "AUC", b.AUC(none), 2.5/4, 0) // as of −ln 3, 0, ln 3, ln 3
	near(t, "average precision", b.AveragePrecision(none), (1.0/2)/2+(2.0/3)/2, 1e-15)
	near(t, "Brier score", b.Brier(none), (0.25+1)/4, 0)
	undefinedWith(t, "log loss", b.LogLoss(none), "row 2 gives its class the probability 0")
	near(t, "log loss of right certainty", binary(t, []float64{-inf, inf, 0}, []int{0, 1, 1}).LogLoss(none), math.Ln2/3, 1e-15)
	narrow, err := NewBinary([]float32{float32(-inf), 0, float32(inf), float32(inf)}, Logits, []int{0, 1, 0, 1}, [2]string{"no", "yes"})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "AUC in float32", narrow.AUC(none), 2.5/4, 0)

	logits := []float64{inf, 0, 0, 0, -inf, -inf, 1, -inf, 0, -inf, 2, 2}
	want := []float64{inf, -inf, -inf, inf, -inf, -inf, 1, -inf, -1, -inf, 0, 0}
	m := multiclass(t, logits, []int{0, 0, 2, 1}, 3)
	if !slices.Equal(m.odds, want) {
		t.Errorf("log-odds of %v: %v, want %v", logits, m.odds, want)
	}
	near(t, "log loss of three", m.LogLoss(none), (math.Log(1+math.E)+math.Ln2)/4, 1e-15)
	near(t, "accuracy of three", m.Confusion().Accuracy(none), 3.0/4, 0)
}

// Where a column rounds to 1 the others still tell how improbable they are.
func TestImprobableClasses(t *testing.T) {
	m, err := NewMulticlass([]float64{1e-30, 1, 0.5, 0.5}, Probabilities, []int{0, 1}, names(2))
	if err != nil {
		t.Fatal(err)
	}
	want := (30*math.Ln10 + math.Ln2) / 2
	near(t, "of two columns", m.LogLoss(none), want, 1e-15)
	near(t, "of one against the rest", m.OneVsRest(1).LogLoss(none), want, 1e-15)
	undefinedWith(t, "of one column", binaryOf(t, []float64{1, 0.5}, Probabilities, []int{0, 1}).LogLoss(none), "row 0 gives its class the probability 0")
}

// Sums of float16, and of what is rounded to two digits, are no errors.
func TestRowsSumToOneNearly(t *testing.T) {
	for _, row := range [][]float64{{0.33, 0.33, 0.33}, {0.3, 0.35, 0.36}, {0.33325195, 0.33325195, 0.33325195}} {
		if _, err := NewMulticlass(row, Probabilities, []int{0}, names(3)); err != nil {
			t.Error(err)
		}
	}
}
