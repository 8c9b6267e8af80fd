package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/model"
	"backdrop/lib/nn"
	"backdrop/lib/optim"
	"backdrop/lib/train"
)

// resumption is what a checkpoint adds to a model, besides the optimiser's arrays.
type resumption struct {
	Epoch      int      `json:"epoch"`
	Step       int      `json:"step"`
	BestLoss   *float64 `json:"best_loss,omitempty"`
	BestEpoch  int      `json:"best_epoch,omitempty"`
	OptimSteps int      `json:"optim_steps"`
	Samples    int      `json:"samples"` // of the training data
}

// bestSlot marks the arrays of the best weights among the state of a checkpoint.
const bestSlot = "best"

// saveCheckpoint writes the state after the last epoch; the file appears whole or not at all.
func (r *fitting) saveCheckpoint() error {
	s := r.trainer.State()
	file := r.model()
	progress := resumption{Epoch: s.Epoch, Step: s.Step, BestEpoch: s.BestEpoch, OptimSteps: s.Steps, Samples: r.samples}
	if !math.IsInf(s.BestLoss, 1) {
		progress.BestLoss = &s.BestLoss
	}
	text, err := json.Marshal(progress)
	if err != nil {
		return fmt.Errorf("writing the checkpoint: %w", err)
	}
	file.Progress = text
	for _, slot := range s.Optim {
		p := r.weights.Params[slot.Param]
		file.State = append(file.State, model.Param{Name: p.Name + "." + slot.Name, Shape: p.Shape, Data: slot.Data})
	}
	for i, data := range s.Best {
		p := r.weights.Params[i]
		file.State = append(file.State, model.Param{Name: p.Name + "." + bestSlot, Shape: p.Shape, Data: data})
	}
	return tool.Streams{}.WriteFile(r.o.checkpoint, tool.Binary, func(w io.Writer) error { return file.Write(w) })
}

// tryCheckpoint finds out before training whether a checkpoint can be written at all.
func (r *fitting) tryCheckpoint() error {
	if r.o.checkpoint == "" {
		return nil
	}
	out, err := tool.Streams{}.Create(r.o.checkpoint, tool.Binary)
	if err != nil {
		return err
	}
	out.Abort()
	return nil
}

// resume brings the trainer to where a checkpoint was written.
func (r *fitting) resume() error {
	if r.o.resume == "" {
		return nil
	}
	m, err := models.Load(r.o.resume, nil, r.o.Limits())
	if errors.Is(err, os.ErrNotExist) && r.o.resume == r.o.checkpoint {
		return nil
	}
	if err != nil {
		return err
	}
	state, err := r.readState(m)
	if err != nil {
		return fmt.Errorf("resuming from %s: %w", r.o.resume, err)
	}
	if err := r.trainer.Restore(state); err != nil {
		return fmt.Errorf("resuming from %s: %w", r.o.resume, err)
	}
	return nil
}

func (r *fitting) readState(m *models.Loaded) (train.State, error) {
	var s train.State
	if m.File.Progress == nil {
		return s, errors.New("this is a model, not a checkpoint; start from its weights with --init")
	}
	var t training
	var p resumption
	if err := errors.Join(json.Unmarshal(m.Training, &t), json.Unmarshal(m.File.Progress, &p)); err != nil {
		return s, err
	}
	if field := differing(t.Settings, r.o.settings); field != "" {
		return s, tool.Usagef("the checkpoint was made with another %s; resume with the flags it was made with", field)
	}
	if m.Net.String() != r.net.String() {
		return s, errors.New("the checkpoint's network is another one than --net makes for this data")
	}
	if !slices.Equal(m.Classes, r.classes) || p.Samples != r.samples {
		return s, fmt.Errorf("the checkpoint was made from %d samples of classes %q, these are %d of %q", p.Samples, m.Classes, r.samples, r.classes)
	}
	if p.Epoch > r.o.Epochs {
		return s, tool.Usagef("the checkpoint has finished %d epochs, --epochs asks for %d", p.Epoch, r.o.Epochs)
	}
	s = train.State{Epoch: p.Epoch, Step: p.Step, BestLoss: math.Inf(1), BestEpoch: p.BestEpoch, Steps: p.OptimSteps}
	if p.BestLoss != nil {
		s.BestLoss = *p.BestLoss
	}
	r.last = t.Last
	s.Weights = dataOf(m.Weights)
	for _, slot := range r.trainer.State().Optim {
		data, err := stateArray(m.File, r.weights.Params[slot.Param], slot.Name)
		if err != nil {
			return s, err
		}
		s.Optim = append(s.Optim, optim.Slot{Param: slot.Param, Name: slot.Name, Data: data})
	}
	if p.BestEpoch > 0 {
		for _, q := range r.weights.Params {
			data, err := stateArray(m.File, q, bestSlot)
			if err != nil {
				return s, err
			}
			s.Best = append(s.Best, data)
		}
	}
	return s, nil
}

func dataOf(w *nn.Weights) [][]float32 {
	var all [][]float32
	for _, p := range w.Params {
		all = append(all, p.Data)
	}
	return all
}

func stateArray(file *model.Model, p *nn.Param, name string) ([]float32, error) {
	full := p.Name + "." + name
	i := slices.IndexFunc(file.State, func(q model.Param) bool { return q.Name == full })
	if i < 0 {
		return nil, fmt.Errorf("its array %s is missing", full)
	}
	return file.State[i].Data, nil
}

// differing names the first setting, as a flag, that is not the same. The number of epochs may change if the learning
// rate does not depend on it.
func differing(a, b settings) string {
	va, vb := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range va.NumField() {
		field := va.Type().Field(i)
		same := reflect.DeepEqual(va.Field(i).Interface(), vb.Field(i).Interface())
		if field.Type.Kind() == reflect.Slice && va.Field(i).Len()+vb.Field(i).Len() == 0 {
			same = true
		}
		if field.Name == "Epochs" && a.Schedule == "const" {
			same = true
		}
		if !same {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			return fmt.Sprintf("--%s (%v, now %v)", strings.ReplaceAll(name, "_", "-"), va.Field(i), vb.Field(i))
		}
	}
	return ""
}
