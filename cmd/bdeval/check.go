package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
)

// checkNames looks at the files that the flags name.
func (p *config) checkNames() error {
	outputs := []tool.Name{{Flag: "-o", File: p.Output}, {Flag: "--scores-out", File: p.scoresOut}, {Flag: "--worst-sheet", File: p.worstSheet}}
	for i, f := range curveFlags {
		outputs = append(outputs, tool.Name{Flag: "--" + f.name, File: p.curves[i]})
	}
	inputs, files := p.inputs()
	sheet, curves := outputs[2], outputs[3:]
	if err := tool.Files(append(append(files, sheet), curves...)); err != nil {
		return err
	}
	if err := tool.Distinct(outputs, inputs); err != nil {
		return err
	}
	if err := tool.PictureName(sheet, ""); err != nil {
		return err
	}
	for _, pic := range curves {
		if err := tool.PictureName(pic, ", or .npy for its numbers"); err != nil && !isArray(pic.File) {
			return err
		}
	}
	return tool.ArrayName(outputs[1], "")
}

// inputs are the files that are read, and those of them that have to be files.
func (p *config) inputs() (inputs, files []tool.Name) {
	files = []tool.Name{{Flag: "--compare", File: p.compare}, {Flag: "--groups", File: p.groups}}
	inputs = []tool.Name{{Flag: "-m", File: p.model}, {Flag: "DATA", File: p.data}, {Flag: "--scores", File: p.scores},
		{Flag: "--labels", File: p.labels}, {Flag: "--compare", File: p.compare}, {Flag: "--groups", File: p.groups}}
	for _, name := range p.others {
		files, inputs = append(files, tool.Name{Flag: "-m", File: name}), append(inputs, tool.Name{Flag: "-m", File: name})
	}
	if p.model != "" && len(p.others) > 0 {
		files = append(files, tool.Name{Flag: "-m", File: p.model})
	}
	return inputs, files
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
	case p.scores != "" && (p.fold != "" || p.groups != ""):
		return fmt.Errorf("--fold and --groups are of DATA; they need -m MODEL")
	case p.scores != "" && (p.x != "" || p.y != ""):
		return fmt.Errorf("--x and --y are of DATA; they need -m MODEL")
	case p.scores != "" && c.IsSet("batch"):
		return fmt.Errorf("--batch needs -m MODEL")
	case p.scoresOut == "-" && tool.IsStdin(p.Output):
		return fmt.Errorf("scores and report cannot both be standard output; name a file with -o")
	}
	if err := p.sources(); err != nil {
		return err
	}
	return p.ranges(c)
}

// sources finds a network and samples that cannot be read together.
func (p *config) sources() error {
	switch {
	case p.model == "-" && tool.IsStdin(p.data):
		return fmt.Errorf("model and DATA cannot both be standard input")
	case p.model != "" && p.labels == "-":
		return fmt.Errorf("--labels of DATA cannot be standard input")
	case p.fold != "" && len(p.others) > 0:
		return fmt.Errorf("--fold goes with one model; of several, each judges the fold that it has held out")
	case p.groups != "" && !p.folds():
		return fmt.Errorf("--groups needs --fold, or the models of several folds")
	case p.batch < 1:
		return fmt.Errorf("--batch must be positive, got %d", p.batch)
	}
	return nil
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
	case c.IsSet("worst") && p.worst < 1:
		return fmt.Errorf("--worst must be positive, got %d", p.worst)
	case p.worstSheet != "" && p.worst == 0:
		return fmt.Errorf("--worst-sheet needs --worst N, such as 20")
	case p.worstSheet != "" && p.model == "":
		return fmt.Errorf("--worst-sheet draws samples; it needs -m MODEL")
	case p.worstSheet != "" && p.worst > mostDrawn:
		return fmt.Errorf("--worst-sheet draws %d samples at most, --worst is %d", mostDrawn, p.worst)
	case p.bins < 1 || p.bins > mostBins:
		return fmt.Errorf("--bins must be 1 to %d, got %d", int(mostBins), p.bins)
	case c.IsSet("bins") && !p.chose(calibrationName) && p.curves[calibrationCurve] == "":
		return fmt.Errorf("--bins needs --calibration FILE, or %s among --metrics", calibrationName)
	}
	return nil
}

// isArray reports whether the name of a curve's file asks for its numbers.
func isArray(file string) bool { return strings.EqualFold(filepath.Ext(file), ".npy") }
