package main

import (
	"cmp"
	"fmt"
	"io"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/stream"
	"backdrop/lib/data"
	"backdrop/lib/engine"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
)

// runModel takes all samples through the network, a batch at a time, and keeps the logits.
func runModel(s tool.Stdio, c *config, notices *tool.Notices) (*scored, error) {
	stdin := s.In
	if c.model == "-" || tool.IsStdin(c.data) {
		var err error
		if stdin, err = s.Stdin(); err != nil {
			return nil, err
		}
	}
	m, err := models.Load(c.model, stdin, c.Limits())
	if err != nil {
		return nil, err
	}
	m.File = nil // the parameters once more, and what a checkpoint holds
	positive := c.positive
	if m.Positive != "" {
		class, err := models.ClassNumber(cmp.Or(positive, m.Positive), m.Classes)
		if err != nil || class != m.PositiveClass() {
			return nil, tool.Usagef("--positive %s: the model has one output, the logit of class %s", positive, m.Positive)
		}
		positive = m.Positive
	}
	source, err := dataset.Open(c.data, stdin, dataset.Options{X: c.x, Y: c.y, Labels: c.labels, Axes: c.layout, Dimensions: m.Net.Input.Dimensions(), Channels: m.Net.Input.C, NeedLabels: c.wantsFigures(), Classes: m.Classes, Whose: "the model",
		Numbers: len(m.Classes) == 0, Note: notices.Add, Limits: c.Limits(), InPlace: true})
	if err != nil {
		return nil, tool.Advise(err, "--labels")
	}
	defer source.Close()
	e, err := newEvaluation(m, c, source)
	if err != nil {
		return nil, err
	}
	e.positive = positive
	shown := s.NewProgress(c.Quiet, e.progress.line)
	defer shown.Close()
	if err := e.run(c); err != nil {
		return nil, err
	}
	if e.watch != nil {
		if line := models.OtherRange(tool.InputName(c.data), "the training data", e.watch.Others()); line != "" {
			notices.Add(line)
		}
	}
	return e.scored, nil
}

// evaluation is the samples of a source as a network takes them (data.OnePass), and what it says of them.
type evaluation struct {
	*scored
	source dataset.Source
	first  *stream.Sample // read ahead
	inFile bool           // samples stay in their file, as the first does
	model  *models.Loaded
	figure bool         // labels are wanted
	size   int          // of a batch
	need   float64      // bytes, besides what is kept of the samples
	watch  *scale.Watch // beside the samples that the model was trained with; nil if their range is not known
	progress
}

func newEvaluation(m *models.Loaded, c *config, source dataset.Source) (*evaluation, error) {
	outputs, err := m.Net.Classes()
	if err != nil {
		return nil, err
	}
	sc := &scored{from: "model " + tool.InputName(c.model), network: true, columns: outputs, classes: m.Classes, copied: true, threads: c.Threads}
	e := &evaluation{scored: sc, model: m, source: source, figure: c.wantsFigures(), size: c.batch}
	if m.Range.Known() {
		e.watch = scale.NewWatch(m.Range)
	}
	return e, nil
}

// run takes all samples through the network.
func (e *evaluation) run(c *config) error {
	var err error
	if e.first, err = e.source.Next(); err == io.EOF {
		return fmt.Errorf("reading %s: no samples", tool.InputName(c.data))
	}
	if err != nil {
		return tool.Advise(err, "--labels")
	}
	if err := models.OneReading(c.data, c.layout, cmp.Or(e.first.Axes, e.source.Metadata().Axes), e.first.Shape); err != nil {
		return err
	}
	e.inFile = e.first.Array != nil
	if err := e.plan(c); err != nil {
		return err
	}
	runner, err := engine.NewRunner(e.model.Net, e.model.Weights, e.threads)
	if err != nil {
		return err
	}
	e.progress.begin(runner, e.source.Most())
	batches := data.NewOnceBatches(e, data.Options{Shape: e.model.Net.Input, Size: e.size, Normalisation: e.model.Scale})
	return data.Evaluate(runner, batches, nil, func(b *data.Batch, scores [][]float32) error {
		e.keep(b, scores)
		e.progress.done.Add(int64(b.Len()))
		return e.fits(c)
	})
}

// keep keeps the scores of a batch and, for figures, its labels.
func (e *evaluation) keep(b *data.Batch, scores [][]float32) {
	for _, logits := range scores {
		for _, v := range logits {
			e.scores = append(e.scores, float64(v))
		}
	}
	if e.figure {
		e.labels = append(e.labels, b.Labels...)
	}
}

// Next reads the next sample.
func (e *evaluation) Next() (pixels.Source, int, error) {
	sample := e.first
	if e.first = nil; sample == nil {
		var err error
		if sample, err = e.source.Next(); err != nil {
			return nil, 0, err
		}
	}
	if err := e.check(sample); err != nil {
		return nil, 0, err
	}
	x := sample.Source()
	if e.watch != nil {
		in := e.model.Net.Input
		e.watch.Add(x, in.C, in.Size().Product())
	}
	e.progress.read.Add(1)
	return x, sample.Label, nil
}

// Release gives back the memory of a sample, if it takes any.
func (e *evaluation) Release(x pixels.Source) {
	if m, ok := x.(*pixels.Memory); ok {
		e.source.Reuse(m.Values)
	}
}

// Err says whether a file that samples stay in is as it was.
func (e *evaluation) Err() error { return e.source.Err() }

// check refuses a sample that the network does not take, or whose label it does not know.
func (e *evaluation) check(s *stream.Sample) error {
	if in, shape := e.model.Net.Input, models.SampleShape(s.Shape); shape != in {
		return fmt.Errorf("sample %s is %v, but the network takes %v%s", s.Key, shape, in, models.AxesHint(shape, in))
	}
	if classes := max(e.columns, len(e.classes), 2); e.figure && (s.Label < 0 || s.Label >= classes && !e.unnamed()) {
		return fmt.Errorf("sample %s has label %d, but the network tells %d classes apart", s.Key, s.Label, classes)
	}
	return nil
}

// unnamed reports whether the network tells a class that has a number only from all others, however many.
func (e *evaluation) unnamed() bool { return e.model.Positive != "" && len(e.classes) == 0 }
