package main

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"testing"

	"backdrop/cmd/internal/models"
	"backdrop/lib/engine"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/pixels"
	"backdrop/lib/run"
	"backdrop/lib/train"
)

// series gives samples in the order in which they lie there.
type series struct {
	x  [][]float32
	at int
}

func (s *series) Next() (pixels.Source, int, error) {
	if s.at == len(s.x) {
		return nil, 0, io.EOF
	}
	s.at++
	x := slices.Clone(s.x[s.at-1])
	return &pixels.Memory{Values: x, Count: len(x)}, s.at % 2, nil
}

func (s *series) Release(pixels.Source) {}

func (s *series) Err() error { return nil }

// What is drawn of a model is what the trainer drew: from the weights before a step, the masks of that step make
// exactly the weights after it, and those of another step, or of another batch, do not. The last step of an epoch of 7
// samples in batches of 3 has one sample.
func TestMasksAreThoseOfTraining(t *testing.T) {
	const batch, seed, samples, rate = 3, 42, 7, 0.125
	network := network(t, "input c=1 h=8 w=8\nconv out=4 kernel=2 stride=2\nrelu\nbackdrop name=fine p=0.5 axes=NHW\nconv out=4 kernel=2 stride=2\nbackdrop name=coarse p=0.5 axes=NHW\ngap\nlinear out=2\n")
	var x [][]float32
	for i := range samples {
		x = append(x, wave([]int{8, 8}, i))
	}
	trainConfig := train.Config{Epochs: 1, Batch: batch, Seed: seed, Loss: loss.Config{Name: "xent"},
		Optim: optim.Config{Name: "sgd", LR: rate}, Schedule: "const", Threads: 1}
	trained := func(n int) (*net.Weights, run.Record) {
		w, err := net.NewWeights(network)
		if err != nil {
			t.Fatal(err)
		}
		w.Init(seed)
		if n == 0 {
			return w, run.Record{}
		}
		tr, err := train.New(network, w, trainConfig)
		if err != nil {
			t.Fatal(err)
		}
		var last run.Record
		if err := tr.FitOnce(context.Background(), &series{x: x[:n]}, nil, func(r run.Record) error { last = r; return nil }); err != nil {
			t.Fatal(err)
		}
		return w, last
	}
	_, last := trained(samples)
	training, err := json.Marshal(map[string]any{"settings": map[string]any{"seed": seed, "batch": batch}, "last": last})
	if err != nil {
		t.Fatal(err)
	}
	model := &models.Loaded{Net: network, Training: training}

	for at, from := range []int{0, batch, 2 * batch} {
		to := min(from+batch, samples)
		after, _ := trained(to)
		same := func(c *config) bool {
			seed, _ := model.Seed()
			st, err := newStep(&input{net: network, model: model, seed: seed}, c)
			if err != nil {
				t.Fatal(err)
			}
			w, _ := trained(from)
			update(t, network, w, st.masks, x[from:to], from, rate)
			return equal(w, after)
		}
		if !same(&config{request: request{step: uint64(at), batch: 1}}) {
			t.Errorf("step %d: the masks are not those of training", at)
		}
		if same(&config{request: request{step: uint64(at) + 9, batch: 1}}) {
			t.Errorf("step %d: the masks of another step are the same", at)
		}
		if same(&config{request: request{step: uint64(at), batch: 20}, batchSet: true}) {
			t.Errorf("step %d: the masks of another batch are the same", at)
		}
	}
}

// update is one step of gradient descent.
func update(t *testing.T, network *net.Network, w *net.Weights, masks net.Masks, x [][]float32, first int, rate float64) {
	t.Helper()
	r, err := engine.NewRunner(network, w, 1)
	if err != nil {
		t.Fatal(err)
	}
	objective, err := loss.New(loss.Config{Name: "xent"}, 2)
	if err != nil {
		t.Fatal(err)
	}
	var labels []int
	var dscores [][]float32
	for i := range x {
		labels, dscores = append(labels, (first+i+1)%2), append(dscores, make([]float32, 2))
	}
	if _, err := objective.Grad(loss.Batch{Scores: r.Forward(pixels.InMemory(x, network.Input.C), masks), Labels: labels}, dscores); err != nil {
		t.Fatal(err)
	}
	w.ZeroGrad()
	r.Backward(dscores, nil)
	o, err := optim.New(optim.Config{Name: "sgd", LR: rate}, sizes(w))
	if err != nil {
		t.Fatal(err)
	}
	var params, grads [][]float32
	for _, p := range w.Params {
		params, grads = append(params, p.Data), append(grads, p.Grad)
	}
	o.Step(params, grads, rate)
}

func sizes(w *net.Weights) (all []int) {
	for _, p := range w.Params {
		all = append(all, len(p.Data))
	}
	return all
}

func equal(a, b *net.Weights) bool {
	for i, p := range a.Params {
		if !slices.Equal(p.Data, b.Params[i].Data) {
			return false
		}
	}
	return true
}
