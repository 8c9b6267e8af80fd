package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
	"backdrop/lib/loss"
	"backdrop/lib/pixels"
)

// A training step of PyTorch, as it is timed, is ours: it has the same scores and gradients with the same weights, samples
// and masks, in each memory layout.
func TestSameStep(t *testing.T) {
	python := golden.Python(t, "torch", "numpy")
	defer func(was bool) { *once = was }(*once)
	*once = true
	peers, err := filepath.Abs("peers")
	if err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs("testdata/step.py")
	if err != nil {
		t.Fatal(err)
	}
	golden.Sources(t, script, "peers/networks.py", "../pytorch/network.py")
	root := t.TempDir()
	steps := map[string]*bench{}
	for i, w := range works {
		if w.kind == "evaluation" {
			continue
		}
		b := newBench(w.network(), 3, "xent", 2)
		masks := b.runner.DrawMasks(5, 0, len(b.x))
		scores := b.runner.Forward(b.x, masks)
		if _, err := b.loss.Grad(loss.Batch{Scores: scores, Labels: b.labels}, b.grads); err != nil {
			t.Fatal(err)
		}
		b.w.ZeroGrad()
		b.runner.Backward(b.grads, nil)
		for _, layout := range layouts {
			dir := filepath.Join(root, fmt.Sprintf("%02d-%s", i, layout))
			if err := os.Mkdir(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(w.file(root, layout), filepath.Join(dir, "net.txt")); err != nil {
				t.Fatal(err)
			}
			for _, p := range b.w.Params {
				golden.Save(t, filepath.Join(dir, p.Name+".npy"), npy.Float32, p.Shape, p.Data)
			}
			var x, labels []float32
			for n, v := range b.x {
				x, labels = append(x, v.(*pixels.Memory).Values...), append(labels, float32(b.labels[n]))
			}
			golden.Save(t, filepath.Join(dir, "x.npy"), npy.Float32, []int{len(x)}, x)
			golden.Save(t, filepath.Join(dir, "labels.npy"), npy.Float32, []int{len(labels)}, labels)
			for layer, m := range masks {
				keep := make([]float32, len(m.Keep))
				for i, k := range m.Keep {
					if k {
						keep[i] = 1
					}
				}
				golden.Save(t, filepath.Join(dir, fmt.Sprintf("keep%02d", layer)+".npy"), npy.Float32, []int{len(keep)}, keep)
			}
			steps[dir] = b
		}
	}
	golden.Run(t, root, nil, python, script, peers)
	for i, w := range works {
		for _, layout := range layouts {
			dir := filepath.Join(root, fmt.Sprintf("%02d-%s", i, layout))
			b := steps[dir]
			if b == nil {
				continue
			}
			var scores []float32
			for _, s := range b.runner.Forward(b.x, nil) {
				scores = append(scores, s...)
			}
			compare(t, dir, w.name+", "+layout+", scores", "y", scores)
			for _, p := range b.w.Params {
				compare(t, dir, w.name+", "+layout+", gradient of "+p.Name, "d"+p.Name, p.Grad)
			}
		}
	}
}

// compare compares with what PyTorch made, but for rounding, which may take a few pixels to the other side of a relu.
func compare(t *testing.T, dir, what, name string, got []float32) {
	t.Helper()
	want := golden.Load(t, filepath.Join(dir, "got_"+name+".npy"))
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, PyTorch has %d", what, len(got), len(want))
	}
	var off, size float64
	for i, v := range want {
		off += math.Pow(float64(got[i]-v), 2)
		size += math.Pow(float64(v), 2)
	}
	if off = math.Sqrt(off / size); !(off <= 1e-4) {
		t.Errorf("%s: off by %.2g of their norm", what, off)
	}
}
