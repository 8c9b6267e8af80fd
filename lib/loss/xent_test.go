package loss

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"backdrop/internal/testkit/golden"
)

func newXent(t *testing.T, classes int) Loss {
	t.Helper()
	l, err := New(Config{Name: "xent"}, classes)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestCrossEntropyByHand(t *testing.T) {
	ln3 := float32(math.Log(3))
	for _, c := range []struct {
		scores [][]float32
		labels []int
		value  float64
		grad   [][]float64
	}{
		{[][]float32{{0, 0}}, []int{1}, math.Ln2, [][]float64{{0.5, -0.5}}},
		{[][]float32{{7, 7 + ln3}}, []int{0}, math.Log(4), [][]float64{{-0.75, 0.75}}}, // p = 1/4, 3/4
		{[][]float32{{0, 0}, {0, ln3}}, []int{0, 1}, (math.Ln2 + math.Log(4.0/3)) / 2, [][]float64{{-0.25, 0.25}, {0.125, -0.125}}},
		{[][]float32{{1e30, 0, -1e30}}, []int{0}, 0, [][]float64{{0, 0, 0}}},
		{[][]float32{{0, 1000}}, []int{0}, 1000, [][]float64{{-1, 1}}},
		// log(1 + e⁻⁵⁰) is e⁻⁵⁰ to double precision, and would be 0 as a difference of logarithms
		{[][]float32{{50, 0}}, []int{0}, math.Exp(-50), [][]float64{{-math.Exp(-50), math.Exp(-50)}}},
		{[][]float32{{0, float32(math.Inf(-1))}}, []int{0}, 0, [][]float64{{0, 0}}},
	} {
		d := make([][]float32, len(c.scores))
		for i := range d {
			d[i] = make([]float32, len(c.scores[i]))
		}
		l := newXent(t, len(c.scores[0]))
		value, err := l.Grad(Batch{Scores: c.scores, Labels: c.labels}, d)
		if err != nil {
			t.Fatal(err)
		}
		if !(math.Abs(value-c.value) <= 1e-6*c.value) { // ln 3 is rounded to float32
			t.Errorf("%v: loss %v, want %v", c.scores, value, c.value)
		}
		for i := range d {
			for k, got := range d[i] {
				if want := c.grad[i][k]; !(math.Abs(float64(got)-want) <= 1e-6*math.Abs(want)) {
					t.Errorf("%v: gradient %d,%d is %v, want %v", c.scores, i, k, got, want)
				}
			}
		}
		if again, err := l.Grad(Batch{Scores: c.scores, Labels: c.labels}, nil); err != nil || again != value {
			t.Errorf("%v: value alone is %v, %v, with gradient %v", c.scores, again, err, value)
		}
	}
}

func TestCrossEntropyFiniteDifferences(t *testing.T) {
	differences(t, nil)
	differences(t, []float64{1, 0.25, 3, 10})
}

// differences compares the gradient under these weights of four classes with quotients of differences.
func differences(t *testing.T, weights []float64) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	const n, classes, h = 5, 4, 1.0 / 256 // a step that float32 scores take exactly
	scores, d := make([][]float32, n), make([][]float32, n)
	labels := make([]int, n)
	for i := range scores {
		scores[i], d[i] = make([]float32, classes), make([]float32, classes)
		labels[i] = r.IntN(classes)
		for k := range scores[i] {
			scores[i][k] = float32(r.IntN(1024)-512) * h
		}
	}
	l, err := New(Config{Name: "xent", ClassWeights: weights}, classes)
	if err != nil {
		t.Fatal(err)
	}
	value := func(grad [][]float32) float64 {
		v, err := l.Grad(Batch{Scores: scores, Labels: labels}, grad)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	value(d)
	for i := range scores {
		for k, s := range scores[i] {
			scores[i][k] = s + h
			up := value(nil)
			scores[i][k] = s - h
			down := value(nil)
			scores[i][k] = s
			want := (up - down) / (2 * h)
			if !(math.Abs(float64(d[i][k])-want) <= h*h/6) { // the third derivative of one term is below 1
				t.Errorf("weights %v: gradient %d,%d is %v, difference quotient %v", weights, i, k, d[i][k], want)
			}
		}
	}
}

func TestCrossEntropyNotFinite(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, s := range [][]float32{{nan, 0}, {0, nan}, {nan, nan}, {inf, 0}, {0, inf}, {-inf, 0}, {-inf, -inf}} {
		v, err := newXent(t, 2).Grad(Batch{Scores: [][]float32{{1, 2}, s}, Labels: []int{0, 0}}, nil)
		if err != nil || !(math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Errorf("scores %v: loss %v, %v, want one that is not finite", s, v, err)
		}
	}
}

func TestErrors(t *testing.T) {
	for want, f := range map[string]func() error{
		`unknown loss "hinge"`: func() error { _, err := New(Config{Name: "hinge"}, 2); return err },
		"at least 2 outputs":   func() error { _, err := New(Config{Name: "xent"}, 1); return err },
		"batch is empty":       func() error { _, err := newXent(t, 2).Grad(Batch{Scores: nil, Labels: nil}, nil); return err },
		"label 2 of sample 1 of the batch is not one of 2 classes": func() error {
			_, err := newXent(t, 2).Grad(Batch{Scores: [][]float32{{0, 0}, {0, 0}}, Labels: []int{0, 2}}, nil)
			return err
		},
		"label -1 of sample 0": func() error {
			_, err := newXent(t, 2).Grad(Batch{Scores: [][]float32{{0, 0}}, Labels: []int{-1}}, nil)
			return err
		},
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

// TestGoldenCrossEntropy compares with PyTorch: the loss, and the sum of the gradient over the batch, which is the
// gradient of the bias of the linear layer that the logits come from.
func TestGoldenCrossEntropy(t *testing.T) {
	for _, c := range golden.Cases(t, "net_") {
		t.Run(c.Name, func(t *testing.T) {
			flat, shape := c.Float32(t, "logits")
			classes := shape[1]
			var logits, d [][]float32
			for i := range shape[0] {
				logits = append(logits, flat[i*classes:(i+1)*classes])
				d = append(d, make([]float32, classes))
			}
			value, err := newXent(t, classes).Grad(Batch{Scores: logits, Labels: c.Ints(t, "labels")}, d)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := c.Float32(t, "loss")
			golden.Close(t, "loss", []float32{float32(value)}, want, c.RTol())
			sums := make([]float32, classes)
			for i := range d {
				for k, v := range d[i] {
					sums[k] += v
				}
			}
			want, _ = c.Float32(t, fmt.Sprintf("grad.%d.bias", len(c.Layers())-1))
			golden.Close(t, "sum of the gradient", sums, want, c.RTol())
		})
	}
}
