package loss

import (
	"fmt"
	"strings"

	"backdrop/lib/decimal"
	"backdrop/lib/finite"
)

// kinds is the table of losses, in the order in which they are listed to users. A new one is a file such as bce.go, and its
// entry here.
var kinds = []kind{xent, bce, aucSquaredHinge, aucLogistic, aucSigmoid, softFs, smoothAPs}

// A kind is a loss, or losses that differ by a number: what there is to know of it in one place. It has one of the functions
// classes and binary.
type kind struct {
	name    string
	number  string               // what the number behind the name is called, such as B; "": there is none
	accepts func(v float64) bool // which numbers that may be
	listed  []string             // names with a number that are listed as examples
	both    bool                 // it compares samples of two classes, and is undefined without either
	takes   []option             // besides penalties, which all do
	weights bool                 // it takes a weight of each class

	classes func(c Config, outputs int) (Loss, error) // of as many classes as a network has outputs
	binary  func(c Config, number float64) binaryFunc // of two classes
}

// ofTwo reports whether the loss is one of two classes.
func (k kind) ofTwo() bool { return k.binary != nil }

// An option is a number in Config that some losses take; 0 stands for 1.
type option struct {
	name string
	of   func(c Config) float64
}

// options are those that any loss takes.
var options = []option{positiveWeight, temperature}

var (
	positiveWeight = option{"weight of the positive class", func(c Config) float64 { return c.PositiveWeight }}
	temperature    = option{"temperature", func(c Config) float64 { return c.Temperature }}
)

// validate says if c has an option that is no positive number, or that its loss does not take.
func (o option) validate(c Config, k kind) error {
	v := o.of(c)
	switch {
	case !(v >= 0) || !finite.Is(v):
		return fmt.Errorf("loss: %s must be positive and finite, got %v", o.name, v)
	case v != 0 && !k.has(o):
		others := namesOf(func(k kind) bool { return k.has(o) })
		return fmt.Errorf("loss: %s has no %s, got %v; use %s", c.Name, o.name, v, strings.Join(others, " or "))
	}
	return nil
}

// has reports whether the loss takes an option.
func (k kind) has(o option) bool {
	for _, t := range k.takes {
		if t.name == o.name {
			return true
		}
	}
	return false
}

// Names returns the names of all losses. A capital letter at the end of one stands for a positive number.
func Names() []string { return namesOf(func(kind) bool { return true }) }

// WithPositiveWeight returns the names of the losses that take a PositiveWeight.
func WithPositiveWeight() []string {
	return namesOf(func(k kind) bool { return k.has(positiveWeight) })
}

// WithTemperature returns the names of the losses that take a Temperature.
func WithTemperature() []string { return namesOf(func(k kind) bool { return k.has(temperature) }) }

// WithClassWeights returns the names of the losses that take ClassWeights.
func WithClassWeights() []string { return namesOf(func(k kind) bool { return k.weights }) }

// Multiclass returns the names of the losses that are not of two classes.
func Multiclass() []string { return namesOf(func(k kind) bool { return !k.ofTwo() }) }

// namesOf returns the names of some losses.
func namesOf(which func(kind) bool) []string {
	var names []string
	for _, k := range kinds {
		if which(k) {
			names = append(append(names, k.listed...), k.name+k.number)
		}
	}
	return names
}

// kindOf returns the loss of a name, and the number behind it.
func kindOf(name string) (k kind, number float64, err error) {
	for _, k := range kinds {
		if k.number == "" && k.name == name {
			return k, 0, nil
		}
		if text, ok := strings.CutPrefix(name, k.name); ok && k.number != "" {
			if v, err := decimal.Float(text); err == nil && k.accepts(v) {
				return k, v, nil
			}
		}
	}
	return kind{}, 0, fmt.Errorf("loss: unknown loss %q, want one of %s", name, strings.Join(Names(), ", "))
}

// Binary reports whether the loss of that name is one of two classes. No loss that Validate refuses is.
func Binary(name string) bool {
	k, _, err := kindOf(name)
	return err == nil && k.ofTwo()
}

// NeedsBoth reports whether the loss of that name, one of two classes, compares samples of one with samples of the other,
// and so is undefined without either. The others have something to learn if there is a positive sample.
func NeedsBoth(name string) bool {
	k, _, err := kindOf(name)
	return err == nil && k.both
}
