package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/stream"
	"backdrop/lib/data"
	"backdrop/lib/machine"
	"backdrop/lib/pixels"
	"backdrop/lib/run"
)

// folds reports whether models judge the samples that they have held out.
func (p *config) folds() bool { return p.fold != "" || len(p.others) > 0 }

// validation is models of one cross-validation, each of which judges its fold.
type validation struct {
	c       *config
	table   *dataset.Table
	set     *data.Set // all samples
	classes []string
	columns int
	of      run.Training
	models  []string // of each fold; "": none
	rows    []row
	worst   *worst // of the folds that were judged; nil if not asked for
}

// row is a sample with its scores, by the model that has held out its fold.
type row struct {
	number, fold int
	key          string
	label        int
	scores       []float64
}

// part is what there is to say of the samples of a fold.
type part struct {
	fold    int
	numbers []int  // in DATA
	all     int    // samples of all folds
	worst   *worst // of the folds before
}

// judgeFolds takes the samples that each model has held out through it, and keeps the logits and the rows of samples in the order of
// DATA. begin is called for each model.
func judgeFolds(s tool.Stdio, c *config, notices *tool.Notices, begin func(*evaluation) (use, error)) (*scored, []row, error) {
	stdin := s.In
	if c.model == "-" || tool.IsStdin(c.data) {
		var err error
		if stdin, err = s.Stdin(); err != nil {
			return nil, nil, err
		}
	}
	v := &validation{c: c}
	var all *scored
	otherRange := ""
	for _, name := range append([]string{c.model}, c.others...) {
		m, err := models.Load(name, stdin, c.Limits())
		if err != nil {
			return nil, nil, err
		}
		m.File = nil // the parameters once more, and what a checkpoint holds
		t, fold, err := v.join(name, m)
		if err != nil {
			return nil, nil, err
		}
		if v.table == nil {
			if err := v.open(m, t, stdin, notices); err != nil {
				return nil, nil, err
			}
			defer v.table.Close()
		}
		e, err := v.judge(s, begin, m, name, t, fold)
		if err != nil {
			return nil, nil, err
		}
		if otherRange == "" {
			otherRange = e.otherRange(c)
		}
		if all == nil {
			all = e.scored
		}
	}
	if otherRange != "" {
		notices.Add(otherRange)
	}
	if line := v.lacking(); line != "" && c.fold == "" {
		notices.Add(line)
	}
	v.merge(all)
	return all, v.rows, nil
}

// join looks whether a model is of the cross-validation, and which fold it has held out.
func (v *validation) join(name string, m *models.Loaded) (t run.Training, fold run.Fold, err error) {
	whose := "model " + tool.InputName(name)
	if t, err = run.ParseTraining(m.Training); err != nil || t.Settings.Fold == "" {
		return t, fold, tool.Usagef("%s was not trained with --fold, and so does not say which samples it has held out", whose)
	}
	if fold, err = run.ParseFold(t.Settings.Fold); err != nil {
		return t, fold, fmt.Errorf("%s: its fold: %w", whose, err)
	}
	if v.c.fold != "" {
		want, err := run.ParseFold(v.c.fold)
		if err != nil {
			return t, fold, tool.Usagef("--fold: %w", err)
		}
		if want != fold {
			return t, fold, tool.Usagef("--fold %v: %s was trained on samples of it; it has held out %v", want, whose, fold)
		}
	}
	columns, err := m.Net.Classes()
	if err != nil {
		return t, fold, err
	}
	if v.models == nil {
		v.of, v.classes, v.columns, v.models = t, m.Classes, columns, make([]string, fold.N)
	}
	differ := func(what string, first, this any) error {
		return tool.Usagef("model %s and %s are not of one cross-validation: they have %s %v and %v", tool.InputName(v.c.model), whose, what, first, this)
	}
	switch s := v.of.Settings; {
	case fold.N != len(v.models):
		return t, fold, differ("the folds", s.Fold, t.Settings.Fold)
	case s.Seed != t.Settings.Seed:
		return t, fold, differ("the seeds", s.Seed, t.Settings.Seed)
	case s.Loss != t.Settings.Loss:
		return t, fold, differ("the losses", s.Loss, t.Settings.Loss)
	case s.Positive != t.Settings.Positive:
		return t, fold, differ("the positive classes", stream.Quote(s.Positive), stream.Quote(t.Settings.Positive))
	case s.Resize != t.Settings.Resize:
		return t, fold, differ("--resize", stream.Quote(s.Resize), stream.Quote(t.Settings.Resize))
	case s.Groups != t.Settings.Groups:
		return t, fold, tool.Usagef("model %s and %s were not trained with the same --groups", tool.InputName(v.c.model), whose)
	case columns != v.columns || !slices.Equal(m.Classes, v.classes):
		return t, fold, differ("the classes", stream.List(v.classes), stream.List(m.Classes))
	case v.models[fold.K] != "":
		return t, fold, tool.Usagef("models %s and %s have both held out fold %v", tool.InputName(v.models[fold.K]), tool.InputName(name), fold)
	}
	v.models[fold.K] = name
	return t, fold, nil
}

// open reads DATA.
func (v *validation) open(m *models.Loaded, t run.Training, stdin io.Reader, notices *tool.Notices) error {
	c := v.c
	options := c.options(m, notices)
	options.NeedLabels = true
	if c.MemoryLimited() {
		have, _ := machine.Memory()
		options.Memory = have / 8 * 3
	}
	table, err := dataset.Load(c.data, stdin, options)
	if err != nil {
		return tool.Advise(err, "--labels")
	}
	v.table, v.set = table, data.All(table)
	for _, shape := range table.Shapes() {
		v.set.Shapes = append(v.set.Shapes, models.SampleShape(shape))
	}
	switch wanted := t.Settings.Groups; {
	case wanted == "" && c.groups != "":
		return tool.Usagef("--groups: the models were trained without it")
	case wanted != "" && c.groups == "":
		return tool.Usagef("the models were trained with --groups; give the same file")
	case wanted != "":
		if v.set.Groups, err = models.ReadGroups(c.groups, table.Len()); err != nil {
			return err
		}
		if models.GroupsDigest(v.set.Groups) != wanted {
			return fmt.Errorf("--groups %s: these are other groups than those that the models were trained with", c.groups)
		}
	}
	return nil
}

// judge takes the samples of a fold through the model that has held them out.
func (v *validation) judge(s tool.Stdio, begin func(*evaluation) (use, error), m *models.Loaded, name string, t run.Training, fold run.Fold) (*evaluation, error) {
	c := v.c
	all := models.SampleShape(v.table.Shape)
	if in, shape := m.Net.Input, all; shape != in && v.set.Shapes == nil && !m.Sizes() {
		return nil, fmt.Errorf("the samples are %v, but the network takes %v%s", shape, in, models.AxesHint(shape, in))
	}
	positive, err := c.positiveOf(m)
	if err != nil {
		return nil, err
	}
	if units := v.set.Units(); fold.N > units {
		return nil, v.other(name, fold)
	}
	_, held := v.set.Fold(fold.K, fold.N, t.Settings.Seed)
	held.Target = m.Target()
	if print, err := held.Fingerprint(all); err != nil {
		return nil, err
	} else if print != t.HeldOut {
		return nil, v.other(name, fold)
	}
	e, err := newEvaluation(m, c, &heldOut{Table: v.table, held: held})
	if err != nil {
		return nil, err
	}
	e.positive = positive
	e.part = &part{fold: fold.K, numbers: held.Numbers, all: v.set.Len(), worst: v.worst}
	shown := s.NewProgress(c.Quiet, e.progress.line)
	defer shown.Close()
	if err := e.run(c, begin); err != nil {
		return nil, err
	}
	for i, number := range held.Numbers {
		v.rows = append(v.rows, row{number, fold.K, v.table.Key(number), v.table.Label(number), e.scores[i*e.columns:][:e.columns]})
	}
	v.worst = e.worst
	return e, nil
}

// other is the error of data that a model was not trained with.
func (v *validation) other(name string, fold run.Fold) error {
	return fmt.Errorf("reading %s: its fold %v is not what model %s has held out; give the data that it was trained with, in the same order", tool.InputName(v.c.data), fold, tool.InputName(name))
}

// lacking says which folds no model has held out; "" if there are none.
func (v *validation) lacking() string {
	const most = 5
	var all []string
	for k, name := range v.models {
		if name == "" {
			all = append(all, run.Fold{K: k, N: len(v.models)}.String())
		}
	}
	if all == nil {
		return ""
	}
	if more := len(all) - most; more > 0 {
		all = append(all[:most], fmt.Sprintf("and %d more", more))
	}
	what := "scores"
	if v.c.wantsFigures() {
		what = "figures"
	}
	return fmt.Sprintf("no model has held out %s: %s are of %d of the %d samples", strings.Join(all, ", "), what, len(v.rows), v.table.Len())
}

// merge makes sc the scores of all folds, in the order of the samples.
func (v *validation) merge(sc *scored) {
	slices.SortFunc(v.rows, func(a, b row) int { return a.number - b.number })
	sc.scores, sc.labels, sc.worst = nil, nil, v.worst
	for _, r := range v.rows {
		sc.scores = append(sc.scores, r.scores...)
		if v.c.wantsFigures() {
			sc.labels = append(sc.labels, r.label)
		}
	}
	if len(v.c.others) > 0 {
		sc.from = fmt.Sprintf("%d models", len(v.c.others)+1)
	}
}

// heldOut is some samples of a table, one after the other (dataset.Source).
type heldOut struct {
	*dataset.Table
	held *data.Set
	at   int
	free []float32
}

// Metadata is that of the data.
func (h *heldOut) Metadata() stream.Metadata { return h.Table.Metadata }

// Labels says that they are not known beforehand.
func (h *heldOut) Labels() []int { return nil }

// Most is the number of samples.
func (h *heldOut) Most() int { return h.held.Len() }

// Reuse takes back the values of a sample.
func (h *heldOut) Reuse(x []float32) { h.free = x }

// Close leaves the table open.
func (h *heldOut) Close() error { return nil }

// Next returns a copy of the next sample.
func (h *heldOut) Next() (*stream.Sample, error) {
	if h.at == h.held.Len() {
		return nil, io.EOF
	}
	number := h.held.Number(h.at)
	shape := h.held.Shape(h.at, models.SampleShape(h.Shape))
	h.at++
	s := &stream.Sample{Key: h.Key(number), Shape: h.Shape, Label: h.Label(number), HasLabel: true, X: h.free}
	if sizes := h.Shapes(); sizes != nil {
		s.Shape = sizes[number]
	}
	if h.free = nil; len(s.X) != shape.Len() {
		s.X = make([]float32, shape.Len())
	}
	pixels.Read(s.X, h.Sample(number), shape.C)
	return s, nil
}
