package main

import (
	"fmt"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/model"
	"backdrop/lib/run"
)

// model returns the file of the current weights.
func (r *fitting) model() *model.Model {
	t := run.Training{Settings: r.settings, Epochs: r.trainer.Epochs(), Last: r.last, Init: r.begun, ClassWeights: r.classWeights, HeldOut: r.heldOut}
	if r.c.Patience > 0 {
		t.Best = r.trainer.FinalEpoch()
	}
	text, err := t.JSON()
	if err != nil {
		panic(fmt.Sprintf("bdtrain: settings cannot be written as JSON: %v", err))
	}
	n, trained := r.samples.scales()
	mean, std := n.Numbers()
	resize := ""
	if !r.samples.resize().None() {
		resize = model.Area
	}
	return &model.Model{
		Network: r.net.String(), Classes: r.classes, Positive: r.positive, Mean: mean, Std: std, Range: model.Range(trained),
		Resize: resize, Training: text, Version: tool.Version, Params: models.Params(r.weights),
	}
}

// checkModel finds out before training, or at its start, whether the model can be written.
func (r *fitting) checkModel() error {
	if err := r.model().Check(); err != nil {
		n, _ := r.samples.scales()
		return fmt.Errorf("the model could not be written: %w%s", err, manyChannels(n))
	}
	return nil
}
