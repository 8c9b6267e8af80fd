package run

import (
	"encoding/json"

	"backdrop/lib/data"
)

// Training is what a model says of how it was trained. Nothing in it depends on the clock.
type Training struct {
	Settings Settings `json:"settings"`
	Epochs   int      `json:"epochs"`               // finished
	Best     int      `json:"best_epoch,omitempty"` // with patience: that whose weights are left
	Last     *Record  `json:"last,omitempty"`

	Init         bool             `json:"init,omitempty"`          // a network that Settings name began with the weights of another model
	ClassWeights []float64        `json:"class_weights,omitempty"` // of each class, if they are not all 1
	HeldOut      data.Fingerprint `json:"held_out,omitzero"`       // of the samples of Settings.Fold
}

// JSON is the training as a model file holds it.
func (t Training) JSON() (json.RawMessage, error) {
	if t.Last != nil {
		last := *t.Last
		last.Seconds = 0
		t.Last = &last
	}
	return json.Marshal(t)
}

// ParseTraining reads what JSON wrote, and what older tools did.
func ParseTraining(text json.RawMessage) (t Training, err error) {
	err = json.Unmarshal(text, &t)
	return t, err
}

// BatchAt returns the number of samples of a training step, counted from 0 through all epochs; 0 if the training does not say
// it. The last step of an epoch has the samples that are left.
func (t Training) BatchAt(step uint64) int {
	batch, samples := max(0, t.Settings.Batch), 0
	if t.Last != nil {
		samples = t.Last.Samples
	}
	switch {
	case samples <= 0:
		return batch
	case batch == 0 || batch >= samples:
		return samples
	}
	steps := (samples-1)/batch + 1
	return min(batch, samples-batch*int(step%uint64(steps)))
}

// ParseSeed reads the seed of a training, if it has one.
func ParseSeed(text json.RawMessage) (seed uint64, ok bool) {
	var t struct {
		Settings struct {
			Settings
			Seed *uint64 `json:"seed"` // nil: none
		} `json:"settings"`
	}
	if json.Unmarshal(text, &t) != nil || t.Settings.Seed == nil {
		return 0, false
	}
	return *t.Settings.Seed, true
}
