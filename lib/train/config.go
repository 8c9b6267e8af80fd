package train

import (
	"fmt"
	"math"

	"backdrop/lib/data"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/scale"
)

// Config says how to train.
type Config struct {
	Epochs        int // 0: no step is taken
	Batch         int // samples a step; 0: all of the data
	Seed          uint64
	Loss          loss.Config
	Optim         optim.Config
	Schedule      string  // const or cosine, over all steps
	Warmup        float64 // epochs
	ValEvery      int     // validate after each epoch that is a multiple of it; 0: after every one
	Patience      int     // stop after that many epochs without a lower validation loss, and keep the best; 0: never
	Normalisation scale.Normalisation
	Augment       data.Augment
	Threads       int
	ValBatch      int   // samples that are validated on at a time; 0: as many as keep all threads busy
	MostKept      int64 // bytes that a step may keep for the backward pass; 0: any
	Recompute     int   // how many of the first layers' outputs are computed again instead (engine.Extent)
}

// Validate reports the first setting that cannot be used.
func (c Config) Validate() error {
	switch {
	case c.Epochs < 0:
		return fmt.Errorf("train: epochs must not be negative, got %d", c.Epochs)
	case c.Batch < 0:
		return fmt.Errorf("train: batch must be positive, or 0 for all samples, got %d", c.Batch)
	case c.ValEvery < 0 || c.ValEvery > c.Epochs:
		return fmt.Errorf("train: epochs from one validation to the next must be at most the %d of the run, got %d", c.Epochs, c.ValEvery)
	case c.Patience < 0:
		return fmt.Errorf("train: patience must not be negative, got %d", c.Patience)
	case !(c.Warmup >= 0) || c.Warmup > float64(c.Epochs):
		return fmt.Errorf("train: warm-up must be between 0 and the %d epochs, got %v", c.Epochs, c.Warmup)
	}
	if err := c.Optim.Validate(); err != nil {
		return err
	}
	if err := c.Loss.Validate(); err != nil {
		return err
	}
	return optim.Schedule{Name: c.Schedule}.Validate()
}

// validates reports whether the network is validated after an epoch, from 1.
func (c Config) validates(epoch int) bool { return epoch%max(c.ValEvery, 1) == 0 }

// Steps returns the number of samples of a step, and the number of steps: math.MaxInt if that is not known.
func (c Config) Steps(samples int) (batch, steps int) {
	if samples == 0 {
		return max(1, c.Batch), math.MaxInt
	}
	if batch = samples; c.Batch > 0 {
		batch = min(c.Batch, samples)
	}
	each := (samples-1)/batch + 1
	return batch, int(min(float64(c.Epochs)*float64(each), math.MaxInt/2))
}

// training says how samples become the batches of steps; in is their shape.
func (c Config) training(in net.Shape) data.Options {
	return data.Options{
		Shape: in, Size: c.Batch, Seed: c.Seed, Shuffle: c.Epochs > 1, Augment: c.Augment, Normalisation: c.Normalisation,
		Attributes: c.Loss.NeedsAttribute(), Fingerprint: true,
	}
}

// validation says how samples become the batches of a validation; n is what those of training went through.
func (c Config) validation(in net.Shape, n scale.Normalisation) data.Options {
	return data.Options{Shape: in, Size: c.validationBatch(), Normalisation: n}
}

// defaultValBatch is the number of samples that are validated on at a time: enough for all threads, and few in memory.
const defaultValBatch = 32

func (c Config) validationBatch() int {
	if c.ValBatch > 0 {
		return c.ValBatch
	}
	return defaultValBatch
}
