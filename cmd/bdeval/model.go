package main

import (
	"cmp"
	"fmt"
	"io"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/stream"
	"backdrop/lib/engine"
	"backdrop/lib/scale"
)

// runModel takes all samples through the network, a batch at a time, and keeps the logits.
func runModel(s tool.Stdio, o *options, notices *tool.Notices) (*scored, error) {
	stdin := s.In
	if o.model == "-" || tool.IsStdin(o.data) {
		var err error
		if stdin, err = s.Stdin(); err != nil {
			return nil, err
		}
	}
	m, err := models.Load(o.model, stdin, o.Limits())
	if err != nil {
		return nil, err
	}
	if m.Positive != "" {
		class, err := models.ClassNumber(cmp.Or(o.positive, m.Positive), m.Classes)
		if err != nil || class != m.PositiveClass() {
			return nil, tool.Usagef("--positive %s: the model has one output, the logit of class %s", o.positive, m.Positive)
		}
		o.positive = m.Positive
	}
	data, err := dataset.Open(o.data, stdin, dataset.Options{Labels: o.labels, NeedLabels: o.wantsFigures(), Classes: m.Classes, Whose: "the model",
		Numbers: len(m.Classes) == 0, Note: notices.Add, Limits: o.Limits()})
	if err != nil {
		return nil, tool.Advise(err, "--labels")
	}
	defer data.Close()
	e, err := newEvaluation(m, o, data)
	if err != nil {
		return nil, err
	}
	counter := s.NewCounter("bdeval", 0, o.Quiet)
	defer counter.Clear()
	for {
		sample, err := data.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if counter.Done == 0 {
			if err := e.start(o); err != nil {
				return nil, err
			}
		}
		if err := e.add(sample); err != nil {
			return nil, err
		}
		if len(e.batch) == 0 {
			if err := e.fits(o); err != nil {
				return nil, err
			}
		}
		counter.Step()
	}
	if counter.Done == 0 {
		return nil, fmt.Errorf("reading %s: no samples", tool.InputName(o.data))
	}
	e.flush()
	if e.watch != nil {
		if line := models.OtherRange(tool.InputName(o.data), "the training data", e.watch.Others()); line != "" {
			notices.Add(line)
		}
	}
	return e.scored, nil
}

// evaluation collects samples to batches and what the network says of them.
type evaluation struct {
	*scored
	data   dataset.Source
	model  *models.Loaded
	runner *engine.Runner
	figure bool    // labels are wanted
	size   int     // of a batch
	need   float64 // bytes, besides what is kept of the samples
	batch  [][]float32
	watch  *scale.Watch // beside the samples that the model was trained with; nil if their range is not known
}

func newEvaluation(m *models.Loaded, o *options, data dataset.Source) (*evaluation, error) {
	outputs, err := m.Net.Classes()
	if err != nil {
		return nil, err
	}
	m.File = nil // the parameters once more, and what a checkpoint holds
	sc := &scored{from: "model " + tool.InputName(o.model), network: true, columns: outputs, classes: m.Classes, copied: true}
	e := &evaluation{scored: sc, model: m, data: data, figure: o.wantsFigures(), size: o.batch}
	if m.Range.Known() {
		e.watch = scale.NewWatch(m.Range)
	}
	return e, nil
}

// start gets ready when the first sample has shown what the source holds.
func (e *evaluation) start(o *options) (err error) {
	if err := e.plan(o); err != nil {
		return err
	}
	e.runner, err = engine.NewRunner(e.model.Net, e.model.Weights, o.Threads)
	return err
}

// add takes a sample in, and runs the network when a batch is full.
func (e *evaluation) add(s *stream.Sample) error {
	if in, shape := e.model.Net.Input, models.SampleShape(s.Shape); shape != in {
		return fmt.Errorf("sample %s has shape %v, but the network takes %v%s", s.Key, s.Shape, in, models.AxesHint(shape, in))
	}
	if e.figure {
		if classes := max(e.columns, len(e.classes), 2); s.Label < 0 || s.Label >= classes && !e.unnamed() {
			return fmt.Errorf("sample %s has label %d, but the network tells %d classes apart", s.Key, s.Label, classes)
		}
		e.labels = append(e.labels, s.Label)
	}
	if e.watch != nil {
		e.watch.Add(s.X)
	}
	e.model.Scale.Apply(s.X, s.X)
	e.batch = append(e.batch, s.X)
	if len(e.batch) == e.size {
		e.flush()
	}
	return nil
}

// unnamed reports whether the network tells a class that has a number only from all others, however many.
func (e *evaluation) unnamed() bool { return e.model.Positive != "" && len(e.classes) == 0 }

func (e *evaluation) flush() {
	if len(e.batch) == 0 {
		return
	}
	for _, logits := range e.runner.Forward(e.batch, nil) {
		for _, v := range logits {
			e.scores = append(e.scores, float64(v))
		}
	}
	for _, x := range e.batch {
		e.data.Reuse(x)
	}
	e.batch = e.batch[:0]
}
