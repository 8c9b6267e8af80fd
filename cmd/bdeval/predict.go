package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/lib/data"
)

// newPredict is the command that says what a network makes of each sample.
func newPredict(s tool.Stdio) *cli.Command {
	f := defaults()
	var config *config
	return &cli.Command{
		Name:      "predict",
		Usage:     "write what a network says of each sample, with labels or without",
		ArgsUsage: "[DATA]",
		UsageText: "bdeval predict -m model.tar.zst new.tar.zst > predictions.csv\n" +
			"tar -cf - *.png | bdeval predict -m model.tar.zst --jsonl\n" +
			"bdeval predict -m model.tar.zst x.npy --axes NHWC -o predictions.csv\n" +
			"bdeval predict -m fold-0.tar.zst -m fold-1.tar.zst train.tar.zst",
		Description: "DATA is what bdeval reads; standard input by default. It needs no labels, and may have no end: rows are written when\n" +
			"their batch is done, so that with --batch 1 a slow pipe has each at once. What it takes does not grow with their\n" +
			"number.\n" +
			"\n" +
			"The table is CSV (RFC 4180, but lines end in LF): key, label, predicted, and p_NAME for each class, its probability.\n" +
			"The key is that of the sample in its tar, or its number in an array, as 000000. The label is empty where there is\n" +
			"none. Predicted is the class with the largest score, as bdeval counts it. With --jsonl there is an object a line\n" +
			"instead: key, label (or null), predicted, and p, an object with the probability of each class.\n" +
			"\n" +
			"Probabilities are the softmax of the logits that bdeval --scores-out writes, or the logistic function of a single one,\n" +
			"and sum to 1. A network that was trained to tell one class from the rest calls these rest. If its loss only ranks\n" +
			"samples (auc-…, smooth-ap), its score is no probability: there is a column score instead, and predicted is the class\n" +
			"where it is above 0, a limit that this loss knows nothing of. A line says so.\n" +
			"\n" +
			"Labels must be classes of the model. --no-labels leaves those of other classes alone.\n" +
			"\n" +
			"Models of a cross-validation predict DATA that they were trained with, labels and all, each the samples that it has\n" +
			"held out. Rows are in the order of DATA, at the end, with a column fold behind predicted: K of --fold K/N.",
		Flags: append([]cli.Flag{
			&cli.StringSliceFlag{Name: "m", Aliases: []string{"model"}, Usage: "the network in `MODEL`; given for each model of a cross-validation (bdtrain --fold): take every sample through the one that has held it out", Destination: &f.models},
			&cli.BoolFlag{Name: "jsonl", Usage: "write a JSON object a line instead of CSV", Destination: &f.jsonl},
			&cli.StringFlag{Name: "labels", Usage: "`FILE.npy` with the labels of a bare .npy as DATA", Destination: &f.labels},
			&cli.BoolFlag{Name: "no-labels", Usage: "do not look at the labels of DATA", Destination: &f.noLabels},
			&cli.StringFlag{Name: "fold", Usage: "only fold `K/N` of DATA, which the model has held out of its training (bdtrain --fold K/N)", Destination: &f.fold},
			&cli.StringFlag{Name: "groups", Usage: "`FILE.npy` with the groups of samples that the folds were made with", Destination: &f.groups},
			&cli.StringFlag{Name: "x", Usage: "the array of an .npz that holds the samples, by `NAME`", DefaultText: "x, or the one whose name or shape says so", Destination: &f.x},
			&cli.StringFlag{Name: "y", Usage: "the array of an .npz that holds the labels, by `NAME`", DefaultText: "y, or the one whose name or shape says so", Destination: &f.y},
			tool.AxesFlag(&f.axes),
			&cli.IntFlag{Name: "batch", Usage: "samples that are held at a time, `N`", Value: f.batch, Destination: &f.batch},
		}, f.Flags()...),
		Before: func(c *cli.Context) (err error) {
			config, err = f.parsePredict(c)
			return err
		},
		Action: func(*cli.Context) error { return predict(s, config) },
	}
}

// parsePredict looks at the flags and the argument of predict before anything is read.
func (f *flags) parsePredict(c *cli.Context) (*config, error) {
	p, err := f.common(c)
	if err != nil {
		return nil, err
	}
	p.figures = []string{} // none
	if all := f.models.Value(); len(all) > 0 {
		p.model, p.others = all[0], all[1:]
	}
	switch {
	case p.model == "":
		err = errors.New("no network: give -m MODEL")
	case p.noLabels && p.labels != "":
		err = errors.New("--no-labels and --labels contradict each other")
	case p.noLabels && p.folds():
		err = errors.New("--no-labels: which samples a model has held out is found by their labels as well; leave it out")
	default:
		err = p.sources()
	}
	if err != nil {
		return nil, tool.Usage(err)
	}
	inputs, files := p.inputs()
	if err := tool.Files(files); err != nil {
		return nil, err
	}
	if err := tool.Distinct([]tool.Name{{Flag: "-o", File: p.Output}}, inputs); err != nil {
		return nil, err
	}
	return p, tool.RowsName(tool.Name{Flag: "-o", File: p.Output}, p.jsonl)
}

// predict writes a row for each sample.
func predict(s tool.Stdio, c *config) error {
	if tool.IsStdin(c.Output) && !s.ToFile() { // on a terminal the rows show how far it is; in a pipe the line belongs to the tool at its end
		c.Quiet = true
	}
	notices := s.NewNotices("bdeval predict")
	results := s.Results()
	defer results.Abort()
	begin := func(e *evaluation) (*predictions, error) {
		names, err := e.told(e.positive)
		if err != nil {
			return nil, err
		}
		name, ranks := e.model.Ranks()
		if ranks {
			notices.Add(fmt.Sprintf("the model was trained with --loss %s, which ranks samples: score is no probability, and predicted is the class where it is above 0, a limit that means nothing to this loss", name))
		}
		out, err := results.Create(c.Output, tool.Text)
		if err != nil {
			return nil, err
		}
		return newPredictions(out.Writer, c.jsonl, c.folds(), names, !ranks), nil
	}
	run := predictAll
	if c.folds() {
		run = predictFolds
	}
	err := run(s, c, notices, begin)
	if err != nil {
		return c.orNoLabels(err)
	}
	if err := results.Commit(); err != nil {
		return err
	}
	notices.Show()
	return nil
}

// predictAll takes all samples through one network, and writes their rows as soon as their batch is done. begin starts the table.
func predictAll(s tool.Stdio, c *config, notices *tool.Notices, begin func(*evaluation) (*predictions, error)) error {
	_, err := runModel(s, c, notices, func(e *evaluation) (use, error) {
		t, err := begin(e)
		return func(_ *data.Batch, samples []about, scores [][]float32) error {
			for i, logits := range scores {
				label := ""
				if samples[i].labelled {
					label = models.ClassName(e.classes, samples[i].label)
				}
				if err := t.add(samples[i].key, label, 0, logits); err != nil {
					return err
				}
			}
			return t.flush()
		}, err
	})
	return err
}

// predictFolds takes every sample through the network that has held it out, and writes the rows in the order of DATA at the end.
func predictFolds(s tool.Stdio, c *config, notices *tool.Notices, begin func(*evaluation) (*predictions, error)) error {
	var t *predictions
	sc, rows, err := judgeFolds(s, c, notices, func(e *evaluation) (use, error) {
		if t == nil {
			var err error
			if t, err = begin(e); err != nil {
				return nil, err
			}
		}
		return func(b *data.Batch, _ []about, scores [][]float32) error {
			e.keep(b, scores)
			return e.fits(c)
		}, nil
	})
	if err != nil {
		return err
	}
	logits := make([]float32, sc.columns)
	for _, r := range rows {
		for k, v := range r.scores {
			logits[k] = float32(v)
		}
		if err := t.add(r.key, models.ClassName(sc.classes, r.label), r.fold, logits); err != nil {
			return err
		}
	}
	return t.flush()
}

// orNoLabels ends an error about labels with the way to do without them.
func (c *config) orNoLabels(err error) error {
	var of *dataset.LabelError
	switch {
	case c.folds() || !errors.As(err, &of):
		return err
	case c.labels != "":
		return fmt.Errorf("%w; leave out --labels to predict without", err)
	}
	return fmt.Errorf("%w; --no-labels predicts without", err)
}

// told are the names of the classes that are told apart: all, or those that are not the positive one and that one.
func (sc *scored) told(positive string) ([]string, error) {
	names, err := models.Told(sc.classes, sc.columns, positive)
	if err != nil {
		return nil, tool.Usagef("--positive: %w", err)
	}
	return names, nil
}
