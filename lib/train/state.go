package train

import (
	"fmt"

	"backdrop/lib/optim"
	"backdrop/lib/run"
)

// State is what a run that goes on later needs, besides its Config, data and network.
type State struct {
	run.Position
	Weights  [][]float32 // after the last step
	Finished [][]float32 // after the last finished epoch; nil: the same, or there is none
	Best     [][]float32 // after BestEpoch; nil without patience
	Optim    []optim.Slot
}

// State returns the state after the last step, in the trainer's own memory: valid until training goes on or Finish.
// Where a number in it is not finite, the error is a Diverged.
func (t *Trainer) State() (State, error) {
	s := t.state
	if s.Partial.Steps == 0 || s.Epoch == 0 {
		s.Finished = nil
	}
	s.Weights, s.Optim, s.Updates = t.params, t.optim.State(), t.optim.Steps
	return s, t.checkNumbers()
}

// Restore makes the trainer go on from a state of a trainer with the same network and Config.
func (t *Trainer) Restore(s State) error {
	for i, w := range [][][]float32{s.Weights, s.Finished, s.Best} {
		if w == nil && i > 0 {
			continue
		}
		if err := sameLengths(w, t.params); err != nil {
			return err
		}
	}
	mine := t.optim.State()
	if len(mine) != len(s.Optim) {
		return fmt.Errorf("train: the checkpoint has %d arrays of optimiser state, this optimiser has %d; was it made with another optimiser?", len(s.Optim), len(mine))
	}
	for i, slot := range s.Optim {
		if slot.Name != mine[i].Name || len(slot.Data) != len(mine[i].Data) {
			return fmt.Errorf("train: the checkpoint's optimiser state %d is %s of %d values, want %s of %d", i, slot.Name, len(slot.Data), mine[i].Name, len(mine[i].Data))
		}
	}
	for i, slot := range s.Optim {
		copy(mine[i].Data, slot.Data)
	}
	t.optim.Steps = s.Updates
	load(t.params, s.Weights)
	if s.Finished == nil {
		s.Finished = save(nil, s.Weights)
	}
	s.Weights, s.Optim = nil, nil
	t.state = s
	return nil
}

func sameLengths(a, b [][]float32) error {
	if len(a) != len(b) {
		return fmt.Errorf("train: the checkpoint has %d parameters, the network has %d", len(a), len(b))
	}
	for i := range a {
		if len(a[i]) != len(b[i]) {
			return fmt.Errorf("train: parameter %d of the checkpoint has %d values, the network's has %d", i, len(a[i]), len(b[i]))
		}
	}
	return nil
}

// saveFinished remembers the current weights as those of a finished epoch.
func (t *Trainer) saveFinished() { t.state.Finished = save(t.state.Finished, t.params) }

// saveBest remembers the current weights if the validation loss is the lowest so far.
func (t *Trainer) saveBest(r run.Record) {
	if t.config.Patience > 0 && r.ValLoss != nil && (t.state.BestEpoch == 0 || *r.ValLoss < t.state.BestLoss) {
		t.state.BestLoss, t.state.BestEpoch = *r.ValLoss, r.Epoch
		t.state.Best = save(t.state.Best, t.params)
	}
}

// exhausted reports whether to stop early: the last epoch was validated, and Patience epochs have passed since the best one.
func (t *Trainer) exhausted() bool {
	return t.config.Patience > 0 && t.state.Best != nil && t.config.validates(t.state.Epoch) && t.state.Epoch-t.state.BestEpoch >= t.config.Patience
}

// Finish makes the weights those that the run ends with, even if it was cut: of the last finished epoch or, with
// patience, of the best one. Epochs says whether there was any.
func (t *Trainer) Finish() {
	if t.state.Best != nil {
		load(t.params, t.state.Best)
		return
	}
	load(t.params, t.state.Finished)
}

// FinalEpoch is the epoch, from 1, whose weights Finish puts in place; 0: none is finished.
func (t *Trainer) FinalEpoch() int {
	if t.state.Best != nil {
		return t.state.BestEpoch
	}
	return t.state.Epoch
}

func save(dst, src [][]float32) [][]float32 {
	if dst == nil {
		dst = make([][]float32, len(src))
	}
	for i, v := range src {
		dst[i] = append(dst[i][:0], v...)
	}
	return dst
}

func load(dst, src [][]float32) {
	for i, v := range src {
		copy(dst[i], v)
	}
}
