package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/model"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/train"
)

// resumption is what a checkpoint adds to a model, besides arrays. The model's weights are those after the last step.
type resumption struct {
	Format int `json:"format"`
	train.Position
	Samples int         `json:"samples"`       // of the training data; 0 in a stream
	Data    train.Print `json:"data,omitzero"` // of them
	Val     train.Print `json:"val,omitzero"`  // of the validation data
}

// checkpointFormat is 1 since a checkpoint can be taken inside an epoch, and 2 since the samples of one epoch are taken in
// their order, whatever else is asked for.
const checkpointFormat = 2

// Names of arrays of weights among the state of a checkpoint.
const (
	bestSlot     = "best"
	finishedSlot = "finished"
)

// saveCheckpoint writes the state after the last step; the file appears whole or not at all. What the log says of that
// state is on disk before.
func (r *fitting) saveCheckpoint() error {
	s, err := r.trainer.State()
	if err != nil {
		return err
	}
	text, err := json.Marshal(resumption{checkpointFormat, s.Position, r.count(), r.prints[0], r.prints[1]})
	if err != nil {
		return fmt.Errorf("writing the checkpoint: %w", err)
	}
	file := r.model()
	file.Progress = text
	for _, slot := range s.Optim {
		file.State = append(file.State, r.array(slot.Param, slot.Name, slot.Data))
	}
	for i, data := range s.Finished {
		file.State = append(file.State, r.array(i, finishedSlot, data))
	}
	for i, data := range s.Best {
		file.State = append(file.State, r.array(i, bestSlot, data))
	}
	if err := r.log.sync(); err != nil {
		return err
	}
	c, _ := tool.Compression(r.o.checkpoint)
	if err := (tool.Stdio{}).WriteFile(r.o.checkpoint, tool.Binary, func(w io.Writer) error { return file.WriteAs(w, c) }); err != nil {
		return fmt.Errorf("--checkpoint %s: %w", r.o.checkpoint, err)
	}
	return nil
}

// array is one of the state, of the shape of a parameter.
func (r *fitting) array(param int, name string, data []float32) model.Param {
	p := r.weights.Params[param]
	return model.Param{Name: p.Name + "." + name, Shape: p.Shape, Data: data}
}

// tryCheckpoint finds out before training whether a checkpoint can be written at all.
func (r *fitting) tryCheckpoint() error {
	if r.o.checkpoint == "" {
		return nil
	}
	out, err := tool.Stdio{}.Create(r.o.checkpoint, tool.Binary)
	if err != nil {
		return err
	}
	out.Abort()
	return nil
}

// openCheckpoint reads the checkpoint to go on from; nil if there is none, or none yet.
func (o *options) openCheckpoint() (*models.Loaded, error) {
	if o.resume == "" {
		return nil, nil
	}
	limits := o.Limits()
	limits.Member /= 2 // with the state it takes five times that
	m, err := models.LoadCheckpoint(o.resume, limits)
	if errors.Is(err, os.ErrNotExist) && o.resume == o.checkpoint {
		return nil, nil
	}
	return m, err
}

// resume brings the trainer to where the checkpoint was written; nil is the start.
func (r *fitting) resume(m *models.Loaded) error {
	if m == nil {
		return nil
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
	if shuffledOnce := p.Format == 1 && t.Settings.Epochs == 1 && p.Samples > 0; shuffledOnce || p.Format < 1 || p.Format > checkpointFormat {
		return s, fmt.Errorf("the checkpoint is of format %d, this bdtrain resumes from format %d; start from its weights with --init", p.Format, checkpointFormat)
	}
	if field := differing(t.Settings, r.o.settings); field != "" {
		return s, tool.Usagef("the checkpoint was made with another %s; resume with the flags it was made with", field)
	}
	if m.Net.String() != r.net.String() {
		return s, errors.New("the checkpoint's network is another one than --net makes for this data")
	}
	if (t.Settings.Epochs == 1) != (r.o.Epochs == 1) || (p.Samples == 0) != (r.count() == 0) {
		return s, tool.Usagef("with --epochs 1 samples are used in their order, with more they are shuffled, and the checkpoint is of the other kind; start from its weights with --init")
	}
	if !slices.Equal(m.Classes, r.classes) || p.Samples != r.count() {
		return s, fmt.Errorf("the checkpoint was made from %d samples of classes %q, these are %d of %q", p.Samples, m.Classes, r.count(), r.classes)
	}
	if p.Data != r.prints[0] {
		return s, errors.New("the checkpoint was made from other samples than these, or from the same in another order")
	}
	if p.Val != r.prints[1] {
		return s, errors.New("the checkpoint was made with other validation data")
	}
	if p.Epoch > r.o.Epochs {
		return s, tool.Usagef("the checkpoint has finished %d epochs, --epochs asks for %d", p.Epoch, r.o.Epochs)
	}
	if err := p.check(); err != nil {
		return s, err
	}
	r.last = t.Last
	s = train.State{Position: p.Position, Weights: dataOf(m.Weights)}
	mine, err := r.trainer.State()
	if err != nil {
		return s, err
	}
	for _, slot := range mine.Optim {
		data, err := stateArray(m.File, r.weights.Params[slot.Param], slot.Name)
		if err != nil {
			return s, err
		}
		s.Optim = append(s.Optim, optim.Slot{Param: slot.Param, Name: slot.Name, Data: data})
	}
	if p.Epoch > 0 && p.Partial.Steps > 0 {
		if s.Finished, err = r.stateWeights(m.File, finishedSlot); err != nil {
			return s, err
		}
	}
	if p.BestEpoch > 0 {
		if s.Best, err = r.stateWeights(m.File, bestSlot); err != nil {
			return s, err
		}
	}
	return s, nil
}

// check finds fault with numbers that no run can have come to.
func (p resumption) check() error {
	part := p.Partial
	for _, n := range []int{p.Epoch, p.Updates, part.Skipped, part.Hits, part.Counted, p.BestEpoch, part.Steps} {
		if n < 0 {
			return fmt.Errorf("its progress has the number %d", n)
		}
	}
	if p.Step < p.Updates || p.Step < part.Steps || part.Samples < part.Steps || part.Counted > part.Samples || part.Hits > part.Samples || p.BestEpoch > p.Epoch {
		return errors.New("the numbers of its progress contradict each other")
	}
	return nil
}

// stateWeights are the arrays of that name of all parameters.
func (r *fitting) stateWeights(file *model.Model, name string) ([][]float32, error) {
	var all [][]float32
	for _, p := range r.weights.Params {
		data, err := stateArray(file, p, name)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func dataOf(w *net.Weights) [][]float32 {
	var all [][]float32
	for _, p := range w.Params {
		all = append(all, p.Data)
	}
	return all
}

func stateArray(file *model.Model, p *net.Param, name string) ([]float32, error) {
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
