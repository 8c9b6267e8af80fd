package main

import (
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
)

// checkNames looks at the files that the flags name.
func (p *config) checkNames() error {
	outputs := []tool.Name{{Flag: "-o", File: p.Output}, {Flag: "--scores-out", File: p.scoresOut}}
	for i, f := range curveFlags {
		outputs = append(outputs, tool.Name{Flag: "--" + f.name, File: p.curves[i]})
	}
	if err := tool.Files([]tool.Name{{Flag: "--compare", File: p.compare}}); err != nil {
		return err
	}
	err := tool.Distinct(outputs, []tool.Name{{Flag: "-m", File: p.model}, {Flag: "DATA", File: p.data}, {Flag: "--scores", File: p.scores},
		{Flag: "--labels", File: p.labels}, {Flag: "--compare", File: p.compare}})
	if err != nil {
		return err
	}
	return tool.ArrayName(tool.Name{Flag: "--scores-out", File: p.scoresOut}, "")
}

// contradictions finds flags that cannot stand together, and values out of range.
func (p *config) contradictions(c *cli.Context) error {
	switch {
	case p.model == "" && p.scores == "":
		return fmt.Errorf("nothing to judge: give -m MODEL, or --scores FILE.npy with --labels FILE.npy")
	case p.model != "" && p.scores != "":
		return fmt.Errorf("-m and --scores contradict each other")
	case p.scores != "" && p.labels == "":
		return fmt.Errorf("--scores needs --labels FILE.npy")
	case p.scores != "" && c.NArg() > 0:
		return fmt.Errorf("--scores takes no DATA, got %q", p.data)
	case p.scores != "" && p.scoresOut != "":
		return fmt.Errorf("--scores-out writes what a network says; it needs -m MODEL")
	case p.model != "" && p.probabilities && p.compare == "":
		return fmt.Errorf("--probabilities is of the scores in files; a network's are logits")
	case p.scores != "" && c.IsSet("axes"):
		return fmt.Errorf("--axes is of DATA; it needs -m MODEL")
	case p.scores != "" && (p.x != "" || p.y != ""):
		return fmt.Errorf("--x and --y are of DATA; they need -m MODEL")
	case p.scores != "" && c.IsSet("batch"):
		return fmt.Errorf("--batch needs -m MODEL")
	case p.model == "-" && tool.IsStdin(p.data):
		return fmt.Errorf("model and DATA cannot both be standard input")
	case p.model != "" && p.labels == "-":
		return fmt.Errorf("--labels of DATA cannot be standard input")
	case p.scoresOut == "-" && tool.IsStdin(p.Output):
		return fmt.Errorf("scores and report cannot both be standard output; name a file with -o")
	case p.batch < 1:
		return fmt.Errorf("--batch must be positive, got %d", p.batch)
	}
	if err := p.ranges(c); err != nil {
		return err
	}
	return p.endings()
}

// ranges finds numbers out of range, and those that change nothing.
func (p *config) ranges(c *cli.Context) error {
	const mostReplicates, mostBins = 1e6, 1e4
	switch {
	case c.IsSet("ci") && !(p.ci > 0 && p.ci < 1):
		return fmt.Errorf("--ci must be a level between 0 and 1 such as 0.95, got %g", p.ci)
	case p.aucCI != aucDeLong && p.aucCI != aucLogit:
		return fmt.Errorf("--auc-ci must be %s or %s, got %q", aucDeLong, aucLogit, p.aucCI)
	case c.IsSet("auc-ci") && p.ci == 0 && p.compare == "":
		return fmt.Errorf("--auc-ci needs --ci LEVEL")
	case c.IsSet("bootstrap") && p.ci == 0:
		return fmt.Errorf("--bootstrap needs --ci LEVEL")
	case c.IsSet("seed") && p.ci == 0:
		return fmt.Errorf("--seed needs --ci LEVEL")
	case p.replicates < 2 || p.replicates > mostReplicates:
		return fmt.Errorf("--bootstrap must be 2 to %d replicates, got %d", int(mostReplicates), p.replicates)
	case c.IsSet("max-fpr") && !(p.maxFPR > 0 && p.maxFPR <= 1):
		return fmt.Errorf("--max-fpr must be greater than 0 and at most 1, got %g", p.maxFPR)
	case p.chose(partialName) && p.maxFPR == 0:
		return fmt.Errorf("--metrics: %s needs --max-fpr RATE", partialName)
	case p.bins < 1 || p.bins > mostBins:
		return fmt.Errorf("--bins must be 1 to %d, got %d", int(mostBins), p.bins)
	case c.IsSet("bins") && !p.chose(calibrationName) && p.curves[calibrationCurve] == "":
		return fmt.Errorf("--bins needs --calibration FILE, or %s among --metrics", calibrationName)
	}
	return nil
}

// endings finds files for curves that are neither pictures nor arrays.
func (p *config) endings() error {
	for i, f := range curveFlags {
		if file := p.curves[i]; file != "" && filepath.Ext(file) != ".png" && filepath.Ext(file) != ".npy" {
			return fmt.Errorf("--%s: the name must end in .png or .npy, got %q", f.name, file)
		}
	}
	return nil
}
