package main

import (
	"fmt"
	"io"
	"math"

	"backdrop/lib/data"
	"backdrop/lib/draw"
	"backdrop/lib/engine"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/rng"
	"backdrop/lib/scale"
)

// gradient is |d loss / d input| of a batch.
type gradient struct {
	fields []draw.Volume // one a sample; the Euclidean norm over the channels
	names  []string      // what the samples are
	loss   float64       // of the batch
	kind   string        // of the weights and inputs

	shape       net.Shape // of the samples
	runner      *engine.Runner
	objective   loss.Loss
	x           [][]float32 // as the network takes them
	labels      []int
	dx, dscores [][]float32
	scale       scale.Normalisation
}

// newGradient is ready to take the gradient of steps of up to that many samples, as far as the input.
func newGradient(in *input, st *step, batch, threads int) (*gradient, error) {
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
	if values := float64(batch) * float64(in.net.Input.Len()); values > maxCells {
		return nil, fmt.Errorf("a batch of %d inputs %v has %.0f values, the limit is %d; use a smaller --batch or input", batch, in.net.Input, values, maxCells)
	}
	g := &gradient{kind: "trained weights", objective: objective, shape: in.net.Input, scale: in.scale}
	weights := in.weights
	if weights == nil {
		g.kind = "initial weights"
		if weights, err = net.NewWeights(in.net); err != nil {
			return nil, err
		}
		weights.Init(st.seed)
	}
	if g.runner, err = engine.NewRunner(in.net, weights, threads); err != nil {
		return nil, err
	}
	if g.x, g.labels, err = g.inputs(in, st.seed, batch); err != nil {
		return nil, err
	}
	for _, sample := range g.x {
		g.dx = append(g.dx, make([]float32, len(sample)))
		g.dscores = append(g.dscores, make([]float32, classes))
	}
	return g, nil
}

// look takes the gradient of a step.
func (g *gradient) look(st *step) (err error) {
	n := st.batch
	scores := g.runner.Forward(pixels.InMemory(g.x[:n], g.shape.C), st.masks)
	if g.loss, err = g.objective.Grad(loss.Batch{Scores: scores, Labels: g.labels[:n]}, g.dscores[:n]); err != nil {
		return err
	}
	g.runner.Backward(g.dscores[:n], pixels.Sinks(g.dx[:n], g.shape.C))
	g.fields = g.fields[:0]
	for _, d := range g.dx[:n] {
		g.fields = append(g.fields, norm(d, st.net.Input, g.scale))
	}
	return nil
}

func (g *gradient) what() string { return "masks and gradient" }

func (g *gradient) samples(st *step) int { return st.batch }

func (g *gradient) note() string {
	return fmt.Sprintf("Gradient of the cross entropy (%.4g) with %s. Colours follow the square root of the value; the largest %v %% share the brightest.",
		g.loss, g.kind, 100*saturated) + g.lines()
}

// lines says what the lines of a sequence are; "" for other samples.
func (g *gradient) lines() string {
	if g.shape.Dimensions() > 1 {
		return ""
	}
	return " The lines above it are the samples, in colour and on yellow where it is not zero." + curves(g.shape)
}

// saturated is the part of the gradient's values, zeros aside, that share the brightest colour: a few large ones would
// leave the rest in the dark.
const saturated = 0.01

func (g *gradient) panel(_ *step, n int) draw.Panel {
	f := g.fields[n]
	var reached []float32
	for _, v := range f.Data {
		if v != 0 {
			reached = append(reached, v)
		}
	}
	high := draw.Robust(saturated, draw.Field{H: 1, W: len(reached), Data: reached}).High
	v := view{values: f, colours: draw.Heatmap{Map: draw.Inferno, Range: upTo(high), Scale: draw.Sqrt, Bar: true}, projection: draw.Largest}
	if g.shape.Dimensions() == 1 {
		v.channels, v.lit = g.curves(n), newVolume(g.shape)
		for i, d := range f.Data {
			if d != 0 {
				v.lit.Data[i] = 1
			}
		}
	}
	return draw.Panel{
		Title:    "|∂loss/∂input|",
		Pictures: v.pictures(g.shape),
		Captions: []string{g.names[n], fmt.Sprintf("not zero in %s %% of the %s", percent(len(reached), len(f.Data)), words[g.shape.Dimensions()].many)},
	}
}

// curves are the channels of a sequence, before they were normalised.
func (g *gradient) curves(n int) [][]float32 {
	lines := channels(g.x[n], g.shape)
	for c, line := range lines {
		mean, std := g.scale.Of(c)
		for i, v := range line {
			line[i] = v*std + mean
		}
	}
	return lines
}

// inputs returns the samples as the network takes them, and their labels. Without samples they are drawn from a
// normal distribution, with label 0.
func (g *gradient) inputs(in *input, seed uint64, batch int) (x [][]float32, labels []int, err error) {
	if len(in.samples) == 0 {
		g.kind += ", random normal inputs"
		for n := range batch {
			r := rng.New(seed, rng.Field, uint64(n))
			sample := make([]float32, in.net.Input.Len())
			for i := range sample {
				sample[i] = float32(r.NormFloat64())
			}
			x = append(x, sample)
			g.names = append(g.names, fmt.Sprintf("random input %d, as of class %s", n, in.className(0)))
		}
		return x, make([]int, batch), nil
	}
	for _, s := range in.samples {
		name := fmt.Sprintf("sample %s of class %s", s.Key, in.className(s.Label))
		if !s.HasLabel {
			name = fmt.Sprintf("sample %s, as of class %s", s.Key, in.className(0))
		}
		g.names = append(g.names, name)
	}
	batches := data.NewOnceBatches(&samplesRead{in: in}, data.Options{Shape: in.net.Input, Size: len(in.samples), Normalisation: in.scale})
	b, err := batches.Next()
	if err != nil {
		return nil, nil, err
	}
	for _, sample := range b.X {
		x = append(x, sample.(*pixels.Memory).Values)
	}
	return x, b.Labels, nil
}

// samplesRead is the samples that were read as a stream, which gives their values away.
type samplesRead struct {
	in *input
	at int
}

// Next returns the next sample, with its label as the loss sees it.
func (r *samplesRead) Next() (pixels.Source, int, error) {
	if r.at == len(r.in.samples) {
		return nil, 0, io.EOF
	}
	s := r.in.samples[r.at]
	r.at++
	x := s.Source()
	s.X = nil // not needed any more
	return x, r.in.target().Of(s.Label), nil
}

// Release does nothing: there are no more samples to come.
func (r *samplesRead) Release(pixels.Source) {}

// Err is nil: the samples are in memory.
func (r *samplesRead) Err() error { return nil }

// norm is the length over the channels of a gradient with respect to normalised inputs, as one with respect to the inputs
// themselves.
func norm(d []float32, shape net.Shape, n scale.Normalisation) draw.Volume {
	f := newVolume(shape)
	for i := range f.Data {
		sum := 0.0
		for c := range shape.C {
			_, std := n.Of(c)
			v := float64(d[c*len(f.Data)+i]) / float64(std)
			sum += v * v
		}
		f.Data[i] = float32(math.Sqrt(sum))
	}
	return f
}
