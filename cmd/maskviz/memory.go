package main

import (
	"fmt"
	"slices"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/stream"
	"backdrop/lib/engine"
	"backdrop/lib/machine"
	"backdrop/lib/net"
)

// fitsMemory refuses a picture that there is no memory for, and returns how many threads are to draw it: with --memory, as
// many as it leaves room for.
func (st *step) fitsMemory(in *input, c *config) (threads int, err error) {
	batch := in.largestBatch(c)
	fields, pictures := st.held(c, batch)
	pixels := float64(in.net.Input.H) * float64(in.net.Input.W)
	need := st.cells() + 4*fields*pixels + pictures + in.weightBytes()
	values := 4 * float64(batch) * float64(in.net.Input.Len())
	if len(in.samples) > 0 {
		need += 4 * float64(len(in.samples)) * float64(len(in.samples[0].X))
	}
	what := fmt.Sprintf("drawing a batch of %d inputs %v", batch, in.net.Input)
	const try = "a smaller --batch or input"
	if c.mode != "gradient" {
		return c.Threads, tool.Fits(what, need, try)
	}
	need += 2 * values // as the network takes them, and the gradient
	network := st.pinnedNet()
	for _, any := range []bool{true, false} {
		kept, err := largestStep(c, network, st.seed, batch, any)
		if err != nil {
			return 0, err
		}
		var failed error
		all := func(threads int) float64 {
			work, err := engine.StepMemory(network, batch, kept, threads, true)
			if failed = err; err != nil {
				return 0
			}
			return need + float64(work.Total())
		}
		if have, _ := machine.Memory(); any && all(c.Threads) > float64(have) {
			continue
		}
		threads, err := c.Fit(what, all, try)
		if failed != nil {
			err = failed
		}
		return threads, err
	}
	panic("unreachable")
}

// held is how many fields of the size of the input a picture holds, and the bytes of the picture itself.
func (st *step) held(c *config, batch int) (fields, pictures float64) {
	const factor, look = 1, 3 // of a layer while a product is made; a gradient's values in other orders, for its colours
	const products = 2        // in a stream: the one being written, and the one before until it is collected
	differ := 1               // samples that look different
	if models.MasksPerSample(st.net) {
		differ = batch
	}
	if c.format == "stream" {
		written := stream.WriterMemory(4 * int64(differ) * int64(st.net.Input.H) * int64(st.net.Input.W))
		return factor + products, float64(written)
	}
	rows := min(differ, maxRows)
	if c.mode != "masks" {
		rows = min(batch, maxRows)
	}
	layers, _ := st.shown()
	panels := len(layers)
	if panels > 1 {
		panels++ // their product
	}
	if c.mode != "masks" {
		panels++
	}
	switch {
	case c.draws > 0:
		fields, pictures = float64(c.draws), sheetBytes(c.draws, 0)
	case c.steps != "":
		fields, pictures = 6, 3*sheetBytes(2, 0) // two panels, their product, coverage so far and of all, its share; canvas and frames
	default:
		fields, pictures = float64(rows*panels), sheetBytes(rows*panels, panels)
	}
	switch c.mode {
	case "gradient":
		fields += 2*float64(batch) + look
	case "overlay":
		fields += float64(min(batch, maxRows))
	}
	return fields + factor, pictures
}

// sheetBytes bounds a sheet of that many panels; 0 columns are as many as a sheet chooses.
func sheetBytes(panels, columns int) float64 {
	const width, text = 1600, 150 // pixels
	if columns == 0 {
		columns = min(panels, 3)
	}
	rows := (panels + columns - 1) / columns
	return 4 * width * float64(rows*(width/columns+text)+text)
}

// weightBytes are those of the network's parameters and their gradients.
func (in *input) weightBytes() float64 {
	params, err := net.ParamShapes(in.net)
	if err != nil {
		return 0
	}
	sum := 0.0
	for _, p := range params {
		sum += 8 * float64(p.Size())
	}
	return sum
}

// pinnedNet is the network with masks where cells are pinned.
func (st *step) pinnedNet() *net.Network {
	network := &net.Network{Input: st.net.Input, Layers: slices.Clone(st.net.Layers)}
	for _, i := range network.Backdrops() {
		if l := &network.Layers[i]; slices.ContainsFunc(st.pins, func(p pin) bool { return p.Name == l.Name }) {
			l.P = 0.5
		}
	}
	return network
}

// largestStep bounds what the steps that are drawn keep, or any step does. Pinned cells are none of those that are drawn.
func largestStep(c *config, network *net.Network, seed uint64, batch int, any bool) (*engine.Extent, error) {
	if any || len(c.pinned) > 0 {
		return engine.AnyStep(network, batch)
	}
	steps := engine.Steps{Batch: batch, Seed: seed, First: c.first, Count: int(c.last-c.first) + 1}
	kept, _, err := engine.LargestStep(network, steps, c.Threads)
	return kept, err
}
