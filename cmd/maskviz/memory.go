package main

import (
	"errors"
	"fmt"

	"backdrop/lib/nn"
)

// fitsMemory refuses a picture that there is no memory for: its masks, its panels and the sheet; and for a gradient a
// training step, with samples, inputs and gradients as arrays.
func (st *step) fitsMemory(in *input, o *options) error {
	batch := in.largestBatch(o)
	pixels := float64(in.net.Input.H) * float64(in.net.Input.W)
	rows, panels, sheets := 1, len(in.net.Backdrops())+1, 1
	if o.mode != "masks" || perSample(st.net) {
		rows = min(batch, maxRows)
	}
	switch {
	case o.draws > 0:
		rows, panels = 1, o.draws
	case o.steps != "":
		rows, panels, sheets = 1, 5, 2 // product, what is shown of it, coverage so far, all of it and its share
	}
	need := st.cells() + 4*float64(rows*panels)*pixels
	if o.format == "stream" {
		need += 4 * float64(batch) * pixels // the product, as bytes once more
	} else {
		const width = 1600 // of a sheet
		need += float64(sheets) * 4 * width * float64(rows) * width / float64(panels)
	}
	var failed error
	all := func(threads int) float64 {
		if o.mode != "gradient" {
			return need
		}
		kept, err := nn.AnyStep(in.net, batch)
		if failed = err; err != nil {
			return 0
		}
		var work nn.Memory
		work, failed = nn.StepMemory(in.net, batch, kept, threads, true)
		return need + float64(work.Total()) + 4*4*float64(batch)*float64(in.net.Input.Len())
	}
	return errors.Join(o.Fit(fmt.Sprintf("drawing a batch of %d inputs %v", batch, in.net.Input), all, "a smaller --batch or input"), failed)
}
