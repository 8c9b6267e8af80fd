package loss

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
)

// Two samples of class 0, whose loss is ln 2, and one of class 1, whose loss is ln 4 and which counts twice.
func TestClassWeightsByHand(t *testing.T) {
	ln3 := float32(math.Log(3))
	l, err := New(Config{Name: "xent", ClassWeights: []float64{1, 2}}, 2)
	if err != nil {
		t.Fatal(err)
	}
	d := [][]float32{{9, 9}, {9, 9}, {9, 9}}
	value, err := l.Grad(Batch{Scores: [][]float32{{0, 0}, {5, 5}, {ln3, 0}}, Labels: []int{0, 0, 1}}, d)
	if want := (2*math.Ln2 + 2*math.Log(4)) / 4; err != nil || !(math.Abs(value-want) <= 1e-6) {
		t.Errorf("loss %v, %v, want %v", value, err, want)
	}
	for i, want := range []float64{-0.125, 0.125, -0.125, 0.125, 0.375, -0.375} {
		if got := d[i/2][i%2]; !(math.Abs(float64(got)-want) <= 1e-6) {
			t.Errorf("gradient %d,%d is %v, want %v", i/2, i%2, got, want)
		}
	}
}

// Weights of 1 change no bit, and neither does a factor that is a power of two.
func TestEqualClassWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	scores, labels := make([][]float32, 9), make([]int, 9)
	for i := range scores {
		scores[i], labels[i] = []float32{float32(r.NormFloat64()), float32(r.NormFloat64()), float32(r.NormFloat64())}, r.IntN(3)
	}
	grad := func(weights []float64) (float64, []float32) {
		l, err := New(Config{Name: "xent", ClassWeights: weights}, 3)
		if err != nil {
			t.Fatal(err)
		}
		d := make([][]float32, len(scores))
		for i := range d {
			d[i] = make([]float32, 3)
		}
		v, err := l.Grad(Batch{Scores: scores, Labels: labels}, d)
		if err != nil {
			t.Fatal(err)
		}
		return v, slices.Concat(d...)
	}
	value, d := grad(nil)
	for _, w := range []float64{1, 4, 0.25} {
		if v, g := grad([]float64{w, w, w}); v != value || !slices.Equal(g, d) {
			t.Errorf("weights of %v: loss %v, want %v", w, v, value)
		}
	}
	if v, _ := grad([]float64{1, 2, 3}); v == value {
		t.Error("other weights give the same loss")
	}
}

func TestClassWeightErrors(t *testing.T) {
	for _, c := range []struct {
		name    string
		weights []float64
		want    string
	}{
		{"xent", []float64{1, 2}, "there are 2 weights of classes, but 3 outputs"},
		{"xent", []float64{}, "there are 0 weights of classes, but 3 outputs"},
		{"xent", []float64{1, 0, 1}, "the weight of class 1 must be positive and finite, got 0"},
		{"xent", []float64{1, 1, -2}, "the weight of class 2 must be positive and finite, got -2"},
		{"xent", []float64{math.NaN(), 1, 1}, "the weight of class 0 must be positive and finite, got NaN"},
		{"xent", []float64{1, math.Inf(1), 1}, "the weight of class 1 must be positive and finite, got +Inf"},
		{"bce", []float64{1, 1}, "bce has no weights of classes; use xent"},
	} {
		if _, err := New(Config{Name: c.name, ClassWeights: c.weights}, 3); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %v: got %v, want %q", c.name, c.weights, err, c.want)
		}
	}
}

// The loss and its gradient are those of PyTorch's CrossEntropyLoss(weight=…), in batches that lack classes, too.
func TestClassWeightsAgainstPyTorch(t *testing.T) {
	const samples, classes, batches = 7, 5, 20
	python := golden.Python(t, "torch", "numpy")
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(5, 6))
	var scores, weights, labels []float32
	for range batches * samples {
		labels = append(labels, float32(r.IntN(classes)))
		for range classes {
			scores = append(scores, float32(4*r.NormFloat64()))
		}
	}
	for range batches * classes {
		weights = append(weights, float32(math.Exp(2*r.NormFloat64())))
	}
	save := func(name string, shape []int, data []float32) {
		golden.Save(t, filepath.Join(dir, name), npy.Float64, shape, data)
	}
	save("s.npy", []int{batches, samples, classes}, scores)
	save("y.npy", []int{batches, samples}, labels)
	save("w.npy", []int{batches, classes}, weights)
	golden.Run(t, dir, nil, python, "-c", `
import numpy as np, torch
value, grad = [], []
for s, y, w in zip(np.load("s.npy"), np.load("y.npy"), np.load("w.npy")):
    s = torch.tensor(s, requires_grad=True)
    loss = torch.nn.CrossEntropyLoss(weight=torch.tensor(w))(s, torch.tensor(y.astype("i8")))
    loss.backward()
    value.append(loss.item())
    grad.append(s.grad.numpy())
np.save("value.npy", np.array(value))
np.save("grad.npy", np.array(grad))
`)
	values, grads := golden.Load(t, filepath.Join(dir, "value.npy")), golden.Load(t, filepath.Join(dir, "grad.npy"))
	for b := range batches {
		c := Config{Name: "xent"}
		for _, w := range weights[b*classes:][:classes] {
			c.ClassWeights = append(c.ClassWeights, float64(w))
		}
		l, err := New(c, classes)
		if err != nil {
			t.Fatal(err)
		}
		var batch Batch
		var d [][]float32
		for i := b * samples; i < (b+1)*samples; i++ {
			batch.Scores, batch.Labels = append(batch.Scores, scores[i*classes:][:classes]), append(batch.Labels, int(labels[i]))
			d = append(d, make([]float32, classes))
		}
		value, err := l.Grad(batch, d)
		if err != nil {
			t.Fatal(err)
		}
		golden.Close(t, "loss", []float32{float32(value)}, values[b:b+1], 1e-6)
		golden.Close(t, "gradient", slices.Concat(d...), grads[b*samples*classes:][:samples*classes], 1e-6)
	}
}
