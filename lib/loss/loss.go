package loss

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"backdrop/lib/decimal"
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
	// label that is out of range is an error, and so is a batch whose labels leave the loss undefined, ErrUndefined. A
	// score that is not finite is none, but shows in a value that is not.
	Grad(b Batch, dscores [][]float32) (value float64, err error)
}

// ErrUndefined is the error of a batch that lacks a class without which the loss is undefined: the positive one or, if it
// NeedsBoth, one of the two.
var ErrUndefined = errors.New("loss: a batch lacks a class without which the loss is undefined")

// Config says what is minimised.
type Config struct {
	Name           string    // see Names
	PositiveWeight float64   // of bce: what a positive sample counts beside a negative one; 0 is 1
	Temperature    float64   // of smooth-ap: differences of scores are divided by it; 0 is 1
	Penalties      []Penalty // added to the loss
}

// Names are the losses that New knows; in soft-fB the B is any positive number.
var Names = []string{"xent", "bce", "auc-sqhinge", "auc-logistic", "auc-sigmoid", "soft-f1", "soft-fB", "smooth-ap"}

// Binary reports whether the loss of that name is one of two classes.
func Binary(name string) bool { return name != "xent" }

// NeedsBoth reports whether the loss of that name, one of two classes, compares samples of one with samples of the other,
// and so is undefined without either. The others have something to learn if there is a positive sample.
func NeedsBoth(name string) bool { return strings.HasPrefix(name, "auc-") || name == "smooth-ap" }

// NeedsAttribute reports whether the loss looks at an attribute of the samples.
func (c Config) NeedsAttribute() bool {
	return slices.ContainsFunc(c.Penalties, Penalty.NeedsAttribute)
}

// Validate says what is wrong with c, nil if nothing is.
func (c Config) Validate() error {
	if c.Name != "xent" {
		if _, err := c.binary(); err != nil {
			return err
		}
	}
	if !(c.PositiveWeight >= 0) || math.IsInf(c.PositiveWeight, 0) {
		return fmt.Errorf("loss: weight of the positive class must be positive and finite, got %v", c.PositiveWeight)
	}
	if c.PositiveWeight != 0 && c.Name != "bce" {
		return fmt.Errorf("loss: only bce has a weight of the positive class, not %s", c.Name)
	}
	if !(c.Temperature >= 0) || math.IsInf(c.Temperature, 0) {
		return fmt.Errorf("loss: temperature must be positive and finite, got %v", c.Temperature)
	}
	if c.Temperature != 0 && c.Name != "smooth-ap" {
		return fmt.Errorf("loss: only smooth-ap has a temperature, not %s", c.Name)
	}
	for _, p := range c.Penalties {
		if err := p.validate(); err != nil {
			return err
		}
	}
	return nil
}

// New returns the loss for networks with that number of outputs.
func New(c Config, outputs int) (Loss, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	var l Loss
	if !Binary(c.Name) {
		if outputs < 2 {
			return nil, fmt.Errorf("loss: %s needs at least 2 outputs, got %d", c.Name, outputs)
		}
		l = crossEntropy{outputs}
	} else {
		if outputs != 1 && outputs != 2 {
			return nil, fmt.Errorf("loss: %s needs a network of 1 output, got %d", c.Name, outputs)
		}
		f, err := c.binary()
		if err != nil {
			return nil, err
		}
		l = &binary{outputs: outputs, f: f}
	}
	if len(c.Penalties) > 0 {
		l = newPenalised(l, c.Penalties)
	}
	return l, nil
}

// binary returns the function of that name.
func (c Config) binary() (binaryFunc, error) {
	switch c.Name {
	case "bce":
		return weightedBCE(cmp.Or(c.PositiveWeight, 1)), nil
	case "auc-sqhinge":
		return new(squaredHinge).grad, nil
	case "auc-logistic":
		return allPairs(logistic), nil
	case "auc-sigmoid":
		return allPairs(sigmoidal), nil
	case "smooth-ap":
		return smoothAP(cmp.Or(c.Temperature, 1)), nil
	}
	if text, ok := strings.CutPrefix(c.Name, "soft-f"); ok {
		if beta, err := decimal.Float(text); err == nil && beta > 0 && !math.IsInf(beta*beta, 0) {
			return softF(beta), nil
		}
	}
	return nil, fmt.Errorf("loss: unknown loss %q, want one of %s", c.Name, strings.Join(Names, ", "))
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
