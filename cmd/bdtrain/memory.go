package main

import (
	"errors"
	"fmt"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/machine"
	"backdrop/lib/nn"
)

// sampleMemory is how many bytes of samples a table keeps in memory before it turns to a temporary file: with --memory, its
// share of a half. 0 is no bound.
func (o *options) sampleMemory() int64 {
	if !o.MemoryLimited() {
		return 0
	}
	have, _ := machine.Memory()
	if o.Val != "" {
		return have / 4
	}
	return have / 2
}

// fitsMemory refuses a network whose training step needs more memory than there is beside the samples: half of it if
// --memory bounds both.
func (o *options) fitsMemory(net *nn.Network, d *samples) error {
	batch := o.Batch
	if d.data != nil && (batch == 0 || batch > d.data.Len()) {
		batch = d.data.Len()
	}
	what, beside := fmt.Sprintf("a step of %d samples", batch), 0.0
	net, err := o.augment.Network(net)
	if err != nil {
		return tool.Usage(err)
	}
	if o.MemoryLimited() {
		beside = 4 * float64(batch) * float64(net.Input.Len()) // samples of the step, as the network takes them
		if d.data != nil {
			have, _ := machine.Memory()
			what, beside = what+", beside those that are kept,", beside+float64(have/2)
		}
	}
	need := func(threads int) float64 {
		var step int64
		step, err = nn.StepMemory(net, batch, threads)
		return float64(step) + beside
	}
	return errors.Join(o.Fit(what, need, "a smaller network or batch"), err)
}
