// Bdeval judges a trained network on labelled samples, or the scores of any program by their labels.
package main

import (
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
)

func main() { tool.Main(newApp) }

func newApp(s tool.Stdio) *cli.App {
	f := defaults()
	var config *config
	return &cli.App{
		Name:      "bdeval",
		Usage:     "judge a network, or scores, by labels",
		ArgsUsage: "[DATA]",
		UsageText: "bdeval -m model.tar.zst test.tar.zst\n" +
			"gpgen --seed 2 | bdeval -m model.tar.zst --json\n" +
			"bdeval --scores s.npy --labels y.npy --metrics auc,f1 --ci 0.95\n" +
			"bdeval --scores p.npy --probabilities --labels y.npy --metrics all\n" +
			"bdeval --scores new.npy --compare old.npy --labels y.npy --roc roc.png\n" +
			"bdeval -m fold-0.tar.zst -m fold-1.tar.zst train.tar.zst --ci 0.95\n" +
			"bdeval predict -m model.tar.zst new.tar.zst > predictions.csv",
		Description: "DATA is a tensor stream, a tar of .npy, .png, .jpg or .tif members (.tar, .tar.gz, .tar.zst), a folder of such files,\n" +
			"a .npy with --labels, or an .npz with samples and labels; standard input by default. Labels are names of the model's\n" +
			"classes or, where no name can be meant, their numbers, counted from 0; DATA may name some of these classes, in any\n" +
			"order. Where no sample of a folder or a tar has a label, the first folder of its path that is named like a class is\n" +
			"its class. Labels of an array are [N], [N,1] or [1,N]. Samples have the size that the model was trained with, unless that\n" +
			"resizes them (bdtrain --resize), or was trained on windows of them (--augment crop=N): then each is taken as it is,\n" +
			"as a whole.\n" +
			"\n" +
			"Models of a cross-validation (bdtrain --fold) judge DATA that they were trained with, each the samples that it has held\n" +
			"out; the figures are of all of these together, --scores-out has them in the order of DATA, and --worst says the fold of\n" +
			"each. Scores of several models are ranked together for an AUC, as if they were of one. Other data, or the same in\n" +
			"another order, are refused.\n" +
			"\n" +
			"Scores are an array [N] or [N,1] of logits of class 1, or [N,K] with a logit for each class; with --probabilities, of\n" +
			"the probability of class 1, or of those of the classes, each row of which sums to 1, to within 0.01. They are used as\n" +
			"they are, never rescaled; probabilities that rounding took off [0, 1], by up to 1e-6, are 0 or 1. Logits may be\n" +
			"infinite, but no row may have two of +Inf, or -Inf alone; where the true class has the probability 0 the log loss is\n" +
			"undefined. Texts as their labels name the classes in the order of text; labels -1 and 1 of one score a sample are\n" +
			"classes of these names. Predicted is the class with the largest score, the first of equal ones; with one score, class\n" +
			"1 where its logit is greater than 0, or its probability than 0.5. With K scores and --positive CLASS, the class is\n" +
			"predicted where its probability is above 0.5, one against the rest, which may differ from where its score is the\n" +
			"largest. Definitions are scikit-learn's. For three and more classes auc is auc_ovr_macro, average_precision is its\n" +
			"mean over classes, and f1 is f1_macro; for two, they are those of the positive class.\n" +
			"\n" +
			"Figures: " + figureNames() + ".\n" +
			"Brier, calibration_error, per_class and partial_auc (with --max-fpr) are there if asked for. The Brier score of\n" +
			"three and more classes is summed over them. The calibration error is the expected one, over bins of equal width.\n" +
			"A figure that is undefined, such as the AUC of samples of one class, is null with a reason, and the exit code is 3.\n" +
			"So is an interval that is undefined, as where the samples show no variance, or, of the log loss and the Brier score,\n" +
			"where all are predicted rightly, and a curve, whose file is then not written.\n" +
			"\n" +
			"Intervals (--ci) are for samples drawn independently from a population, labels and all, and hold the figure. Of an\n" +
			"AUC of two classes they are DeLong's, cut off at 0 and 1, or by his variance on the logit scale (--auc-ci logit), or\n" +
			"exact if no pair is ranked wrongly, or none rightly; of accuracy, precision, recall and F1 Wilson's, which those of a\n" +
			"mean of F1 combine; of the calibration error, for that of the same bins in the population, by a bootstrap of the\n" +
			"labels; of the log loss by the delta method on the scale of its logarithm, of all others on that of the logit. Each\n" +
			"says its method; results/coverage.md has how often they hold the population's figure. --compare tests by DeLong's\n" +
			"method for paired curves whether two scores of the same samples have the same AUC: their difference with its\n" +
			"interval, cut off at -1 and 1, z and two-sided p-value.\n" +
			"\n" +
			"--worst lists the samples with the largest loss: key (of --scores the row, from 0), true and predicted class, the\n" +
			"probability of the true one, and the loss. The earlier of equal ones comes first. --worst-sheet draws them: three\n" +
			"channels from 0 to 1, or of bytes, in their colours, others grey, each from its least to its largest value; of volumes\n" +
			"the plane in the middle, of sequences the lines of up to three channels.\n" +
			"\n" +
			"One line says if the values of DATA lie in another range than those that the model was trained with, by the rule of\n" +
			"bdtrain --help; one if its loss only ranks samples, which leaves no meaning to a limit of its score; and one if it is of\n" +
			"a cross-validation and was trained on most of DATA.\n" +
			"\n" +
			"Memory: one score a sample is used where it is in its file if it is float32 or float64, and labels if they are int64;\n" +
			"others take 8 bytes, scores of at most 16 bits 4, and of 64-bit integers up to 40 more. Ranking takes 4 bytes a score,\n" +
			"8 if it is no float32, for a while up to twice that, and --compare 40. K scores a sample take 20 bytes each, and K²\n" +
			"counts; intervals add 8 bytes a sample, and 8 for each thread.",
		Metadata: guide().Metadata(),
		Flags:    slices.Concat(f.list(), f.Flags()),
		Before: func(c *cli.Context) (err error) {
			config, err = f.parse(c)
			return err
		},
		Action:   func(*cli.Context) error { return evaluate(s, config) },
		Commands: []*cli.Command{newPredict(s)},
	}
}

// evaluate writes the report, and fails with a code of its own if a figure in it is undefined.
func evaluate(s tool.Stdio, c *config) error {
	var sc *scored
	var err error
	notices := s.NewNotices("bdeval")
	if c.scores != "" {
		sc, err = readLabelled(s, c, notices)
	} else if c.folds() {
		sc, _, err = judgeFolds(s, c, notices, judged(c, notices))
	} else {
		sc, err = runModel(s, c, notices, judged(c, notices))
	}
	if err != nil {
		return err
	}
	results := s.Results()
	defer results.Abort()
	r := &report{n: sc.len()}
	if c.wantsFigures() {
		if r, err = sc.report(s, results, c); err != nil {
			return err
		}
	}
	if c.scoresOut != "" {
		if err := results.Write(c.scoresOut, tool.Binary, sc.write); err != nil {
			return err
		}
	}
	if err := sc.unchanged(); err != nil {
		return err
	}
	write := r.writeText
	if c.json {
		write = r.writeJSON
	}
	if err := results.Write(c.Output, tool.Text, write); err != nil {
		return err
	}
	if err := results.Commit(); err != nil {
		return err
	}
	for _, which := range r.doubtful {
		notices.Add(fmt.Sprintf("all scores of %s, and are taken as logits; if they are probabilities, give --probabilities", which))
	}
	undefined := r.undefined()
	if undefined != nil && r.fromOne {
		notices.Add("class 0 has no samples; classes count from 0 (if the labels here and those trained with count from 1, subtract 1 from both and train again)")
	}
	notices.Show()
	return tool.Exit(tool.CodeUndefined, undefined)
}

// report computes what needs labels, and writes the curves.
func (sc *scored) report(s tool.Stdio, results *tool.Results, c *config) (*report, error) {
	p, err := sc.problem(c)
	if err != nil {
		return nil, err
	}
	r, err := newReport(p, c, sc.len())
	if err != nil {
		return nil, err
	}
	if c.compare != "" {
		if r.compared, err = compare(s, p, sc, c); err != nil {
			return nil, err
		}
	}
	if c.depends(sc.columns) && sc.doubtful() {
		r.doubtful = append(r.doubtful, sc.where())
	}
	if r.compared != nil && r.compared.doubtful != "" {
		r.doubtful = append(r.doubtful, r.compared.doubtful)
	}
	if c.worst > 0 && !sc.network {
		if err := sc.judgeWorst(c); err != nil {
			return nil, err
		}
	}
	if r.worst = sc.worst; c.worstSheet != "" {
		if err := results.Write(c.worstSheet, tool.Binary, sc.sheet(c).Encode); err != nil {
			return nil, err
		}
	}
	r.undrawn, err = writeCurves(results, p, c)
	r.fromOne = sc.countFromOne()
	return r, err
}
