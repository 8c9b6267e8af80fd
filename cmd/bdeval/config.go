package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/lib/metric"
)

// config is what the flags ask for, checked. Nothing changes it.
type config struct {
	tool.Common
	request

	data     string         // argument
	figures  []string       // that --metrics asks for; nil: what suits the problem
	batchSet bool           // --batch is given
	layout   dataset.Layout // --axes; "" if the data say it
	others   []string       // models besides the first
}

// common looks at the argument, and at the flags that all commands have.
func (f *flags) common(c *cli.Context) (*config, error) {
	if err := f.Apply(); err != nil {
		return nil, err
	}
	layout, err := tool.Axes(f.axes)
	if err != nil {
		return nil, err
	}
	data, err := tool.Argument(c, "DATA")
	if err != nil {
		return nil, err
	}
	return &config{layout: layout, Common: f.Common, request: f.request, data: data, batchSet: c.IsSet("batch")}, nil
}

// parse looks at the flags and the argument before anything is read.
func (f *flags) parse(c *cli.Context) (*config, error) {
	p, err := f.common(c)
	if err != nil {
		return nil, err
	}
	if all := f.models.Value(); len(all) > 0 {
		p.model, p.others = all[0], all[1:]
	}
	if p.figures, err = p.parseMetrics(); err != nil {
		return nil, tool.Usage(err)
	}
	if err := p.contradictions(c); err != nil {
		return nil, tool.Usage(err)
	}
	return p, p.checkNames()
}

// parseMetrics splits the list of figures.
func (p *config) parseMetrics() (names []string, err error) {
	known := strings.Split(figureNames(), ", ")
	switch p.metrics {
	case "":
		return nil, nil
	case "none":
		names = []string{}
	case "all":
		names = slices.DeleteFunc(known, func(name string) bool { return name == partialName })
	default:
		names = strings.Split(p.metrics, ",")
		for _, name := range names {
			if !slices.Contains(known, name) {
				return nil, fmt.Errorf("--metrics: unknown figure %q, want all, none or some of %s", name, figureNames())
			}
		}
	}
	if p.maxFPR > 0 {
		names = append(names, partialName)
	}
	return names, nil
}

// The values of --auc-ci.
const (
	aucDeLong = "delong"
	aucLogit  = "logit"
)

// confidence says which intervals are wanted.
func (p *config) confidence() metric.Confidence {
	return metric.Confidence{Level: p.ci, LogitAUC: p.aucCI == aucLogit, Replicates: p.replicates, Seed: p.seed}
}

// scale says what scores in files are.
func (p *config) scale() metric.Scale {
	if p.probabilities {
		return metric.Probabilities
	}
	return metric.Logits
}

// depends reports whether something that is asked for differs for scores of that many columns that are taken as logits and
// as probabilities.
func (p *config) depends(columns int) bool {
	for _, f := range figures {
		if (p.figures == nil || p.chose(f.name)) && f.from.depends(columns) {
			return true
		}
	}
	for i, f := range curveFlags {
		if p.curves[i] != "" && f.from.depends(columns) {
			return true
		}
	}
	return p.worst > 0 || p.chose(confusionName) && decisions.depends(columns) ||
		(p.chose(perClassName) && (decisions.depends(columns) || ranks.depends(columns))) ||
		(p.compare != "" && ranks.depends(columns))
}

// chose reports whether --metrics asks for a part of the report.
func (p *config) chose(name string) bool { return slices.Contains(p.figures, name) }

// wantsFigures reports whether labels are needed.
func (p *config) wantsFigures() bool {
	return p.figures == nil || len(p.figures) > 0 || p.compare != "" || p.worst > 0 || p.wantsCurves()
}

func (p *config) wantsCurves() bool {
	return slices.ContainsFunc(p.curves[:], func(file string) bool { return file != "" })
}
