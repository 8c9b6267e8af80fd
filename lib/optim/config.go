package optim

import (
	"fmt"
	"strings"

	"backdrop/lib/finite"
)

// Config chooses an optimiser and its hyper-parameters.
type Config struct {
	Name         string  // see Names
	LR           float64 // the learning rate, before a schedule
	Momentum     float64 // of optimisers that have one
	WeightDecay  float64 // added to the gradient as PyTorch's L2 penalty; adamw: decoupled
	Beta1, Beta2 float64 // adam and adamw
	Eps          float64 // adam and adamw
}

// Default returns the hyper-parameters that the optimiser of that name has by default.
func Default(name string) (Config, error) {
	m, err := method(name)
	return m.Default, err
}

// Validate reports the first hyper-parameter that the optimiser cannot use.
func (c Config) Validate() error {
	m, err := method(c.Name)
	if err != nil {
		return err
	}
	if !(c.LR > 0) || !finite.Is(c.LR) {
		return fmt.Errorf("optim: learning rate must be positive, got %v", c.LR)
	}
	if !(c.WeightDecay >= 0) || !finite.Is(c.WeightDecay) {
		return fmt.Errorf("optim: weight decay must not be negative, got %v", c.WeightDecay)
	}
	for _, h := range hyperparameters {
		switch v := h.of(c); {
		case !m.has(h) && v != 0:
			others := namesOf(func(m Method) bool { return m.has(h) })
			return fmt.Errorf("optim: %s has no %s, got %v; use %s", c.Name, h.name, v, strings.Join(others, " or "))
		case m.has(h) && !h.valid(v):
			return fmt.Errorf("optim: %s must be %s, got %v", h.name, h.want, v)
		}
	}
	if m.check != nil {
		return m.check(c)
	}
	return nil
}

// StateArrays is the number of arrays, each as large as the parameter, that the optimiser keeps for every parameter. It
// panics if there is no optimiser of that name.
func (c Config) StateArrays() int { return len(c.method().state(c)) }

// method returns the optimiser of a valid Config.
func (c Config) method() Method {
	m, err := method(c.Name)
	if err != nil {
		panic(err.Error())
	}
	return m
}
