package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"runtime/debug"
	"sync"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/lib/bytesize"
	"backdrop/lib/engine"
	"backdrop/lib/machine"
	"backdrop/lib/train"
)

// sampleMemory is how many bytes of samples a table keeps in memory before it turns to a temporary file: with --memory, its
// share of a half, with a third more for keys and labels. 0 is no bound.
func sampleMemory(c *config) int64 {
	if !c.MemoryLimited() {
		return 0
	}
	have, _ := machine.Memory()
	if c.val != "" {
		return have / 16 * 3
	}
	return have / 8 * 3
}

// mostOfDisk is the share of what is free on a disk that samples may take.
const mostOfDisk = 0.9

// room returns what says, before samples are kept, whether there is any: in memory or, with --memory, in a temporary file.
func (c *config) room() func(samples int, bytes float64, all bool) error {
	memory, free := float64(sampleMemory(c)), sync.OnceValues(dataset.ScratchRoom)
	return func(samples int, bytes float64, all bool) error {
		them, smaller := fmt.Sprintf("%d samples", samples), "--resize to a smaller size"
		if samples == 1 {
			them = "1 sample"
		}
		if !all {
			them = "the first " + them
		}
		if !c.resize.None() {
			them, smaller = them+fmt.Sprintf(" resized to %v", c.resize), "a smaller --resize"
		}
		if !c.MemoryLimited() {
			return tool.Fits("keeping "+them, bytes, smaller+" or --memory SIZE, with which those that do not fit in it are kept in a temporary file")
		}
		disk, ok := free()
		if file := bytes - memory; ok && file > mostOfDisk*disk {
			return fmt.Errorf("keeping %s takes %s, of which %s go to a temporary file in %s, where %s are free; try %s, or point TMPDIR to more room",
				them, bytesize.Format(bytes), bytesize.Format(file), os.TempDir(), bytesize.Format(disk), smaller)
		}
		return nil
	}
}

// memory is what a run takes, by part. It never takes more.
type memory struct {
	data   int64 // samples that are kept, keys and labels, what reads samples
	mapped int64 // pages of files with samples
	train  train.Memory
	files  int64 // writing models, and reading one to resume from

	kept                     *engine.Extent
	batch, valBatch, threads int
	steps, looked            int  // of the run, and those of whose masks it is the largest
	assumed                  bool // there are no data
}

func (m *memory) heap() int64  { return m.data + m.train.Total() + m.files }
func (m *memory) total() int64 { return m.heap() + m.mapped }

// peak is the most that the process takes: the garbage collector lets the heap grow by gcPercent, is late by a few more, and by
// a lot where models are written often or a picture is drawn, but keeps to --memory.
func (m *memory) peak(c *config) int64 {
	const late, picture, checkpoints = 5, 10 << 20, 16 << 20
	peak := tool.Program + m.total() + m.heap()/100*(gcPercent+late)
	if c.checkpoint != "" {
		peak += m.files + checkpoints
	}
	if c.plot != "" {
		peak += picture
	}
	if have, _ := machine.Memory(); c.MemoryLimited() {
		peak = min(peak, have+tool.Program)
	}
	return peak
}

// collect makes the garbage collector keep to the plan, after what reading the data has left is gone.
func (m *memory) collect(c *config) {
	debug.FreeOSMemory()
	have, _ := machine.Memory()
	if c.Outside(m.mapped); !c.MemoryLimited() {
		debug.SetMemoryLimit(have)
	}
}

// summarise writes what the process takes at most, and what of it for what.
func (m *memory) summarise(w io.Writer, c *config) error {
	noun := "samples"
	if m.batch == 1 {
		noun = "sample"
	}
	of := fmt.Sprintf("the largest of %d steps", m.steps)
	switch {
	case m.assumed:
		of = fmt.Sprintf("the largest of the %d steps of %d epochs with %d samples; the data come on top", m.steps, c.Epochs, assumedSamples)
	case m.steps == math.MaxInt:
		of = fmt.Sprintf("the largest of the first %d steps", m.looked)
	case m.looked < m.steps:
		of = fmt.Sprintf("the largest of the first %d of %d steps", m.looked, m.steps)
	}
	fmt.Fprintf(w, "peak memory    %s for a step of %d %s, %s\n", bytesize.Format(m.peak(c)), m.batch, noun, of)
	e := m.train.Engine
	for _, part := range []struct {
		bytes int64
		of    string
	}{
		{m.data + m.mapped, "the data"},
		{m.train.Samples, "samples as the network takes them"},
		{m.train.Weights, "weights, gradients, the optimiser's state"},
		{e.Packed, "weights in the order of the kernels, sums"},
		{e.Working, "rows under way"},
		{e.Masks, "masks and where they let gradients through"},
		{e.Kept, "what is kept for the backward pass"},
		{m.files, "files of models"},
		{m.peak(c) - m.total(), "the program, and what the garbage collector leaves"},
	} {
		if part.bytes > 0 {
			if _, err := fmt.Fprintf(w, "%14s %s\n", bytesize.Format(part.bytes), part.of); err != nil {
				return err
			}
		}
	}
	if m.kept.Recompute() > 0 {
		layer, more := m.kept.Recomputed()
		_, err := fmt.Fprintf(w, "not kept       what layers 0 to %d give: computed again where a gradient comes back, %.1f %% more arithmetic\n", layer, 100*more)
		return err
	}
	return nil
}
