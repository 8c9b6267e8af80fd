package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/metric"
)

// options are all flags.
type options struct {
	tool.Common

	model, data, scores, labels  string
	positive, metrics, scoresOut string
	compare                      string
	aucCI                        string
	json, probabilities          bool
	batch, bins, replicates      int
	batchSet                     bool
	seed                         uint64
	ci, maxFPR                   float64

	curves  [len(curveFlags)]string // files of --roc and so on
	figures []string                // that --metrics asks for; nil: what suits the problem
}

// flags returns the flags that fill o, without those of all tools.
func (o *options) flags() []cli.Flag {
	flags := []cli.Flag{
		&cli.StringFlag{Name: "m", Aliases: []string{"model"}, Usage: "judge the network in `MODEL`", Destination: &o.model},
		&cli.StringFlag{Name: "scores", Usage: "judge the scores in `FILE.npy`", Destination: &o.scores},
		&cli.StringFlag{Name: "labels", Usage: "`FILE.npy` with the labels of --scores, or of a bare .npy as DATA", Destination: &o.labels},
		&cli.BoolFlag{Name: "probabilities", Usage: "the scores of --scores and --compare are probabilities: of class 1, or a row of them that sums to 1", Destination: &o.probabilities},
		&cli.StringFlag{Name: "positive", Usage: "tell `CLASS`, a name or a number, from all others; with one score a sample, the class that it is of", Destination: &o.positive},
		&cli.StringFlag{Name: "metrics", Usage: "only the figures of `LIST`, separated by commas, or all, or none (default: what suits the number of classes)", Destination: &o.metrics},
		&cli.Float64Flag{Name: "ci", Usage: "give each figure its confidence interval of `LEVEL`, such as 0.95", Destination: &o.ci},
		&cli.StringFlag{Name: "auc-ci", Usage: "the interval of an AUC of two classes by `METHOD`: delong, as of pROC, or logit, which covers better where a class has few samples or the AUC is near 1", Value: aucDeLong, Destination: &o.aucCI},
		&cli.IntFlag{Name: "bootstrap", Usage: "draw labels `N` times for the interval of the calibration error", Value: o.replicates, Destination: &o.replicates},
		&cli.Uint64Flag{Name: "seed", Usage: "of these draws", Value: o.seed, Destination: &o.seed},
		&cli.StringFlag{Name: "compare", Usage: "compare the AUC with that of other scores of the same samples, in `FILE.npy`", Destination: &o.compare},
		&cli.Float64Flag{Name: "max-fpr", Usage: "the AUC up to the false positive rate `RATE` too, standardised so that chance is 0.5 and the best is 1 (McClish)", Destination: &o.maxFPR},
		&cli.IntFlag{Name: "bins", Usage: "`N` bins of probability for calibration", Value: o.bins, Destination: &o.bins},
	}
	for i, f := range curveFlags {
		flags = append(flags, &cli.StringFlag{Name: f.name, Usage: f.usage, Destination: &o.curves[i]})
	}
	return append(flags,
		&cli.BoolFlag{Name: "json", Usage: "write one JSON object", Destination: &o.json},
		&cli.StringFlag{Name: "scores-out", Usage: "write the network's logits to `FILE.npy`, an array [N,K]", Destination: &o.scoresOut},
		&cli.IntFlag{Name: "batch", Usage: "samples that are held at a time, `N`", Value: o.batch, Destination: &o.batch},
	)
}

// check looks at the flags before anything is read.
func (o *options) check(c *cli.Context) error {
	if err := o.Apply(); err != nil {
		return err
	}
	var err error
	if o.data, err = tool.Argument(c, "DATA"); err != nil {
		return err
	}
	if err := o.parseMetrics(); err != nil {
		return tool.Usage(err)
	}
	o.batchSet = c.IsSet("batch")
	if err := o.contradictions(c); err != nil {
		return tool.Usage(err)
	}
	outputs := []tool.Name{{Flag: "-o", File: o.Output}, {Flag: "--scores-out", File: o.scoresOut}}
	for i, f := range curveFlags {
		outputs = append(outputs, tool.Name{Flag: "--" + f.name, File: o.curves[i]})
	}
	if err := tool.Files([]tool.Name{{Flag: "--compare", File: o.compare}}); err != nil {
		return err
	}
	err = tool.Distinct(outputs, []tool.Name{{Flag: "-m", File: o.model}, {Flag: "DATA", File: o.data}, {Flag: "--scores", File: o.scores},
		{Flag: "--labels", File: o.labels}, {Flag: "--compare", File: o.compare}})
	if err != nil {
		return err
	}
	return tool.ArrayName(tool.Name{Flag: "--scores-out", File: o.scoresOut}, "")
}

// parseMetrics splits the list of figures.
func (o *options) parseMetrics() error {
	known := strings.Split(figureNames(), ", ")
	switch o.metrics {
	case "":
		return nil
	case "none":
		o.figures = []string{}
	case "all":
		o.figures = slices.DeleteFunc(known, func(name string) bool { return name == partialName })
	default:
		o.figures = strings.Split(o.metrics, ",")
		for _, name := range o.figures {
			if !slices.Contains(known, name) {
				return fmt.Errorf("--metrics: unknown figure %q, want all, none or some of %s", name, figureNames())
			}
		}
	}
	if o.maxFPR > 0 {
		o.figures = append(o.figures, partialName)
	}
	return nil
}

// The values of --auc-ci.
const (
	aucDeLong = "delong"
	aucLogit  = "logit"
)

// confidence says which intervals are wanted.
func (o *options) confidence() metric.Confidence {
	return metric.Confidence{Level: o.ci, LogitAUC: o.aucCI == aucLogit, Replicates: o.replicates, Seed: o.seed}
}

// scale says what scores in files are.
func (o *options) scale() metric.Scale {
	if o.probabilities {
		return metric.Probabilities
	}
	return metric.Logits
}

// depends reports whether something that is asked for differs for scores, of so many columns, that are taken as logits and
// as probabilities.
func (o *options) depends(columns int) bool {
	for _, f := range figures {
		if (o.figures == nil || o.chose(f.name)) && f.from.depends(columns) {
			return true
		}
	}
	for i, f := range curveFlags {
		if o.curves[i] != "" && f.from.depends(columns) {
			return true
		}
	}
	return o.chose(confusionName) && decisions.depends(columns) ||
		(o.chose(perClassName) && (decisions.depends(columns) || ranks.depends(columns))) ||
		(o.compare != "" && ranks.depends(columns))
}

// chose reports whether --metrics asks for a part of the report.
func (o *options) chose(name string) bool { return slices.Contains(o.figures, name) }

// wantsFigures reports whether labels are needed.
func (o *options) wantsFigures() bool {
	return o.figures == nil || len(o.figures) > 0 || o.compare != "" || o.wantsCurves()
}

func (o *options) wantsCurves() bool {
	return slices.ContainsFunc(o.curves[:], func(file string) bool { return file != "" })
}

// contradictions finds flags that cannot stand together, and values out of range.
func (o *options) contradictions(c *cli.Context) error {
	switch {
	case o.model == "" && o.scores == "":
		return fmt.Errorf("nothing to judge: give -m MODEL, or --scores FILE.npy with --labels FILE.npy")
	case o.model != "" && o.scores != "":
		return fmt.Errorf("-m and --scores contradict each other")
	case o.scores != "" && o.labels == "":
		return fmt.Errorf("--scores needs --labels FILE.npy")
	case o.scores != "" && c.NArg() > 0:
		return fmt.Errorf("--scores takes no DATA, got %q", o.data)
	case o.scores != "" && o.scoresOut != "":
		return fmt.Errorf("--scores-out writes what a network says; it needs -m MODEL")
	case o.model != "" && o.probabilities && o.compare == "":
		return fmt.Errorf("--probabilities is of the scores in files; a network's are logits")
	case o.scores != "" && c.IsSet("batch"):
		return fmt.Errorf("--batch needs -m MODEL")
	case o.model == "-" && tool.IsStdin(o.data):
		return fmt.Errorf("model and DATA cannot both be standard input")
	case o.model != "" && o.labels == "-":
		return fmt.Errorf("--labels of DATA cannot be standard input")
	case o.scoresOut == "-" && tool.IsStdin(o.Output):
		return fmt.Errorf("scores and report cannot both be standard output; name a file with -o")
	case o.batch < 1:
		return fmt.Errorf("--batch must be positive, got %d", o.batch)
	}
	if err := o.ranges(c); err != nil {
		return err
	}
	return o.endings()
}

// ranges finds numbers out of range, and those that change nothing.
func (o *options) ranges(c *cli.Context) error {
	const mostReplicates, mostBins = 1e6, 1e4
	switch {
	case c.IsSet("ci") && !(o.ci > 0 && o.ci < 1):
		return fmt.Errorf("--ci must be a level between 0 and 1 such as 0.95, got %g", o.ci)
	case o.aucCI != aucDeLong && o.aucCI != aucLogit:
		return fmt.Errorf("--auc-ci must be %s or %s, got %q", aucDeLong, aucLogit, o.aucCI)
	case c.IsSet("auc-ci") && o.ci == 0 && o.compare == "":
		return fmt.Errorf("--auc-ci needs --ci LEVEL")
	case c.IsSet("bootstrap") && o.ci == 0:
		return fmt.Errorf("--bootstrap needs --ci LEVEL")
	case c.IsSet("seed") && o.ci == 0:
		return fmt.Errorf("--seed needs --ci LEVEL")
	case o.replicates < 2 || o.replicates > mostReplicates:
		return fmt.Errorf("--bootstrap must be 2 to %d replicates, got %d", int(mostReplicates), o.replicates)
	case c.IsSet("max-fpr") && !(o.maxFPR > 0 && o.maxFPR <= 1):
		return fmt.Errorf("--max-fpr must be greater than 0 and at most 1, got %g", o.maxFPR)
	case o.chose(partialName) && o.maxFPR == 0:
		return fmt.Errorf("--metrics: %s needs --max-fpr RATE", partialName)
	case o.bins < 1 || o.bins > mostBins:
		return fmt.Errorf("--bins must be 1 to %d, got %d", int(mostBins), o.bins)
	case c.IsSet("bins") && !o.chose(calibrationName) && o.curves[calibrationCurve] == "":
		return fmt.Errorf("--bins needs --calibration FILE, or %s among --metrics", calibrationName)
	}
	return nil
}

// endings finds files for curves that are neither pictures nor arrays.
func (o *options) endings() error {
	for i, f := range curveFlags {
		if file := o.curves[i]; file != "" && filepath.Ext(file) != ".png" && filepath.Ext(file) != ".npy" {
			return fmt.Errorf("--%s: the name must end in .png or .npy, got %q", f.name, file)
		}
	}
	return nil
}
