package optim

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

var names = []string{"sgd", "nesterov", "adam", "adamw"}

// Config chooses an optimiser and its hyper-parameters.
type Config struct {
	Name         string  // sgd, nesterov, adam, adamw
	LR           float64 // the learning rate, before a schedule
	Momentum     float64 // sgd and nesterov
	WeightDecay  float64 // added to the gradient as PyTorch's L2 penalty; adamw: decoupled
	Beta1, Beta2 float64 // adam and adamw
	Eps          float64 // adam and adamw
}

// Default returns PyTorch's hyper-parameters for the optimiser of that name. Nesterov, whose momentum PyTorch wants
// to be given, has 0.9.
func Default(name string) (Config, error) {
	c := Config{Name: name, LR: 1e-3}
	switch name {
	case "sgd":
	case "nesterov":
		c.Momentum = 0.9
	case "adam":
		c.Beta1, c.Beta2, c.Eps = 0.9, 0.999, 1e-8
	case "adamw":
		c.Beta1, c.Beta2, c.Eps = 0.9, 0.999, 1e-8
		c.WeightDecay = 0.01
	default:
		return Config{}, unknown(name)
	}
	return c, nil
}

// Validate reports the first hyper-parameter that the optimiser cannot use.
func (c Config) Validate() error {
	if !slices.Contains(names, c.Name) {
		return unknown(c.Name)
	}
	if !(c.LR > 0) || math.IsInf(c.LR, 1) {
		return fmt.Errorf("optim: learning rate must be positive, got %v", c.LR)
	}
	if !(c.WeightDecay >= 0) || math.IsInf(c.WeightDecay, 1) {
		return fmt.Errorf("optim: weight decay must not be negative, got %v", c.WeightDecay)
	}
	if c.adaptive() {
		if c.Momentum != 0 {
			return fmt.Errorf("optim: %s has no momentum, got %v; use sgd or nesterov", c.Name, c.Momentum)
		}
		for i, beta := range []float64{c.Beta1, c.Beta2} {
			if !(beta >= 0 && beta < 1) {
				return fmt.Errorf("optim: beta%d must be in [0, 1), got %v", i+1, beta)
			}
		}
		if !(c.Eps > 0) || math.IsInf(c.Eps, 1) {
			return fmt.Errorf("optim: eps must be positive, got %v", c.Eps)
		}
		return nil
	}
	if !(c.Momentum >= 0 && c.Momentum < 1) {
		return fmt.Errorf("optim: momentum must be in [0, 1), got %v", c.Momentum)
	}
	if c.Name == "nesterov" && c.Momentum == 0 {
		return fmt.Errorf("optim: nesterov needs a positive momentum, such as 0.9")
	}
	return nil
}

func (c Config) adaptive() bool { return c.Name == "adam" || c.Name == "adamw" }

func unknown(name string) error {
	return fmt.Errorf("optim: unknown optimiser %q, want one of %s", name, strings.Join(names, ", "))
}
