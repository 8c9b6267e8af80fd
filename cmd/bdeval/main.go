// Bdeval judges a trained network on labelled samples, or the scores of any program by their labels.
package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
)

func main() { tool.Main(newApp) }

func newApp(s tool.Streams) *cli.App {
	o := &options{batch: 32, bins: 15, replicates: 2000, seed: 1}
	return &cli.App{
		Name:      "bdeval",
		Usage:     "judge a network, or scores, by labels",
		ArgsUsage: "[DATA]",
		UsageText: "bdeval -m model.tar.zst test.tar.zst\n" +
			"gpgen --seed 2 | bdeval -m model.tar.zst --json\n" +
			"bdeval --scores scores.npy --labels labels.npy --metrics auc,f1 --ci 0.95\n" +
			"bdeval --scores new.npy --compare old.npy --labels labels.npy --roc roc.png",
		Description: "DATA is a tensor stream, a tar of .npy, .png or .jpg members with labels, a .npy with --labels, or an .npz\n" +
			"with x and y; standard input by default. Labels are numbers from 0, or names of the model's classes; classes that\n" +
			"DATA names must be the model's. Scores are an array [N] or [N,1] of logits of class 1, or [N,K] with a logit for\n" +
			"each class (of probabilities, pass the logarithms; of one probability a sample, log(p/(1-p))). They are used as they\n" +
			"are, never rescaled. Labels -1 and 1 of one score a sample are classes of these names. Predicted is the class with\n" +
			"the largest logit, the first of equal ones; with one score, class 1 where it is greater than 0. Definitions are\n" +
			"scikit-learn's. For three and more classes auc is auc_ovr_macro, average_precision is its mean over classes, and f1\n" +
			"is f1_macro; for two, they are those of the positive class.\n" +
			"\n" +
			"Figures: " + figureNames() + ".\n" +
			"Brier, calibration_error, per_class and partial_auc (with --max-fpr) are there if asked for. The Brier score of\n" +
			"three and more classes is summed over them. The calibration error is the expected one, over bins of equal width.\n" +
			"A figure that is undefined, such as the AUC of samples of one class, is null with a reason, and the exit code is 3.\n" +
			"So is an interval that is undefined, and a curve, whose file is then not written.\n" +
			"\n" +
			"Intervals (--ci): of an AUC of two classes DeLong's, cut off at 0 and 1, or an exact one if no pair is ranked\n" +
			"wrongly, or none rightly; of accuracy, precision and recall Wilson's; of all others percentiles of a bootstrap that\n" +
			"draws samples with replacement within each true class. Each says its method. --compare tests by DeLong's method for\n" +
			"paired curves whether two scores of the same samples have the same AUC: their difference with its interval, z and\n" +
			"two-sided p-value.\n" +
			"\n" +
			"Memory: one score a sample is used where it is in its file if it is float32, and labels if they are int64; others\n" +
			"take 8 bytes. Ranking takes 4 bytes a score, 8 if it is no float32, twice that for a while, and --compare 40. K scores\n" +
			"a sample take 20 bytes each, and K² counts. A bootstrap adds 4 to 8 bytes a sample and thread.",
		Flags:  slices.Concat(o.flags(), o.Flags()),
		Before: o.check,
		Action: func(*cli.Context) error { return evaluate(s, o) },
	}
}

// evaluate writes the report, and fails with a code of its own if a figure in it is undefined.
func evaluate(s tool.Streams, o *options) error {
	var sc *scored
	var err error
	if o.scores != "" {
		sc, err = readLabelled(s, o)
	} else {
		sc, err = runModel(s, o)
	}
	if err != nil {
		return err
	}
	results := s.Results()
	defer results.Abort()
	r := &report{n: sc.len()}
	if o.wantsFigures() {
		if r, err = sc.judge(s, results, o); err != nil {
			return err
		}
	}
	if o.scoresOut != "" {
		if err := results.Write(o.scoresOut, tool.Binary, sc.write); err != nil {
			return err
		}
	}
	write := r.writeText
	if o.json {
		write = r.writeJSON
	}
	if err := results.Write(o.Output, tool.Text, write); err != nil {
		return err
	}
	if err := results.Commit(); err != nil {
		return err
	}
	return tool.Exit(tool.CodeUndefined, r.undefined())
}

// judge computes what needs labels, and writes the curves.
func (sc *scored) judge(s tool.Streams, results *tool.Results, o *options) (*report, error) {
	p, err := sc.problem(o)
	if err != nil {
		return nil, err
	}
	r, err := judge(p, o, sc.len())
	if err != nil {
		return nil, err
	}
	if o.compare != "" {
		if r.compared, err = compare(s, p, sc, o); err != nil {
			return nil, err
		}
	}
	r.undrawn, err = writeCurves(results, p, o)
	return r, err
}
