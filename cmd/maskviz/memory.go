package main

import (
	"fmt"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/nn"
)

// fits refuses a picture that there is no memory for: its masks, its panels and the sheet; and for a gradient a training
// step, with samples, inputs and gradients as arrays.
func (st *step) fits(in *input, o *options) error {
	pixels := float64(in.net.Input.H) * float64(in.net.Input.W)
	rows, panels := 1, len(in.net.Backdrops())+1
	if o.mode == "gradient" || st.perSample() {
		rows = min(st.batch, maxRows)
	}
	need := st.cells() + 4*float64(rows*panels)*pixels
	if o.format == "stream" {
		need += 4 * float64(st.batch) * pixels // the product, as bytes once more
	} else {
		const width = 1600 // of a sheet
		need += 4 * width * float64(rows) * width / float64(panels)
	}
	if o.mode == "gradient" {
		work, err := nn.StepMemory(in.net, st.batch, o.Threads)
		if err != nil {
			return err
		}
		need += float64(work) + 4*4*float64(st.batch)*float64(in.net.Input.Len())
	}
	return tool.Fits(fmt.Sprintf("drawing a batch of %d inputs %v", st.batch, in.net.Input), need, "a smaller --batch or input")
}
