package main

import (
	"cmp"
	"fmt"
	"io"

	"backdrop/lib/data"
	"backdrop/lib/draw"
	"backdrop/lib/engine"
	"backdrop/lib/finite"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
)

// gradient is |d loss / d input| of a batch.
type gradient struct {
	norms []*norms // one a sample
	names []string // what the samples are
	loss  float64  // of the batch
	own   bool     // each sample is a batch of its own
	kind  string   // of the weights and inputs

	in        *input
	shape     net.Shape // of the samples
	runner    *engine.Runner
	objective loss.Loss
	x         []pixels.Source // as the network takes them
	labels    []int
	sinks     []pixels.Sink // the norms
	dscores   [][]float32
	scale     scale.Normalisation
	watch     *watch
}

// newGradient is ready to take the gradient of steps of up to that many samples, as far as the input.
func newGradient(in *input, st *step, batch int, p plan) (*gradient, error) {
	objective, classes, err := in.objective()
	if err != nil {
		return nil, err
	}
	g := &gradient{kind: "trained weights", own: in.differ, objective: objective, in: in, shape: in.net.Input, scale: in.scale, watch: st.watch}
	weights := in.weights
	if weights == nil {
		g.kind = "initial weights"
		if weights, err = net.NewWeights(in.net); err != nil {
			return nil, err
		}
		weights.Init(st.seed)
	}
	if g.runner, err = engine.NewRunner(in.net, weights, p.threads); err != nil {
		return nil, err
	}
	g.runner.Recompute(p.recompute)
	g.runner.Expect(p.kept)
	if g.x, g.labels, err = g.inputs(in, st.seed, batch); err != nil {
		return nil, err
	}
	for range g.x {
		n := newNorms(g.shape, g.scale)
		g.norms, g.sinks = append(g.norms, n), append(g.sinks, n)
		g.dscores = append(g.dscores, make([]float32, classes))
	}
	return g, nil
}

// objective is the cross entropy of the network's classes, and their number.
func (in *input) objective() (loss.Loss, int, error) {
	classes, err := in.net.Classes()
	if err != nil {
		return nil, 0, err
	}
	config := loss.Config{Name: "xent"}
	if classes == 1 {
		config.Name = "bce"
	}
	objective, err := loss.New(config, classes)
	return objective, classes, err
}

// look takes the gradient of a step.
func (g *gradient) look(st *step) (err error) {
	n := st.batch
	stopped := g.watch.during(g.part, g.runner.Stop, func() {
		scores := g.runner.Forward(g.x[:n], st.masks)
		if g.watch.stopped() {
			return
		}
		for i, logits := range scores {
			if k := finite.First(logits); k >= 0 {
				err = fmt.Errorf("%s: the score of class %s is %v: the network overflows", g.names[i], g.in.className(k), logits[k])
				return
			}
		}
		if g.loss, err = g.objective.Grad(loss.Batch{Scores: scores, Labels: g.labels[:n]}, g.dscores[:n]); err == nil {
			g.runner.Backward(g.dscores[:n], g.sinks[:n])
		}
	})
	return cmp.Or(stopped, g.in.changed(), err)
}

// part says how far a step is.
func (g *gradient) part() string {
	phase, done := g.runner.Progress()
	switch phase {
	case engine.ForwardPhase:
		return fmt.Sprintf("forward %.0f %%", 100*done)
	case engine.BackwardPhase:
		return fmt.Sprintf("backward %.0f %%", 100*done)
	}
	return ""
}

func (g *gradient) what() string { return "masks and gradient" }

func (g *gradient) samples(st *step) int { return st.batch }

func (g *gradient) note() string {
	loss := fmt.Sprintf(" (%.4g)", g.loss)
	if g.own { // each has its own
		loss = ""
	}
	return fmt.Sprintf("Gradient of the cross entropy%s with %s. Colours follow the square root of the value; the largest %v %% share the brightest.",
		loss, g.kind, 100*saturated) + inCells(g.shape, "the largest value is drawn; the 1 % are of these") + g.lines()
}

// lines says what the lines of a sequence are; "" for other samples.
func (g *gradient) lines() string {
	if g.shape.Dimensions() > 1 {
		return ""
	}
	return " The lines above it are the samples, in colour and on yellow where it is not zero." + namedCurves(g.shape)
}

// saturated is the part of the gradient's values, or of those of cells, zeros aside, that share the brightest colour: a few large ones would
// leave the rest in the dark.
const saturated = 0.01

func (g *gradient) panel(_ *step, n int) draw.Panel {
	f := g.norms[n]
	colours := draw.Heatmap{Map: draw.Inferno, Range: upTo(f.robust()), Scale: draw.Sqrt, Bar: true}
	if f.Cells.Size > 1 {
		colours.Of = draw.Largest
	}
	v := view{values: f.Volume, colours: colours, projection: draw.Largest}
	if g.shape.Dimensions() == 1 {
		v.channels, v.lit = g.curves(n), f.lit()
	}
	name := g.names[n]
	if g.own {
		name += fmt.Sprintf(", cross entropy %.4g", g.loss)
	}
	return draw.Panel{
		Title:    "|∂loss/∂input|",
		Pictures: v.pictures(g.shape),
		Captions: []string{name, fmt.Sprintf("not zero in %s %% of the %s", percent(f.reached, g.shape.Size().Product()), words[g.shape.Dimensions()].many)},
	}
}

// curves are the channels of a sequence, before they were normalised.
func (g *gradient) curves(n int) draw.Curves {
	r := &reader{source: g.x[n], shape: g.shape, stopped: g.watch.stopped}
	return r.curves(func(c int, x float32) float32 {
		mean, std := g.scale.Of(c)
		return x*std + mean
	})
}

// inputs returns the samples as the network takes them, and their labels. Without samples they are drawn from a
// normal distribution, with label 0.
func (g *gradient) inputs(in *input, seed uint64, batch int) (x []pixels.Source, labels []int, err error) {
	if len(in.samples) == 0 {
		g.kind += ", random normal inputs"
		for n := range batch {
			x = append(x, newRandom(in.net.Input, seed, n))
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
	return b.X, b.Labels, nil
}

// samplesRead is the samples that were read, as a stream.
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
	return x, r.in.target().Of(s.Label), nil
}

// Release does nothing: there are no more samples to come.
func (r *samplesRead) Release(pixels.Source) {}

// Err says whether a file that samples are left in is as it was.
func (r *samplesRead) Err() error { return r.in.changed() }
