package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/model"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/run"
	"backdrop/lib/train"
)

// saveCheckpoint writes the state after the last step; the file appears whole or not at all. What the log says of that
// state is on disk before.
func (r *fitting) saveCheckpoint() error {
	s, err := r.trainer.State()
	if err != nil {
		return err
	}
	text, err := run.Checkpoint{Position: s.Position, Samples: r.count(), Data: r.fingerprints[0], Val: r.fingerprints[1]}.JSON()
	if err != nil {
		return fmt.Errorf("writing the checkpoint: %w", err)
	}
	file := r.model()
	file.Progress = text
	for _, slot := range s.Optim {
		file.State = append(file.State, r.array(slot.Param, slot.Name, slot.Data))
	}
	for i, data := range s.Finished {
		file.State = append(file.State, r.array(i, run.FinishedWeights, data))
	}
	for i, data := range s.Best {
		file.State = append(file.State, r.array(i, run.BestWeights, data))
	}
	if err := r.log.sync(); err != nil {
		return err
	}
	c, _ := tool.Compression(r.c.checkpoint)
	if err := (tool.Stdio{}).WriteFile(r.c.checkpoint, tool.Binary, func(w io.Writer) error { return file.WriteAs(w, c) }); err != nil {
		return fmt.Errorf("--checkpoint %s: %w", r.c.checkpoint, err)
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
	if r.c.checkpoint == "" {
		return nil
	}
	out, err := tool.Stdio{}.Create(r.c.checkpoint, tool.Binary)
	if err != nil {
		return err
	}
	out.Abort()
	return nil
}

// openCheckpoint reads the checkpoint to go on from; nil if there is none, or none yet.
func openCheckpoint(c *config) (*models.Loaded, error) {
	if c.resume == "" {
		return nil, nil
	}
	limits := c.Limits()
	limits.Member /= 2 // with the state it takes five times that
	m, err := models.LoadCheckpoint(c.resume, limits)
	if errors.Is(err, os.ErrNotExist) && c.resume == c.checkpoint {
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
		return fmt.Errorf("resuming from %s: %w", r.c.resume, err)
	}
	if err := r.trainer.Restore(state); err != nil {
		return fmt.Errorf("resuming from %s: %w", r.c.resume, err)
	}
	if o := r.samples.once; o != nil {
		o.past = past{state.Partial.Samples, m.Scale, m.Range}
	}
	return nil
}

// readState reads the state of a checkpoint of this run.
func (r *fitting) readState(m *models.Loaded) (train.State, error) {
	t, p, err := r.progressOf(m)
	if err != nil {
		return train.State{}, err
	}
	s := train.State{Position: p, Weights: dataOf(m.Weights)}
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
		if s.Finished, err = r.stateWeights(m.File, run.FinishedWeights); err != nil {
			return s, err
		}
	}
	if p.BestEpoch > 0 {
		if s.Best, err = r.stateWeights(m.File, run.BestWeights); err != nil {
			return s, err
		}
	}
	r.last = t.Last
	return s, nil
}

// progressOf reads what a checkpoint says of its run, which must be this one.
func (r *fitting) progressOf(m *models.Loaded) (t run.Training, p run.Position, err error) {
	if m.File.Progress == nil {
		return t, p, errors.New("this is a model, not a checkpoint; start from its weights with --init")
	}
	if t, err = run.ParseTraining(m.Training); err != nil {
		return t, p, err
	}
	c, err := run.ParseCheckpoint(m.File.Progress, t.Settings.Epochs)
	if e := (*run.FormatError)(nil); errors.As(err, &e) {
		err = fmt.Errorf("the checkpoint is of format %d, this bdtrain resumes from format %d; start from its weights with --init", e.Format, e.Newest)
	}
	if err == nil {
		err = r.sameRun(m, t.Settings, c)
	}
	if err == nil {
		err = c.Validate()
	}
	return t, c.Position, err
}

// sameRun refuses a checkpoint of other settings, another network or other data than those of this run.
func (r *fitting) sameRun(m *models.Loaded, s run.Settings, c run.Checkpoint) error {
	if d := run.FirstDifference(s, r.settings); d != nil {
		return tool.Usagef("the checkpoint was made with another --%s (%v, now %v); resume with the flags it was made with", strings.ReplaceAll(d.Name, "_", "-"), orNone(d.A), orNone(d.B))
	}
	switch {
	case m.Net.String() != r.net.String():
		return errors.New("the checkpoint's network is another one than --net makes for this data")
	case (s.Epochs == 1) != (r.c.Epochs == 1) || (c.Samples == 0) != (r.count() == 0):
		return tool.Usagef("with --epochs 1 samples are used in their order, with more they are shuffled, and the checkpoint is of the other kind; start from its weights with --init")
	case !slices.Equal(m.Classes, r.classes) || c.Samples != r.count():
		return fmt.Errorf("the checkpoint was made from %d samples of classes %q, these are %d of %q", c.Samples, m.Classes, r.count(), r.classes)
	case c.Data != r.fingerprints[0]:
		return errors.New("the checkpoint was made from other samples than these, or from the same in another order")
	case c.Val != r.fingerprints[1]:
		return errors.New("the checkpoint was made with other validation data")
	case c.Epoch > r.c.Epochs:
		return tool.Usagef("the checkpoint has finished %d epochs, --epochs asks for %d", c.Epoch, r.c.Epochs)
	}
	return nil
}

// orNone is the value of a setting as a line says it.
func orNone(v any) any {
	if v == "" {
		return "none"
	}
	return v
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
