package main

import (
	"fmt"
	"io"
	"slices"
	"time"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/stream"
	"backdrop/lib/nn"
)

// runModel takes all samples through the network, a batch at a time, and keeps the logits.
func runModel(s tool.Streams, o *options) (*scored, error) {
	stdin := s.In
	if o.model == "-" || tool.IsStdin(o.data) {
		var err error
		if stdin, err = s.Stdin(); err != nil {
			return nil, err
		}
	}
	m, err := models.Load(o.model, stdin)
	if err != nil {
		return nil, err
	}
	data, err := dataset.Open(o.data, stdin, dataset.Options{Labels: o.labels, NeedLabels: o.wantsFigures()})
	if err != nil {
		return nil, err
	}
	defer data.Close()
	e, err := newEvaluation(m, o)
	if err != nil {
		return nil, err
	}
	show := newProgress(s, o)
	defer show.clear()
	for {
		sample, err := data.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if show.done == 0 {
			if err := e.checkClasses(data.Dataset().Classes); err != nil {
				return nil, err
			}
		}
		if err := e.add(sample); err != nil {
			return nil, err
		}
		show.step()
	}
	if show.done == 0 {
		return nil, fmt.Errorf("reading %s: no samples", inputName(o.data))
	}
	e.flush()
	return e.scored, e.checkClasses(data.Dataset().Classes) // which may come last
}

// evaluation collects samples to batches and what the network says of them.
type evaluation struct {
	*scored
	model  *models.Loaded
	runner *nn.Runner
	figure bool // labels are wanted
	size   int  // of a batch
	batch  [][]float32
}

func newEvaluation(m *models.Loaded, o *options) (*evaluation, error) {
	runner, err := nn.NewRunner(m.Net, m.Weights, o.Threads)
	if err != nil {
		return nil, err
	}
	outputs, err := m.Net.Classes()
	if err != nil {
		return nil, err
	}
	sc := &scored{from: "model " + inputName(o.model), columns: outputs, classes: m.Classes}
	return &evaluation{scored: sc, model: m, runner: runner, figure: o.wantsFigures(), size: o.batch}, nil
}

// checkClasses refuses data whose classes are others than the model's, or in another order.
func (e *evaluation) checkClasses(data []string) error {
	if len(data) > 0 && len(e.classes) > 0 && !slices.Equal(data, e.classes) {
		return fmt.Errorf("the classes of the data are %q, those of the model %q", data, e.classes)
	}
	return nil
}

// add takes a sample in, and runs the network when a batch is full.
func (e *evaluation) add(s *stream.Sample) error {
	shape := s.Shape
	if len(shape) == 2 {
		shape = append([]int{1}, shape...)
	}
	if in := e.model.Net.Input; !slices.Equal(shape, []int{in.C, in.H, in.W}) {
		return fmt.Errorf("sample %s has shape %v, but the network takes %v", s.Key, s.Shape, in)
	}
	if e.figure {
		if classes := max(e.columns, 2); s.Label < 0 || s.Label >= classes {
			return fmt.Errorf("sample %s has label %d, but the network tells %d classes apart", s.Key, s.Label, classes)
		}
		e.labels = append(e.labels, s.Label)
	}
	for i, v := range s.X {
		s.X[i] = (v - e.model.Mean) / e.model.Std
	}
	e.batch = append(e.batch, s.X)
	if len(e.batch) == e.size {
		e.flush()
	}
	return nil
}

func (e *evaluation) flush() {
	if len(e.batch) == 0 {
		return
	}
	for _, logits := range e.runner.Forward(e.batch, nil) {
		for _, v := range logits {
			e.scores = append(e.scores, float64(v))
		}
	}
	e.batch = e.batch[:0]
}

// progress counts the samples on a terminal.
type progress struct {
	w     io.Writer // nil if nothing is shown
	done  int
	drawn time.Time
}

func newProgress(s tool.Streams, o *options) *progress {
	if o.Quiet || !tool.IsTerminal(s.Err) {
		return &progress{}
	}
	return &progress{w: s.Err}
}

func (p *progress) step() {
	p.done++
	if p.w != nil && time.Since(p.drawn) > time.Second/5 {
		p.drawn = time.Now()
		fmt.Fprintf(p.w, "\r\033[K%d samples", p.done)
	}
}

// clear takes the line away.
func (p *progress) clear() {
	if p.w != nil && !p.drawn.IsZero() {
		fmt.Fprint(p.w, "\r\033[K")
	}
}
