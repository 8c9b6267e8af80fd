// Bdeval judges a trained network on labelled samples, or the scores of any program by their labels.
package main

import (
	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
)

func main() { tool.Main(newApp) }

func newApp(s tool.Streams) *cli.App {
	o := &options{batch: 32}
	return &cli.App{
		Name:      "bdeval",
		Usage:     "judge a network, or scores, by labels",
		ArgsUsage: "[DATA]",
		UsageText: "bdeval -m model.tar.zst test.tar.zst\n" +
			"gpgen --seed 2 | bdeval -m model.tar.zst --json\n" +
			"bdeval --scores scores.npy --labels labels.npy --metrics auc,f1",
		Description: "DATA is a tensor stream, a tar of .npy, .png or .jpg members with labels, a .npy with --labels, or an .npz\n" +
			"with x and y; standard input by default. Labels are numbers from 0, or names of the model's classes; classes that\n" +
			"DATA names must be the model's. Scores are an array [N] or [N,1] of logits of class 1, or [N,K] with a logit for\n" +
			"each class (of probabilities, pass the logarithms). Predicted is the class with the largest logit, the first of\n" +
			"equal ones; with one score, class 1 where it is greater than 0. Definitions are scikit-learn's. For three and more\n" +
			"classes auc is auc_ovr_macro, average_precision is its mean over classes, and f1 is f1_macro; for two, they are\n" +
			"those of the positive class.\n" +
			"\n" +
			"Figures: " + figureNames() + ".\n" +
			"A figure that is undefined, such as the AUC of samples of one class, is null with a reason, and the exit code is 3.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "m", Aliases: []string{"model"}, Usage: "judge the network in `MODEL`", Destination: &o.model},
			&cli.StringFlag{Name: "scores", Usage: "judge the scores in `FILE.npy`", Destination: &o.scores},
			&cli.StringFlag{Name: "labels", Usage: "`FILE.npy` with the labels of --scores, or of a bare .npy as DATA", Destination: &o.labels},
			&cli.StringFlag{Name: "positive", Usage: "tell `CLASS`, a name or a number, from all others; with one score a sample, the class that it is the logit of", Destination: &o.positive},
			&cli.StringFlag{Name: "metrics", Usage: "only the figures of `LIST`, separated by commas, or none (default: what suits the number of classes)", Destination: &o.metrics},
			&cli.BoolFlag{Name: "json", Usage: "write one JSON object", Destination: &o.json},
			&cli.StringFlag{Name: "scores-out", Usage: "write the network's logits to `FILE.npy`, an array [N,K]", Destination: &o.scoresOut},
			&cli.IntFlag{Name: "batch", Usage: "samples that are held at a time, `N`", Value: o.batch, Destination: &o.batch},
		}, o.Flags()...),
		Before: o.check,
		Action: func(*cli.Context) error { return evaluate(s, o) },
	}
}

// evaluate writes the report, and fails with a code of its own if a figure in it is undefined.
func evaluate(s tool.Streams, o *options) error {
	var sc *scored
	var err error
	if o.scores != "" {
		sc, err = readScores(s, o.scores, o.labels)
	} else {
		sc, err = runModel(s, o)
	}
	if err != nil {
		return err
	}
	r, err := judge(sc, o)
	if err != nil {
		return err
	}
	if o.scoresOut != "" {
		if err := s.WriteFile(o.scoresOut, tool.Binary, sc.write); err != nil {
			return err
		}
	}
	write := r.writeText
	if o.json {
		write = r.writeJSON
	}
	if err := s.WriteFile(o.Output, tool.Text, write); err != nil {
		return err
	}
	return tool.Exit(tool.CodeUndefined, r.undefined())
}
