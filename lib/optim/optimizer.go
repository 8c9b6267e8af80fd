package optim

import "slices"

// Optimizer holds what an optimiser remembers from step to step.
type Optimizer struct {
	Steps int // taken so far; a checkpoint saves and restores it together with State

	config Config
	sizes  []int
	slots  []Slot
}

// Slot is one array of an optimiser's state, of the length of the parameter that it belongs to.
type Slot struct {
	Param int    // index of the parameter
	Name  string // PyTorch's: momentum_buffer, exp_avg, exp_avg_sq
	Data  []float32
}

// New returns an optimiser for parameters of the given lengths.
func New(c Config, sizes []int) (*Optimizer, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	o := &Optimizer{config: c, sizes: slices.Clone(sizes)}
	for i, n := range sizes {
		for _, kind := range c.slots() {
			o.slots = append(o.slots, Slot{Param: i, Name: kind, Data: make([]float32, n)})
		}
	}
	return o, nil
}

// slots names the arrays of state that belong to each parameter.
func (c Config) slots() []string {
	switch {
	case c.adaptive():
		return []string{"exp_avg", "exp_avg_sq"}
	case c.Momentum != 0:
		return []string{"momentum_buffer"}
	}
	return nil
}

// Slots is the number of arrays of state that belong to each parameter.
func (c Config) Slots() int { return len(c.slots()) }

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
	for i, p := range params {
		switch {
		case o.config.adaptive():
			o.adam(p, grads[i], o.slots[2*i].Data, o.slots[2*i+1].Data, lr)
		case o.config.Momentum != 0:
			o.momentum(p, grads[i], o.slots[i].Data, lr)
		default:
			o.sgd(p, grads[i], lr)
		}
	}
}
