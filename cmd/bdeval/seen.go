package main

import (
	"fmt"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/stream"
	"backdrop/lib/data"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/run"
)

// seen finds out whether DATA are those of which a model of a cross-validation has held out a fold: it was trained on most of them.
type seen struct {
	fold   run.Fold
	of     run.Training
	target data.Target
	traces data.Traces
	lost   bool // more samples, or some without labels, of which nothing is known
}

// mostTraced bounds the samples that are compared, and so the memory: 4 MiB.
const mostTraced = 4096

// newSeen is nil if the model is not of a cross-validation, or does not say which samples it has held out.
func newSeen(m *models.Loaded) *seen {
	t, err := run.ParseTraining(m.Training)
	if err != nil || t.HeldOut == (data.Fingerprint{}) || t.Settings.Groups != "" {
		return nil
	}
	fold, err := run.ParseFold(t.Settings.Fold)
	if err != nil {
		return nil
	}
	return &seen{fold: fold, of: t, target: m.Target()}
}

// add takes in the next sample.
func (s *seen) add(sample *stream.Sample, x pixels.Source, shape net.Shape) {
	if s.lost = s.lost || !sample.HasLabel || s.traces.Len() == mostTraced; !s.lost {
		s.traces.Add(x, shape, sample.Label)
	}
}

// line says that the model has seen samples that it judges; "" if it has not.
func (s *seen) line(model string) string {
	n := s.traces.Len()
	if s.lost || n < s.fold.N {
		return ""
	}
	held, count := s.traces.HeldOut(s.fold.K, s.fold.N, s.of.Settings.Seed, s.target)
	if held != s.of.HeldOut {
		return ""
	}
	return fmt.Sprintf("model %s was trained on %d of these %d samples: it is that of fold %v; bdeval --fold %v judges it by the others, and bdeval with -m for the models of all %d folds judges each sample by the one that has not seen it",
		tool.InputName(model), n-count, n, s.fold, s.fold, s.fold.N)
}
