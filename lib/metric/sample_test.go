package metric

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The losses of single samples have the mean that LogLoss is, for one score a sample, several, and one class against the rest, of
// logits and of probabilities.
func TestSampleLossHasTheMeanOfLogLoss(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const n = 200
	for _, columns := range []int{1, 2, 3, 7} {
		for _, scale := range []Scale{Logits, Probabilities} {
			classes := max(2, columns)
			scores, labels := make([]float64, n*columns), make([]int, n)
			for i := range n {
				row := scores[i*columns:][:columns]
				for k := range row {
					row[k] = 8 * r.NormFloat64()
				}
				if scale == Probabilities {
					p := ByClass(nil, row, Logits)
					Softmax(p)
					copy(row, p[len(p)-columns:])
				}
				labels[i] = r.IntN(classes)
			}
			mean := func(loss func(row []float64, label int) float64) (sum float64) {
				for i, y := range labels {
					sum += loss(ByClass(nil, scores[i*columns:][:columns], scale), y) / n
				}
				return sum
			}
			agree := func(what string, got float64, want Value) {
				t.Helper()
				if !(math.Abs(got-want.V) <= 1e-12*want.V) {
					t.Errorf("%d columns, scale %d, %s: mean %v, log loss %v", columns, scale, what, got, want.V)
				}
			}
			each := mean(func(row []float64, label int) float64 { return SampleLoss(row, scale, label) })
			if columns == 1 {
				b, err := NewBinary(scores, scale, labels, [2]string{"0", "1"})
				if err != nil {
					t.Fatal(err)
				}
				agree("one score", each, b.LogLoss(Confidence{}))
				continue
			}
			m, err := NewMulticlass(scores, scale, labels, make([]string, columns))
			if err != nil {
				t.Fatal(err)
			}
			agree("all classes", each, m.LogLoss(Confidence{}))
			for class := range columns {
				got := mean(func(row []float64, label int) float64 {
					two, side := Against(row, scale, class), 0
					if label == class {
						side = 1
					}
					return SampleLoss(two[:], scale, side)
				})
				agree("against the rest", got, m.OneVsRest(class).LogLoss(Confidence{}))
			}
		}
	}
}

func TestSampleLossAtTheEnds(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		scores []float64
		scale  Scale
		class  int
		want   float64
	}{
		{[]float64{0, 40}, Logits, 1, 4.248354255291589e-18}, // exp(-40): 1 + that is 1
		{[]float64{0, 1000}, Logits, 0, 1000},
		{[]float64{0, inf}, Logits, 1, 0},
		{[]float64{0, inf}, Logits, 0, inf},
		{[]float64{-inf, 3, 3}, Logits, 2, math.Ln2},
		{[]float64{-inf, 3, 3}, Logits, 0, inf},
		{[]float64{-1e-7, 1 + 1e-7}, Probabilities, 1, 0},
		{[]float64{0, 1}, Probabilities, 0, inf},
	} {
		if got := SampleLoss(c.scores, c.scale, c.class); !(got == c.want || math.Abs(got-c.want) <= 1e-15*c.want) {
			t.Errorf("%v, class %d: %v, want %v", c.scores, c.class, got, c.want)
		}
	}
	if got := Against([]float64{-inf, -inf, 2}, Logits, 2); got != [2]float64{-inf, 2} {
		t.Errorf("got %v", got)
	}
}

func TestSoftmax(t *testing.T) {
	p := ByClass(nil, []float32{1e30, -1e30, 1e30}, Logits)
	if Softmax(p); p[0] != 0.5 || p[1] != 0 || p[2] != 0.5 {
		t.Errorf("got %v", p)
	}
	p = ByClass(nil, []float32{float32(math.Log(3))}, Logits)
	if Softmax(p); math.Abs(p[1]-0.75) > 1e-7 || p[0]+p[1] != 1 {
		t.Errorf("got %v", p)
	}
	if p := ByClass(nil, []float64{0.25}, Probabilities); p[0] != 0.75 || p[1] != 0.25 {
		t.Errorf("got %v", p)
	}
}
