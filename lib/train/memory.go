package train

import (
	"cmp"
	"fmt"
	"math"

	"backdrop/lib/data"
	"backdrop/lib/engine"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// Memory is an upper bound of what training takes besides the data, in bytes.
type Memory struct {
	Weights int64         // parameters, their gradients, what the optimiser remembers, copies of the weights
	Engine  engine.Memory // of steps and of validation
	Samples int64         // copies of the samples of a step or of validation, their scores, and what the loss makes of them
}

// Total is the sum of the parts.
func (m Memory) Total() int64 { return m.Weights + m.Engine.Total() + m.Samples }

// Extent is what the memory of a run depends on, besides its Config and network.
type Extent struct {
	Samples, Val        int       // to train on, 0 if that is not known; to validate on
	InPlace, ValInPlace bool      // data.Table.InPlace
	ValShape            net.Shape // of samples to validate on that differ in size, the largest extent along each axis; zero: all are as the network's input
	OnePass             bool      // samples can be read once
	InFile              bool      // and stay in their file
}

// ExtentOf is the extent of a run on these data; those to train on are nil if they can be read once, those to validate on if
// there are none.
func ExtentOf(set, val *data.Set) (e Extent) {
	e.OnePass = set == nil
	if set != nil {
		e.Samples, e.InPlace = set.Len(), set.InPlace()
	}
	if val != nil {
		e.Val, e.ValInPlace = val.Len(), val.InPlace()
		if val.Shapes != nil {
			e.ValShape = val.Largest(net.Shape{})
		}
	}
	return e
}

// Largest bounds what a step of a run keeps for the backward pass: by the masks of the steps or, with any, whatever the masks
// are. looked is the number of steps, from the first, whose masks were examined.
func (c Config) Largest(n *net.Network, e Extent, any bool) (kept *engine.Extent, looked int, err error) {
	step, err := c.Augment.Network(n)
	if err != nil {
		return nil, 0, err
	}
	batch, steps := c.Steps(e.Samples)
	steps = max(1, steps) // without any, it is as if there were one
	if any {
		kept, err = engine.AnyStep(step, batch)
		return kept, steps, err
	}
	return engine.LargestStep(step, engine.Steps{Batch: batch, Seed: c.Seed, Count: steps}, c.Threads)
}

// Looking estimates what Largest takes, on a thread, to look at masks.
func (c Config) Looking(n *net.Network, e Extent) (int64, error) {
	step, err := c.Augment.Network(n)
	if err != nil {
		return 0, err
	}
	batch, _ := c.Steps(e.Samples)
	return engine.LookingMemory(step, batch)
}

// Memory bounds what training takes if no step keeps more than kept.
func (c Config) Memory(n *net.Network, e Extent, kept *engine.Extent) (m Memory, err error) {
	step, err := c.Augment.Network(n)
	if err != nil {
		return m, err
	}
	batch, _ := c.Steps(e.Samples)
	if m.Engine, err = engine.StepMemory(step, batch, kept, c.Threads, false); err != nil {
		return m, err
	}
	params, err := net.ParamShapes(n)
	if err != nil {
		return m, err
	}
	for _, p := range params {
		m.Weights += 4 * int64(c.copiesOfWeights()) * int64(p.Size())
	}
	if step != n { // a second runner works in validation alone
		m.Engine.Packed *= 2
	}
	lists, err := c.lists(n)
	if err != nil {
		return m, err
	}
	samples := lists*float64(batch) + 8*float64(e.Samples) // their order
	if e.OnePass && !e.InFile || c.training(n.Input).Copies(n.Input, e.InPlace) {
		samples += 4 * float64(batch) * float64(step.Input.Len())
	}
	if e.Val > 0 {
		val, largest := min(e.Val, c.validationBatch()), cmp.Or(e.ValShape, n.Input)
		more, err := c.forwardMore(n, step, val, batch)
		if err != nil {
			return m, err
		}
		m.Engine.Working += more
		samples += lists * float64(e.Val)
		if e.ValShape != (net.Shape{}) {
			sizes, err := engine.SizesMemory(n, largest, val, c.Threads)
			if err != nil {
				return m, err
			}
			m.Engine.Packed += sizes.Packed
			m.Engine.Working += sizes.Working
			if largest.Len() > pixels.Small {
				largest = net.Shape{C: 1, W: pixels.Small} // those of them that are small
			}
		}
		if c.validation(n.Input, c.Normalisation).Copies(largest, e.ValInPlace && !e.OnePass) { // samples that can be read once choose what these go through
			samples += 4 * float64(val) * float64(largest.Len())
		}
	}
	m.Samples = int64(min(samples, math.MaxInt64/16))
	return m, nil
}

// copiesOfWeights is the number of arrays that there are of each parameter: values, gradients, those after the last epoch,
// those of the best one, and what the optimiser remembers.
func (c Config) copiesOfWeights() int {
	copies := 3 + c.Optim.StateArrays()
	if c.Patience > 0 {
		copies++
	}
	return copies
}

// lists is the number of bytes per sample, besides its values, in lists of the batch, the loss and the epoch.
func (c Config) lists(n *net.Network) (float64, error) {
	classes, err := n.Classes()
	return 200 + 24*float64(classes), err
}

// forwardMore is how much more validation needs to take samples through the network than steps do.
func (c Config) forwardMore(n, step *net.Network, val, batch int) (int64, error) {
	forward, err := engine.ForwardMemory(n, val, c.Threads)
	if err != nil || step != n {
		return forward.Working, err
	}
	before, err := engine.ForwardMemory(n, batch, c.Threads)
	return max(0, forward.Working-before.Working), err
}

// TooMuch is the error of a step whose masks keep more than Config.MostKept.
type TooMuch struct {
	Step       int // from 0 through all epochs, as masks count
	Kept, Most int64
}

// Error says how much the step keeps.
func (e *TooMuch) Error() string {
	return fmt.Sprintf("train: the masks of step %d keep %d bytes for the backward pass, planned were %d", e.Step, e.Kept, e.Most)
}
