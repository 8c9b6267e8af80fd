package train

import (
	"fmt"

	"backdrop/lib/optim"
)

// State is what a run that goes on later needs, besides its Config, data and current weights.
type State struct {
	Epoch     int     // finished epochs
	Step      int     // steps taken
	BestLoss  float64 // lowest validation loss so far
	BestEpoch int     // when that was, from 1; 0: not yet

	Weights [][]float32 // after the last finished epoch
	Best    [][]float32 // after BestEpoch; nil without patience
	Optim   []optim.Slot
	Steps   int // of the optimiser
}

// State returns the state after the last finished epoch; valid inside report, until training goes on.
func (t *Trainer) State() State {
	s := t.state
	s.Optim, s.Steps = t.optim.State(), t.optim.Steps
	return s
}

// Restore makes the trainer go on from a state of a trainer with the same network and Config.
func (t *Trainer) Restore(s State) error {
	if err := sameLengths(s.Weights, t.params); err != nil {
		return err
	}
	if s.Best != nil {
		if err := sameLengths(s.Best, t.params); err != nil {
			return err
		}
	}
	mine := t.optim.State()
	if len(mine) != len(s.Optim) {
		return fmt.Errorf("train: the checkpoint has %d arrays of optimiser state, this optimiser has %d; was it made with another --opt?", len(s.Optim), len(mine))
	}
	for i, slot := range s.Optim {
		if slot.Name != mine[i].Name || len(slot.Data) != len(mine[i].Data) {
			return fmt.Errorf("train: the checkpoint's optimiser state %d is %s of %d values, want %s of %d", i, slot.Name, len(slot.Data), mine[i].Name, len(mine[i].Data))
		}
	}
	for i, slot := range s.Optim {
		copy(mine[i].Data, slot.Data)
	}
	t.optim.Steps = s.Steps
	s.Optim = nil
	t.state = s
	load(t.params, s.Weights)
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

// keepFinished remembers the current weights as those of a finished epoch.
func (t *Trainer) keepFinished() { t.state.Weights = save(t.state.Weights, t.params) }

// keepBest remembers the current weights if the validation loss is the lowest so far.
func (t *Trainer) keepBest(r Record) {
	if t.config.Patience > 0 && r.ValLoss != nil && *r.ValLoss < t.state.BestLoss {
		t.state.BestLoss, t.state.BestEpoch = *r.ValLoss, r.Epoch
		t.state.Best = save(t.state.Best, t.params)
	}
}

// exhausted reports whether patience is at its end.
func (t *Trainer) exhausted() bool {
	return t.config.Patience > 0 && t.state.Best != nil && t.state.Epoch-t.state.BestEpoch >= t.config.Patience
}

// restoreResult puts the weights that the run is to end with into place.
func (t *Trainer) restoreResult() {
	if t.state.Best != nil {
		load(t.params, t.state.Best)
		return
	}
	load(t.params, t.state.Weights)
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
