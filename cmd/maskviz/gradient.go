package main

import (
	"fmt"
	"math"

	"backdrop/lib/draw"
	"backdrop/lib/loss"
	"backdrop/lib/nn"
	"backdrop/lib/rng"
)

// gradient is |d loss / d input| of a batch.
type gradient struct {
	fields []draw.Field // one a sample; the Euclidean norm over the channels
	names  []string     // what the samples are
	loss   float64      // of the batch
	kind   string       // of the weights and inputs
}

// gradient takes a training step's gradient as far as the input.
func (st *step) gradient(in *input, threads int) (*gradient, error) {
	classes, err := in.net.Classes()
	if err != nil {
		return nil, err
	}
	config := loss.Config{Name: "xent"}
	if classes == 1 {
		config.Name = "bce"
	}
	objective, err := loss.New(config, classes)
	if err != nil {
		return nil, err
	}
	if values := float64(st.batch) * float64(in.net.Input.Len()); values > maxCells {
		return nil, fmt.Errorf("a batch of %d inputs %v has %.0f values, the limit is %d; use a smaller --batch or input", st.batch, in.net.Input, values, maxCells)
	}
	g := &gradient{kind: "trained weights"}
	weights := in.weights
	if weights == nil {
		g.kind = "initial weights"
		if weights, err = nn.NewWeights(in.net); err != nil {
			return nil, err
		}
		weights.Init(st.seed)
	}
	runner, err := nn.NewRunner(in.net, weights, threads)
	if err != nil {
		return nil, err
	}
	x, labels := g.inputs(in, st)
	var dx, dscores [][]float32
	for _, sample := range x {
		dx = append(dx, make([]float32, len(sample)))
		dscores = append(dscores, make([]float32, classes))
	}
	scores := runner.Forward(x, st.masks)
	if g.loss, err = objective.Grad(loss.Batch{Scores: scores, Labels: labels}, dscores); err != nil {
		return nil, err
	}
	runner.Backward(dscores, dx)
	for _, d := range dx {
		g.fields = append(g.fields, norm(d, in.net.Input, in.std))
	}
	return g, nil
}

// inputs returns the samples as the network takes them, and their labels. Without samples they are drawn from a
// normal distribution, with label 0.
func (g *gradient) inputs(in *input, st *step) (x [][]float32, labels []int) {
	if len(in.samples) == 0 {
		g.kind += ", random normal inputs"
		for n := range st.batch {
			r := rng.New(st.seed, rng.Field, uint64(n))
			sample := make([]float32, in.net.Input.Len())
			for i := range sample {
				sample[i] = float32(r.NormFloat64())
			}
			x = append(x, sample)
			g.names = append(g.names, fmt.Sprintf("random input %d, as of class %s", n, in.className(0)))
		}
		return x, make([]int, st.batch)
	}
	for _, s := range in.samples {
		sample := make([]float32, len(s.X))
		for i, v := range s.X {
			sample[i] = (v - in.mean) / in.std
		}
		name := fmt.Sprintf("sample %s of class %s", s.Key, in.className(s.Label))
		if !s.HasLabel {
			name = fmt.Sprintf("sample %s, as of class %s", s.Key, in.className(0))
		}
		x, labels, g.names = append(x, sample), append(labels, in.target(s.Label)), append(g.names, name)
	}
	return x, labels
}

// norm is the length over the channels of a gradient by normalised inputs, as one by the inputs themselves.
func norm(d []float32, shape nn.Shape, std float32) draw.Field {
	f := draw.NewField(shape.H, shape.W)
	for i := range f.Data {
		sum := 0.0
		for c := range shape.C {
			v := float64(d[c*len(f.Data)+i])
			sum += v * v
		}
		f.Data[i] = float32(math.Sqrt(sum) / float64(std))
	}
	return f
}
