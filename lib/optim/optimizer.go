package optim

import "slices"

// Optimizer holds what an optimiser remembers from step to step.
type Optimizer struct {
	Steps int // taken so far; a checkpoint saves and restores it together with State

	config Config
	method Method
	sizes  []int
	slots  []Slot
}

// Slot is one array of an optimiser's state, of the length of the parameter that it belongs to.
type Slot struct {
	Param int       // index of the parameter
	Name  string    // PyTorch's: momentum_buffer, exp_avg, exp_avg_sq
	Data  []float32 // an element for each of the parameter's
}

// New returns an optimiser for parameters of the given lengths.
func New(c Config, sizes []int) (*Optimizer, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	o := &Optimizer{config: c, method: c.method(), sizes: slices.Clone(sizes)}
	for i, n := range sizes {
		for _, name := range o.method.state(c) {
			o.slots = append(o.slots, Slot{Param: i, Name: name, Data: make([]float32, n)})
		}
	}
	return o, nil
}

// State returns the optimiser's own arrays, in a fixed order: a checkpoint writes them, and restores by copying back.
func (o *Optimizer) State() []Slot { return o.slots }

// Step updates the parameters in place with learning rate lr.
func (o *Optimizer) Step(params, grads [][]float32, lr float64) {
	if len(params) != len(o.sizes) || len(grads) != len(o.sizes) {
		panic("optim: number of parameters changed")
	}
	for i, n := range o.sizes {
		if len(params[i]) != n || len(grads[i]) != n {
			panic("optim: length of a parameter changed")
		}
	}
	o.Steps++
	each := 0 // arrays of state
	if len(o.sizes) > 0 {
		each = len(o.slots) / len(o.sizes)
	}
	for i, p := range params {
		o.method.update(update{Config: o.config, step: o.Steps, lr: lr, p: p, g: grads[i], state: o.slots[i*each:][:each]})
	}
}
