package net

import (
	"fmt"
	"math"
	"slices"

	"backdrop/lib/mask"
	"backdrop/lib/rng"
)

// Masks are what is random in one training step, by layer index: the masks of the backdrop layers, and for dropout
// layers a mask on all axes with the factor 1/(1−p).
type Masks map[int]*mask.Mask

// DrawMasks draws the masks of a training step for a batch. They depend on (seed, step, layer, sample) alone. A
// backdrop layer with p 0 is an identity and has no mask.
func (n *Network) DrawMasks(seed, step uint64, batch int) (Masks, error) {
	if batch < 1 {
		return nil, fmt.Errorf("net: a batch must have at least one sample, got %d", batch)
	}
	shapes, err := n.Shapes()
	if err != nil {
		return nil, err
	}
	masks := Masks{}
	masks.Draw(n, shapes, seed, step, batch)
	return masks, nil
}

// Draw is DrawMasks into the memory of masks, which belong to the same network, whose shapes are given.
func (masks Masks) Draw(n *Network, shapes []Shape, seed, step uint64, batch int) {
	for i := range n.Layers {
		masks.draw(n, shapes, seed, step, batch, i)
	}
}

// DrawBackdrops is Draw of the backdrop layers alone, which decide where a gradient survives.
func (masks Masks) DrawBackdrops(n *Network, shapes []Shape, seed, step uint64, batch int) {
	for _, i := range n.Backdrops() {
		masks.draw(n, shapes, seed, step, batch, i)
	}
}

func (masks Masks) draw(n *Network, shapes []Shape, seed, step uint64, batch, layer int) {
	l := n.Layers[layer]
	k := l.kind()
	if l.P == 0 || k.draw == nil {
		return
	}
	if masks[layer] == nil {
		masks[layer] = new(mask.Mask)
	}
	k.draw(masks[layer], l, draw{mask.Coord{Seed: seed, Step: step, Layer: layer}, shapes[layer].Batch(batch)})
}

// Cells is the number of cells of a layer's mask for a batch, whose samples have that shape there; 0 if it has no mask.
func (l Layer) Cells(s Shape, batch int) int {
	switch {
	case l.P == 0 || l.kind().draw == nil:
		return 0
	case l.Axes == 0:
		return batch * s.Len()
	}
	return l.Axes.Cells(s.Batch(batch))
}

// draw is one draw of a mask: where its numbers come from, and the tensor N,C,D,H,W that it is for.
type draw struct {
	at    mask.Coord
	shape [5]int
}

func drawBackdrop(m *mask.Mask, l Layer, d draw) { m.Draw(d.at, l.P, l.Axes, d.shape) }

// drawDropout draws each element on its own (N. Srivastava et al., "Dropout", JMLR 15, 2014), scaled in training so
// that evaluation needs no factor.
func drawDropout(m *mask.Mask, l Layer, d draw) {
	m.Axes, m.Shape, m.Factor = mask.N|mask.C|mask.D|mask.H|mask.W, d.shape, float32(1/(1-l.P))
	size := d.shape[1] * d.shape[2] * d.shape[3] * d.shape[4]
	m.Keep = slices.Grow(m.Keep[:0], d.shape[0]*size)[:d.shape[0]*size]
	threshold := uint64(math.Ceil(l.P * (1 << 53)))
	var s rng.Stream
	for n := range d.shape[0] {
		s.Set(d.at.Seed, rng.Dropout, d.at.Step, uint64(d.at.Layer), uint64(n))
		for i := range size {
			m.Keep[n*size+i] = s.Uint64()&(1<<53-1) >= threshold
		}
	}
}
