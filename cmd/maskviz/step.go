package main

import (
	"fmt"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// step is one training step, as far as its masks go.
type step struct {
	title      string
	net        *net.Network
	shapes     []net.Shape
	geometry   []net.Geometries
	masks      net.Masks
	pins       []pin
	seed, step uint64
	batch      int
	windows    string // what is not as it was in training; "" if all is
	one        bool   // a single sample is shown
	number     int    // the number in the batch of that sample; of several steps, of the one that is shown

	watch *watch // nil if nobody waits
}

// maxCells bounds what the flags and a network text can ask for before it is drawn: cells of all masks, and values of a product
// in a stream.
const maxCells = 1 << 28

// newStep draws the masks of the training step --step.
func newStep(in *input, c *config) (*step, error) {
	st := &step{title: in.title, net: in.net, pins: c.pinned, seed: in.seed, windows: in.windows(), one: c.sample != "", number: c.number}
	if len(in.net.Backdrops()) == 0 {
		return nil, fmt.Errorf("the network %s has no backdrop layer, so there are no masks to draw", in.title)
	}
	var err error
	if st.shapes, err = st.net.Shapes(); err != nil {
		return nil, err
	}
	if st.geometry, err = st.net.Geometry(); err != nil {
		return nil, err
	}
	return st, st.draw(c.step, in.batch(c, c.step))
}

// draw draws the masks of another step.
func (st *step) draw(step uint64, batch int) (err error) {
	st.step, st.batch = step, batch
	if st.number >= batch {
		return tool.Usagef("--sample %d: step %d has a batch of %d, whose samples count from 0; --mode overlay and gradient show any of SAMPLES", st.number, step, batch)
	}
	if cells := st.cells(); cells > maxCells {
		return fmt.Errorf("the masks of a batch of %d have %.0f cells, the limit is %d; use a smaller --batch or input", st.batch, cells, maxCells)
	}
	if st.masks, err = st.net.DrawMasks(st.seed, st.step, st.batch); err != nil {
		return err
	}
	for _, p := range st.pins {
		if err := st.pin(p); err != nil {
			return err
		}
	}
	return nil
}

// cells is the number of cells of all masks, those of dropout layers too.
func (st *step) cells() float64 {
	sum := 0.0
	for i, l := range st.net.Layers {
		axes := l.Axes
		if l.Op == "dropout" {
			axes = mask.N | mask.C | mask.D | mask.H | mask.W
		}
		if axes == 0 {
			continue
		}
		product := 1.0
		for axis, n := range st.extent(i) {
			if axes&(1<<axis) != 0 {
				product *= float64(n)
			}
		}
		sum += product
	}
	return sum
}

// pin replaces the mask of a layer by that of one cell.
func (st *step) pin(p pin) error {
	i, err := models.Backdrop(st.net, p.Name)
	if err != nil {
		return tool.Usagef("--pin %s: %w", p.Name, err)
	}
	if form := pinForms[st.net.Input.Dimensions()-1]; len(p.Cell) != len(form) {
		return tool.Usagef("--pin %s: a cell of this network is written %s=%s", p.Name, p.Name, strings.Join(form, ","))
	}
	st.masks[i] = new(mask.Mask)
	if err := st.masks[i].Pin(st.net.Layers[i].Axes, st.extent(i), p.Cell...); err != nil {
		return tool.Usagef("--pin %s: %w", p.Name, err)
	}
	return nil
}

// extent is the shape of the tensor at a layer.
func (st *step) extent(layer int) [5]int { return st.shapes[layer].Batch(st.batch) }
