package optim

import (
	"fmt"
	"slices"
	"strings"

	"backdrop/lib/finite"
)

// methods is the table of optimisers. A new one is a file such as adam.go, and its entry here.
var methods = []Method{sgd, nesterov, adam, adamw}

// A Method is an optimiser: what there is to know of it in one place.
type Method struct {
	Name    string // as users write it
	Default Config // hyper-parameters, PyTorch's where it has them; Name and LR are filled in

	takes  []hyperparameter
	check  func(c Config) error    // what else is wrong with the hyper-parameters; nil: nothing can be
	state  func(c Config) []string // the arrays that are kept for each parameter, by PyTorch's names
	update func(u update)
}

// An update is what changes one parameter in one step.
type update struct {
	Config
	step  int     // from 1
	lr    float64 // the learning rate of the step
	p, g  []float32
	state []Slot // the parameter's, in the order of Method.state
}

// A hyperparameter is a number that some optimisers take, besides the learning rate and the weight decay, which all do.
type hyperparameter struct {
	name  string
	of    func(c Config) float64
	want  string // of which numbers valid is true
	valid func(v float64) bool
}

// hyperparameters are those that any optimiser takes.
var hyperparameters = []hyperparameter{momentum, beta1, beta2, eps}

var (
	momentum = hyperparameter{"momentum", func(c Config) float64 { return c.Momentum }, "in [0, 1)", inUnit}
	beta1    = hyperparameter{"beta1", func(c Config) float64 { return c.Beta1 }, "in [0, 1)", inUnit}
	beta2    = hyperparameter{"beta2", func(c Config) float64 { return c.Beta2 }, "in [0, 1)", inUnit}
	eps      = hyperparameter{"eps", func(c Config) float64 { return c.Eps }, "positive", positive}
)

func inUnit(v float64) bool   { return v >= 0 && v < 1 }
func positive(v float64) bool { return v > 0 && finite.Is(v) }

// defaultLR is the learning rate that every optimiser begins with.
const defaultLR = 1e-3

// Methods returns all optimisers, in the order in which they are listed to users.
func Methods() []Method {
	all := slices.Clone(methods)
	for i := range all {
		all[i].Default.Name, all[i].Default.LR = all[i].Name, defaultLR
	}
	return all
}

// Names returns the names of all optimisers.
func Names() []string { return namesOf(func(Method) bool { return true }) }

// HasMomentum reports whether the optimiser takes a momentum.
func (m Method) HasMomentum() bool { return m.has(momentum) }

// has reports whether the optimiser takes a hyper-parameter.
func (m Method) has(h hyperparameter) bool {
	return slices.ContainsFunc(m.takes, func(t hyperparameter) bool { return t.name == h.name })
}

// namesOf returns the names of some optimisers.
func namesOf(which func(Method) bool) []string {
	var names []string
	for _, m := range methods {
		if which(m) {
			names = append(names, m.Name)
		}
	}
	return names
}

// method returns the optimiser of a name.
func method(name string) (Method, error) {
	for _, m := range Methods() {
		if m.Name == name {
			return m, nil
		}
	}
	return Method{}, fmt.Errorf("optim: unknown optimiser %q, want one of %s", name, strings.Join(Names(), ", "))
}
