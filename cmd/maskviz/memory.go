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

// A plan is how a picture is made within the memory that there is.
type plan struct {
	threads   int
	recompute int   // of the first layers' outputs, computed again for a gradient
	kept      int64 // bytes of outputs that it keeps; 0 if they are not known beforehand
}

// planMemory refuses a picture that there is no memory for, and plans how it is drawn: with --memory on as many threads as it leaves
// room for, and a gradient with more of its layers' outputs computed again where there is no room to keep them.
func (st *step) planMemory(in *input, c *config) (plan, error) {
	batch := in.largestBatch(c)
	need := st.cells() + st.shownBytes(c, batch) + in.beside + in.weightBytes()
	if in.source != nil && c.mode != "masks" {
		heap, mapped := in.source.Held()
		need += float64(heap + mapped)
	}
	for _, s := range in.samples {
		need += 4 * float64(len(s.X))
	}
	what := fmt.Sprintf("drawing a batch of %d inputs %v", batch, in.net.Input)
	const try = "a smaller --batch or input"
	if c.mode != "gradient" {
		return plan{threads: c.Threads}, tool.Fits(what, need, try)
	}
	if _, _, err := in.objective(); err != nil {
		return plan{}, err
	}
	if len(in.samples) == 0 && cellSize(in.net.Input) == 1 { // random ones
		need += 4 * float64(batch) * float64(in.net.Input.Len())
	}
	network := st.pinnedNet()
	have, _ := machine.Memory()
	var all float64
	p := plan{threads: c.Threads}
	for _, any := range []bool{true, false} {
		kept, err := largestStep(c, network, st.seed, batch, any)
		if err != nil {
			return plan{}, err
		}
		for p.threads = c.Threads; ; {
			work, err := engine.StepMemory(network, batch, kept, p.threads, true)
			if err != nil {
				return plan{}, err
			}
			if p.recompute = kept.Recompute(); c.MemoryLimited() {
				p.kept = work.Kept
			}
			if all = need + float64(work.Total()); all <= float64(have) && (!any || p.recompute == 0) {
				return p, nil
			}
			if any && all <= float64(have) { // it depends on the masks how much is worth keeping
				break
			}
			more := false
			if kept, more = kept.RecomputeMore(); more {
				continue
			}
			if !c.MemoryLimited() || p.threads == 1 {
				break
			}
			p.threads /= 2
		}
	}
	return p, tool.Fits(what, all, try)
}

// shownBytes are those of what a picture holds of a step.
func (st *step) shownBytes(c *config, batch int) float64 {
	fields, pictures := st.held(c, batch)
	return 4*fields*float64(cellsOf(st.net.Input.Size(), cellSize(st.net.Input)).Product()) + pictures
}

// held is how many values a picture holds for each place of the input, or cell of a large one, and the bytes of the picture itself.
func (st *step) held(c *config, batch int) (fields, pictures float64) {
	const look = 3  // a gradient's values in other orders, for its colours
	const views = 3 // of a volume, of which its panel keeps sides only, until they are collected
	differ := 1     // samples that look different
	if models.MasksPerSample(st.net) {
		differ = batch
	}
	shape := st.net.Input
	if c.format == "stream" {
		written := stream.WriterMemory(4 * int64(differ) * int64(shape.Size().Product()))
		return 0, float64(written)
	}
	rows := min(differ, maxRows)
	if c.mode != "masks" {
		rows = min(batch, maxRows)
	}
	layers, _ := st.shown()
	panels := len(layers)
	if panels != 1 {
		panels++ // their product
	}
	if c.mode != "masks" {
		panels++
	}
	lines := 0 // of a sequence, in a panel of the lens
	if shape.Dimensions() == 1 && c.mode != "masks" {
		lines = min(shape.C, maxCurves)
	}
	each := float64(lines) // values of them
	if cellSize(shape) > 1 {
		each *= 4
	}
	switch {
	case c.draws > 0:
		fields, pictures = float64(c.draws)*(1+2*each), sheetBytes(shape, c.draws, 0, lines)
	case c.steps != "":
		// Two panels, their product, coverage so far and of all, its share; canvas and frames.
		fields, pictures = 6+2*each, 3*sheetBytes(shape, 2, 0, lines)
	default:
		fields, pictures = float64(rows*panels)+float64(rows)*2*each, sheetBytes(shape, rows*panels, panels, lines)
	}
	if shape.Dimensions() == 3 && c.steps == "" {
		fields = min(fields, views)
	}
	switch c.mode {
	case "gradient":
		fields += 2*float64(batch) + look
	case "overlay":
		kept := max(1, each)
		if coloured(shape) {
			kept = 3
		}
		fields += float64(min(batch, maxRows)) * kept
	}
	return fields, pictures
}

// sheetBytes bounds a sheet of that many panels, and what they hold besides fields of the size of the input; 0 columns are as
// many as a sheet chooses. A panel of a sequence may have lines.
func sheetBytes(in net.Shape, panels, columns, lines int) float64 {
	const width, text = 1600, 150 // pixels
	switch size := in.Size(); in.Dimensions() {
	case 1: // panels one under the other, each a strip and lanes for lines
		return 4 * width * float64(panels*(2*text+160*min(lines, 3)+64*lines)+text)
	case 3: // panels are twice as high, and hold the sides of the volume as slices, light and projections
		sides := size[net.D]*size[net.H] + size[net.D]*size[net.W] + size[net.H]*size[net.W]
		return 3*4*float64(panels)*float64(sides) + 2*sheetBytes(net.Shape{C: 1, H: 1, W: 1}, panels, columns, 0)
	}
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
