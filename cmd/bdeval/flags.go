package main

import (
	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
)

// flags are the values of all flags, as they are given.
type flags struct {
	tool.Common
	request
}

// request is what the flags of bdeval ask for.
type request struct {
	axes, x, y                   string
	models                       cli.StringSlice
	fold, groups                 string
	model, scores, labels        string
	positive, metrics, scoresOut string
	compare                      string
	aucCI                        string
	json, probabilities          bool
	batch, bins, replicates      int
	worst                        int
	worstSheet                   string
	jsonl, noLabels              bool // of predict
	seed                         uint64
	ci, maxFPR                   float64

	curves [len(curveFlags)]string // files of --roc and so on
}

func defaults() *flags {
	return &flags{request: request{batch: 32, bins: 15, replicates: 2000, seed: 1}}
}

// list returns the flags that fill f, without those of all tools.
func (f *flags) list() []cli.Flag {
	list := []cli.Flag{
		&cli.StringSliceFlag{Name: "m", Aliases: []string{"model"}, Usage: "judge the network in `MODEL`; given for each model of a cross-validation (bdtrain --fold): judge every sample by the one that has held it out", Destination: &f.models},
		&cli.StringFlag{Name: "scores", Usage: "judge the scores in `FILE.npy`", Destination: &f.scores},
		&cli.StringFlag{Name: "labels", Usage: "`FILE.npy` with the labels of --scores, or of a bare .npy as DATA", Destination: &f.labels},
		&cli.StringFlag{Name: "x", Usage: "the array of an .npz that holds the samples, by `NAME`", DefaultText: "x, or the one whose name or shape says so", Destination: &f.x},
		&cli.StringFlag{Name: "y", Usage: "the array of an .npz that holds the labels, by `NAME`", DefaultText: "y, or the one whose name or shape says so", Destination: &f.y},
		tool.AxesFlag(&f.axes),
		&cli.StringFlag{Name: "fold", Usage: "judge only fold `K/N` of DATA, which the model has held out of its training (bdtrain --fold K/N)", Destination: &f.fold},
		&cli.StringFlag{Name: "groups", Usage: "`FILE.npy` with the groups of samples that the folds were made with", Destination: &f.groups},
		&cli.BoolFlag{Name: "probabilities", Usage: "the scores of --scores and --compare are probabilities: of class 1, or a row of them that sums to 1", Destination: &f.probabilities},
		&cli.StringFlag{Name: "positive", Usage: "tell `CLASS`, a name or a number, from all others; with one score a sample, the class that it is of", Destination: &f.positive},
		&cli.StringFlag{Name: "metrics", Usage: "only the figures of `LIST`, separated by commas, or all, or none (default: what suits the number of classes)", Destination: &f.metrics},
		&cli.Float64Flag{Name: "ci", Usage: "give each figure its confidence interval of `LEVEL`, such as 0.95", Destination: &f.ci},
		&cli.StringFlag{Name: "auc-ci", Usage: "the interval of an AUC of two classes by `METHOD`: delong, as of pROC, or logit, which covers better where a class has few samples or the AUC is near 1", Value: aucDeLong, Destination: &f.aucCI},
		&cli.IntFlag{Name: "bootstrap", Usage: "draw labels `N` times for the interval of the calibration error", Value: f.replicates, Destination: &f.replicates},
		&cli.Uint64Flag{Name: "seed", Usage: "of these draws", Value: f.seed, Destination: &f.seed},
		&cli.StringFlag{Name: "compare", Usage: "compare the AUC with that of other scores of the same samples, in `FILE.npy`", Destination: &f.compare},
		&cli.Float64Flag{Name: "max-fpr", Usage: "the AUC up to the false positive rate `RATE` too, standardised so that chance is 0.5 and the best is 1 (McClish)", Destination: &f.maxFPR},
		&cli.IntFlag{Name: "bins", Usage: "`N` bins of probability for calibration", Value: f.bins, Destination: &f.bins},
	}
	for i, curve := range curveFlags {
		list = append(list, &cli.StringFlag{Name: curve.name, Usage: curve.usage, Destination: &f.curves[i]})
	}
	return append(list,
		&cli.IntFlag{Name: "worst", Usage: "list the `N` samples with the largest loss", Destination: &f.worst},
		&cli.StringFlag{Name: "worst-sheet", Usage: "draw these samples to `FILE.png`", Destination: &f.worstSheet},
		&cli.BoolFlag{Name: "json", Usage: "write one JSON object", Destination: &f.json},
		&cli.StringFlag{Name: "scores-out", Usage: "write the network's logits to `FILE.npy`, an array [N,K]", Destination: &f.scoresOut},
		&cli.IntFlag{Name: "batch", Usage: "samples that are held at a time, `N`", Value: f.batch, Destination: &f.batch},
	)
}
