package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/stream"
	"backdrop/lib/data"
	"backdrop/lib/engine"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
)

// runModel takes all samples through the network, a batch at a time. begin is called when the network and the first sample are known,
// and says what becomes of the scores.
func runModel(s tool.Stdio, c *config, notices *tool.Notices, begin func(*evaluation) (use, error)) (*scored, error) {
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
	positive, err := c.positiveOf(m)
	if err != nil {
		return nil, err
	}
	source, err := dataset.Open(c.data, stdin, c.options(m, notices))
	if err != nil {
		return nil, tool.Advise(err, "--labels")
	}
	defer source.Close()
	e, err := newEvaluation(m, c, source)
	if err != nil {
		return nil, err
	}
	e.positive, e.seen = positive, newSeen(m)
	shown := s.NewProgress(c.Quiet, e.progress.line)
	defer shown.Close()
	if err := e.run(c, begin); err != nil {
		return nil, err
	}
	if line := e.otherRange(c); line != "" {
		notices.Add(line)
	}
	if e.seen != nil {
		if line := e.seen.line(c.model); line != "" {
			notices.Add(line)
		}
	}
	return e.scored, nil
}

// positiveOf is the class that is told from all others: that of a model with one output, or that of --positive.
func (p *config) positiveOf(m *models.Loaded) (string, error) {
	if m.Positive == "" {
		return p.positive, nil
	}
	class, err := models.ClassNumber(cmp.Or(p.positive, m.Positive), m.Classes)
	if err != nil || class != m.PositiveClass() {
		return "", tool.Usagef("--positive %s: the model has one output, the logit of class %s", p.positive, m.Positive)
	}
	return m.Positive, nil
}

// options say what a model expects of DATA.
func (p *config) options(m *models.Loaded, notices *tool.Notices) dataset.Options {
	return dataset.Options{X: p.x, Y: p.y, Labels: p.labels, Axes: p.layout, Dimensions: m.Net.Input.Dimensions(), Channels: m.Net.Input.C, NeedLabels: p.wantsFigures(), Classes: m.Classes, Whose: "the model",
		NoLabels: p.noLabels, Numbers: len(m.Classes) == 0, Note: notices.Add, Limits: p.Limits(), InPlace: true, Resize: m.Resize, Sizes: m.Sizes(), Reach: m.Range.Reach()}
}

// use is called with every batch, what there is to say of its samples, and their scores.
type use func(b *data.Batch, samples []about, scores [][]float32) error

// about is what there is to say of a sample besides its values as the network takes them.
type about struct {
	number   int // in DATA, from 0
	key      string
	label    int
	labelled bool
	shape    net.Shape
	source   pixels.Source // the values as they came, unless these are in memory, where they are normalised
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
	seen   *seen        // whether the model was trained on some; nil if it does not say
	part   *part        // the fold that they are; nil: all of DATA
	ahead  []about      // samples that were read and have no scores yet
	taken  int          // samples that were read
	photos float64      // bytes of the pictures of the worst; 0: none are wanted
	sizes
	batches  *data.OnceBatches
	batchSet bool // --batch is given
	progress
}

func newEvaluation(m *models.Loaded, c *config, source dataset.Source) (*evaluation, error) {
	outputs, err := m.Net.Classes()
	if err != nil {
		return nil, err
	}
	sc := &scored{from: "model " + tool.InputName(c.model), network: true, input: m.Net.Input, columns: outputs, classes: m.Classes, copied: true, threads: c.Threads}
	e := &evaluation{scored: sc, model: m, source: source, figure: c.wantsFigures(), size: c.batch, batchSet: c.batchSet, sizes: newSizes(m)}
	if m.Range.Known() {
		e.watch = scale.NewWatch(m.Range)
	}
	return e, nil
}

// otherRange says that the samples lie in another range than those that the model was trained with; "" if they do not.
func (e *evaluation) otherRange(c *config) string {
	if e.watch == nil {
		return ""
	}
	return models.OtherRange(tool.InputName(c.data), "the training data", e.watch.Others())
}

// run takes all samples through the network.
func (e *evaluation) run(c *config, begin func(*evaluation) (use, error)) error {
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
	if err := e.check(e.first); err != nil {
		return err
	}
	e.take(models.SampleShape(e.first.Shape))
	do, err := begin(e)
	if err != nil {
		return err
	}
	if err := e.plan(c); err != nil {
		return err
	}
	runner, err := engine.NewRunner(e.model.Net, e.model.Weights, e.threads)
	if err != nil {
		return err
	}
	network := engine.NewSizes(runner, e.model.Weights)
	e.progress.begin(network, e.source.Most())
	e.batches = data.NewOnceBatches(e, data.Options{Shape: e.model.Net.Input, Size: e.size, Normalisation: e.model.Scale})
	return data.Evaluate(network, e.batches, nil, func(b *data.Batch, scores [][]float32) error {
		err := do(b, e.ahead[:b.Len()], scores)
		e.ahead = slices.Delete(e.ahead, 0, b.Len())
		e.progress.done.Add(int64(b.Len()))
		return err
	})
}

// judged keeps what figures are computed from, and the samples with the largest loss.
func judged(c *config, notices *tool.Notices) func(*evaluation) (use, error) {
	said := false // of several models, each of which calls what is returned
	return func(e *evaluation) (use, error) {
		if c.worst > 0 {
			if err := e.beginWorst(c); err != nil {
				return nil, err
			}
		}
		if line := e.onlyRanks(c); line != "" && !said {
			notices.Add(line)
			said = true
		}
		return func(b *data.Batch, samples []about, scores [][]float32) error {
			e.keep(b, scores)
			if err := e.keepWorst(samples, scores); err != nil {
				return err
			}
			return e.fits(c)
		}, nil
	}
}

// onlyRanks says which of the figures that are asked for mean little for a loss that ranks samples; "" if there are none.
func (e *evaluation) onlyRanks(c *config) string {
	name, ranks := e.model.Ranks()
	if !ranks || !c.depends(e.columns) {
		return ""
	}
	line := fmt.Sprintf("the model was trained with --loss %s, which ranks samples: its score is no logit, and a limit at 0 means nothing to this loss, so that loss, accuracy, f1, confusion and calibration say little, and auc and average_precision say how good it is", name)
	if c.worst > 0 {
		line += "; --worst goes by that limit, and p is no probability"
	}
	return line
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
			return nil, 0, tool.AdviseSizes(tool.Advise(err, "--labels"))
		}
	}
	if err := e.check(sample); err != nil {
		return nil, 0, err
	}
	x, shape := sample.Source(), models.SampleShape(sample.Shape)
	if e.take(shape) {
		if err := e.replan(sample.Key); err != nil {
			return nil, 0, err
		}
	}
	number := e.taken
	if e.taken++; e.part != nil {
		number = e.part.numbers[number]
	}
	e.ahead = append(e.ahead, about{number, sample.Key, sample.Label, sample.HasLabel, shape, x})
	if e.seen != nil {
		e.seen.add(sample, x, shape)
	}
	if e.watch != nil {
		e.watch.Add(x, shape.C, shape.Size().Product())
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
	if shape := models.SampleShape(s.Shape); !e.known[shape] {
		if _, err := e.model.On(s); err != nil {
			return err
		}
		e.known[shape] = true
	}
	if classes := max(e.columns, len(e.classes), 2); e.figure && (s.Label < 0 || s.Label >= classes && !e.unnamed()) {
		return fmt.Errorf("sample %s has label %d, but the network tells %d classes apart", s.Key, s.Label, classes)
	}
	return nil
}

// unnamed reports whether the network tells a class that has a number only from all others, however many.
func (e *evaluation) unnamed() bool { return e.model.Positive != "" && len(e.classes) == 0 }
