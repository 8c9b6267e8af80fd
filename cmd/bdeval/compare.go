package main

import (
	"fmt"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/metric"
)

// compared is the test of two scores of the same samples.
type compared struct {
	metric.Comparison
	with     string // the file of the second
	level    float64
	doubtful string // where its scores lie if they look like probabilities that are taken as logits, and that makes a difference
}

// compare reads other scores of the samples and compares the AUC of both.
func compare(s tool.Stdio, p problem, sc *scored, c *config) (*compared, error) {
	if p.two == nil {
		return nil, tool.Usagef("--compare: AUC are compared for two classes, and there are %d; name one with --positive", len(p.confusion.Classes))
	}
	files := &stdinArrays{streams: s}
	a, other, err := openScores(files, c.compare, c.scale())
	if err != nil {
		return nil, err
	}
	if rows := a.Shape[0]; rows != sc.len() {
		return nil, fmt.Errorf("%s has %d rows of scores, but %s has %d", sc.from, sc.len(), other.from, rows)
	}
	other.mapped, other.read = files.mapped, files.read
	sc.files = append(sc.files, files.files...)
	other.positive, other.threads = sc.positive, sc.threads
	if err := sc.fitsBoth(other, c); err != nil {
		return nil, err
	}
	if err := other.fill(a); err != nil {
		return nil, err
	}
	other.labels = sc.labels
	if other.columns == 1 || other.columns == len(sc.classes) {
		other.classes = sc.classes
	}
	q, err := other.problem(c)
	if err != nil {
		return nil, err
	}
	if q.two == nil {
		return nil, tool.Usagef("--compare: %s has scores of %d classes; name one with --positive", other.from, other.columns)
	}
	confidence := c.confidence()
	if confidence.Level == 0 {
		confidence.Level = 0.95
	}
	r := &compared{Comparison: metric.CompareAUC(p.two, q.two, confidence), with: other.from, level: confidence.Level}
	if ranks.depends(other.columns) && other.doubtful() {
		r.doubtful = other.where()
	}
	return r, nil
}
