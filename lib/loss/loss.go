package loss

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"backdrop/lib/finite"
)

// Batch is what a loss is a function of.
type Batch struct {
	Scores    [][]float32 // [N][K], what the network puts out
	Labels    []int       // [N], from 0
	Attribute []float64   // [N], for penalties that look at one; else nil
}

// Loss is a function of the scores and labels of a batch. It keeps memory between calls and is not for several
// goroutines at once.
type Loss interface {
	// Grad returns the loss of a batch and, unless dscores is nil, overwrites dscores, [N][K], with its gradient. A
	// label that is out of range is an error, and so is a batch whose labels leave the loss undefined, ErrUndefined. Scores
	// that are not finite are no error; the value is then not finite either.
	Grad(b Batch, dscores [][]float32) (value float64, err error)
}

// ErrUndefined is the error of a batch that lacks a class without which the loss is undefined: the positive class or, if the
// loss NeedsBoth, either of the two.
var ErrUndefined = errors.New("loss: a batch lacks a class without which the loss is undefined")

// Config says what is minimised.
type Config struct {
	Name           string    // see Names
	PositiveWeight float64   // of losses that take one: what a positive sample counts beside a negative one; 0 is 1
	Temperature    float64   // of losses that take one: differences of scores are divided by it; 0 is 1
	ClassWeights   []float64 // of losses that take them: what a sample of each class counts; nil is 1 for all
	Penalties      []Penalty // added to the loss
}

// NeedsAttribute reports whether the loss looks at an attribute of the samples.
func (c Config) NeedsAttribute() bool {
	return slices.ContainsFunc(c.Penalties, Penalty.NeedsAttribute)
}

// Validate says what is wrong with c, nil if nothing is.
func (c Config) Validate() error {
	k, _, err := kindOf(c.Name)
	if err != nil {
		return err
	}
	for _, o := range options {
		if err := o.validate(c, k); err != nil {
			return err
		}
	}
	if err := c.validateClassWeights(k); err != nil {
		return err
	}
	for _, p := range c.Penalties {
		if err := p.validate(); err != nil {
			return err
		}
	}
	return nil
}

// validateClassWeights says if there are weights that the loss does not take, or that are no positive numbers.
func (c Config) validateClassWeights(k kind) error {
	if c.ClassWeights != nil && !k.weights {
		return fmt.Errorf("loss: %s has no weights of classes; use %s", c.Name, strings.Join(WithClassWeights(), " or "))
	}
	for class, w := range c.ClassWeights {
		if !(w > 0) || !finite.Is(w) {
			return fmt.Errorf("loss: the weight of class %d must be positive and finite, got %v", class, w)
		}
	}
	return nil
}

// New returns the loss for networks with that number of outputs. A loss of two classes takes one output, the logit of the
// positive class, or two, whose difference is that logit; others take one a class.
func New(c Config, outputs int) (l Loss, err error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	k, number, err := kindOf(c.Name)
	switch {
	case err != nil:
	case !k.ofTwo():
		l, err = k.classes(c, outputs)
	case outputs != 1 && outputs != 2:
		err = fmt.Errorf("loss: %s needs a network of 1 output, got %d", c.Name, outputs)
	default:
		l = &binary{outputs: outputs, f: k.binary(c, number)}
	}
	if err == nil && len(c.Penalties) > 0 {
		l = newPenalised(l, c.Penalties)
	}
	return l, err
}

// checkBatch panics if the slices do not belong together and returns an error if a label is out of range.
func checkBatch(b Batch, dscores [][]float32, outputs, classes int) error {
	if len(b.Labels) != len(b.Scores) || dscores != nil && len(dscores) != len(b.Scores) {
		panic("loss: numbers of samples differ")
	}
	for i, s := range b.Scores {
		if len(s) != outputs || dscores != nil && len(dscores[i]) != outputs {
			panic("loss: number of scores of a sample is not that of the outputs")
		}
	}
	if len(b.Scores) == 0 {
		return fmt.Errorf("loss: batch is empty")
	}
	for i, y := range b.Labels {
		if y < 0 || y >= classes {
			return fmt.Errorf("loss: label %d of sample %d of the batch is not one of %d classes", y, i, classes)
		}
	}
	return nil
}
