package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
)

// options are all flags.
type options struct {
	tool.Common

	model, data, scores, labels  string
	positive, metrics, scoresOut string
	json                         bool
	batch                        int

	figures []string // that --metrics asks for; nil: what suits the problem
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
	if err := o.contradictions(c); err != nil {
		return tool.Usage(err)
	}
	return tool.Distinct(
		[]tool.Name{{Flag: "-o", File: o.Output}, {Flag: "--scores-out", File: o.scoresOut}},
		[]tool.Name{{Flag: "-m", File: o.model}, {Flag: "DATA", File: o.data}, {Flag: "--scores", File: o.scores}, {Flag: "--labels", File: o.labels}})
}

// parseMetrics splits the list of figures.
func (o *options) parseMetrics() error {
	if o.metrics == "" {
		return nil
	}
	o.figures = []string{}
	if o.metrics == "none" {
		return nil
	}
	for _, name := range strings.Split(o.metrics, ",") {
		if name != confusionName && !slices.ContainsFunc(figures, func(f figure) bool { return f.name == name }) {
			return fmt.Errorf("--metrics: unknown figure %q, want none or some of %s", name, figureNames())
		}
		o.figures = append(o.figures, name)
	}
	return nil
}

// wantsFigures reports whether labels are needed.
func (o *options) wantsFigures() bool { return o.figures == nil || len(o.figures) > 0 }

// contradictions finds flags that cannot stand together.
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
	return nil
}
