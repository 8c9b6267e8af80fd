package train

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"backdrop/lib/data"
	"backdrop/lib/engine"
	"backdrop/lib/finite"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
)

// Diverged is the error of a loss, a weight or a state of the optimiser that is no finite number.
type Diverged struct {
	Epoch, Step int    // both from 1; the step counts from the beginning of the epoch
	What        string // the loss, 0.weight
	Value       float64
	Where       string // what gave it: layer 4 (conv) gave +Inf for sample 6
	Advice      string
}

// Error says what diverged, where, and what to try.
func (d *Diverged) Error() string {
	where := d.Where
	if where != "" {
		where = ": " + where
	}
	return fmt.Sprintf("train: diverged: %s is %v in epoch %d, step %d%s; try %s", d.What, d.Value, d.Epoch, d.Step, where, d.Advice)
}

// largeInput is the smallest value whose square overflows float32: above it the data are to blame for an overflow, not the
// learning rate.
const largeInput = 1.8446743e19 // √(2¹²⁸)

// heavy is a weight of a part of the loss above which it is probably a mistake: it balances one sample among a million.
const heavy = 1e6

// diverged explains a loss of a batch, or a gradient of it, that is not finite.
func (t *Trainer) diverged(d *Diverged, network *net.Network, b *data.Batch, masks net.Masks) error {
	found, err := engine.FindNotFinite(network, t.weights, b.X, masks, t.config.Threads)
	if err != nil {
		return err
	}
	largest, of := largestInput(b.X, network.Input)
	switch {
	case found != nil && found.Layer < 0:
		d.Where, d.Advice = fmt.Sprintf("%v in sample %d", found, b.Numbers[found.Sample]), "to mend the data, or another normalisation"
		return d
	case found == nil:
		d.Where = "the scores of the network are finite"
	case found.Sample < 0:
		d.Where = found.String()
	default:
		d.Where = fmt.Sprintf("%v for sample %d", found, b.Numbers[found.Sample])
		largest, of = largestInput(b.X[found.Sample:][:1], network.Input)
		of += found.Sample
	}
	switch {
	case largest > largeInput:
		d.Where += fmt.Sprintf(", and values of sample %d reach %.2g", b.Numbers[of], largest)
		d.Advice = "to bring the data to a smaller scale"
	case found == nil && t.lossOverflows(b):
		d.Advice = "a lower weight of " + strings.Join(t.weighted(1), " or ")
	case found != nil && t.optim.Steps == 0:
		d.Advice = "data or initial weights of a smaller scale: this was the first step"
	default:
		d.Advice = t.advice()
	}
	return d
}

// invalid explains a validation loss that is not finite, of samples that went through n.
func (t *Trainer) invalid(val *data.Set, n scale.Normalisation, value float64) error {
	d := &Diverged{Epoch: t.state.Epoch + 1, Step: t.state.Partial.Steps, What: "the validation loss", Value: value}
	batches := data.NewSetBatches(val, t.config.validation(t.net.Input, n))
	found := errors.New("found") // ends the evaluation
	var bad *data.Batch
	var network *net.Network
	err := data.Evaluate(t.whole, batches, nil, func(b *data.Batch, scores [][]float32) error {
		i := slices.IndexFunc(scores, hasNotFinite)
		if i < 0 {
			return nil
		}
		var err error
		if network, err = t.net.On(b.Shapes[i]); err != nil {
			return err
		}
		bad, t.scores = b.Alike(i, scores)
		return found
	})
	switch {
	case bad != nil:
		return t.diverged(d, network, bad, nil)
	case err != nil:
		return err
	}
	d.Where, d.Advice = "the scores of the network are finite", t.advice()
	return d
}

// lossOverflows reports whether the loss of the network's scores and its gradient are finite without the weights of its
// parts.
func (t *Trainer) lossOverflows(b *data.Batch) bool {
	plain, err := loss.New(loss.Config{Name: t.config.Loss.Name, Temperature: t.config.Loss.Temperature}, t.classes)
	if err != nil || len(t.weighted(1)) == 0 {
		return false
	}
	dscores := make([][]float32, len(b.X))
	for i := range dscores {
		dscores[i] = make([]float32, t.classes)
	}
	value, err := plain.Grad(loss.Batch{Scores: t.scores, Labels: b.Labels}, dscores)
	return err == nil && finite.Is(value) && !slices.ContainsFunc(dscores, hasNotFinite)
}

// weighted names the parts of the loss that have more than the given weight.
func (t *Trainer) weighted(weight float64) []string {
	var parts []string
	if w := t.config.Loss.PositiveWeight; w > weight {
		parts = append(parts, fmt.Sprintf("the positive class (%v)", w))
	}
	for _, p := range t.config.Loss.Penalties {
		if p.Weight > weight {
			parts = append(parts, fmt.Sprintf("the penalty %s (%v)", p.Name, p.Weight))
		}
	}
	return parts
}

// advice is what to try when steps were too large.
func (t *Trainer) advice() string {
	if o := t.config.Optim; o.WeightDecay*o.LR > 1 { // a step takes off more than the whole weight
		return fmt.Sprintf("a lower weight decay than %v", o.WeightDecay)
	}
	if parts := t.weighted(heavy); len(parts) > 0 {
		return "a lower weight of " + strings.Join(parts, " or ")
	}
	return strings.Join(append([]string{"a lower learning rate"}, t.weighted(1)...), ", or a lower weight of ")
}

// checkNumbers reports weights, and state of the optimiser, that are not finite.
func (t *Trainer) checkNumbers() error {
	bad := func(what string, v float32) error {
		return &Diverged{Epoch: t.state.Epoch + 1, Step: t.state.Partial.Steps, What: what, Value: float64(v), Advice: t.advice()}
	}
	for _, p := range t.weights.Params {
		if i := finite.First(p.Data); i >= 0 {
			return bad("a value of "+p.Name, p.Data[i])
		}
	}
	for _, s := range t.optim.State() {
		if i := finite.First(s.Data); i >= 0 {
			return bad(fmt.Sprintf("%s of %s (the gradients are too large)", s.Name, t.weights.Params[s.Param].Name), s.Data[i])
		}
	}
	return nil
}

// hasNotFinite reports whether a value is infinite or NaN.
func hasNotFinite(v []float32) bool { return finite.First(v) >= 0 }

// largestInput returns the largest absolute value of the samples, and whose it is.
func largestInput(x []pixels.Source, shape net.Shape) (largest float64, sample int) {
	for s, v := range x {
		pixels.Scan(v, shape.C, shape.Size().Product(), func(_, _ int, values []float32) bool {
			for _, a := range values {
				if m := math.Abs(float64(a)); m > largest {
					largest, sample = m, s
				}
			}
			return true
		})
	}
	return largest, sample
}
