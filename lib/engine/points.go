package engine

import (
	"backdrop/lib/kernel"
	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// A point is a layer that changes each value by itself. It works in place on the output of a node.
type point struct {
	pointwise
	layer int // index in the network
}

// pointwise is what a pointwise layer does. m is its mask in this step, nil if it has none.
type pointwise interface {
	// forward changes the pixels of a line from a pixel on.
	forward(n *node, row []float32, m *mask.Mask, at pixel)

	// backward turns the gradient v with respect to one pixel's channels behind the layer into the one before it. out is
	// the node's output there, nil if no layer of the node needs it.
	backward(v, out []float32, m *mask.Mask, at pixel)

	// gradient says how the gradient is changed.
	gradient() pointGradient
}

// pixel is the place of a pixel: the number of its sample, its slab, row and column.
type pixel struct{ n, z, y, x int }

// pointGradient is what a pointwise layer makes of a gradient.
type pointGradient int

const (
	scaled pointGradient = iota // multiplied by one factor, the same for all pixels that survive
	gated                       // multiplied by zero where the output is not above zero
	curved                      // changed by what the output is
	masked                      // multiplied by a factor of each value's own
)

// points makes the pointwise layers, by their kind.
var points = map[string]func(l net.Layer) pointwise{
	"relu":      func(net.Layer) pointwise { return relu{} },
	"leakyrelu": func(l net.Layer) pointwise { return leakyReLU{float32(l.Slope)} },
	"dropout":   func(net.Layer) pointwise { return dropout{} },
	"backdrop":  func(l net.Layer) pointwise { return backdrop{l} },
}

// blocking returns the mask with which a backdrop layer keeps a gradient from going back in this step; nil if there is
// none.
func (p point) blocking(masks net.Masks) *mask.Mask {
	if _, ok := p.pointwise.(backdrop); ok {
		return masks[p.layer]
	}
	return nil
}

// blocksPixels reports whether the layer is a backdrop whose masks take single rows, columns or pixels out.
func (p point) blocksPixels() bool {
	b, ok := p.pointwise.(backdrop)
	return ok && b.l.P > 0 && b.l.Axes&(mask.D|mask.H|mask.W) != 0
}

// classify finds out how a gradient goes back through the pointwise layers.
func (n *node) classify() {
	gates := 0
	n.uniform, n.needsOutput, n.changes = true, false, false
	for i, p := range n.points {
		if _, same := p.pointwise.(backdrop); !same && (i > 0 || !n.relu) {
			n.changes = true
		}
		switch p.gradient() {
		case gated:
			gates++
			n.needsOutput = true
		case curved:
			n.uniform, n.needsOutput = false, true
		case masked:
			n.uniform = false
		}
	}
	n.gated = n.uniform && gates > 0
}

// scale is the product of the factors of the masks behind a node.
func (n *node) scale(masks net.Masks) float32 {
	scale := float32(1)
	for _, p := range n.points {
		if m := masks[p.layer]; m != nil {
			scale *= m.Factor
		}
	}
	return scale
}

// masked reports whether there is a mask behind a node in this step.
func (n *node) masked(masks net.Masks) bool {
	for _, p := range n.points {
		if masks[p.layer] != nil {
			return true
		}
	}
	return false
}

// pointsForward applies the pointwise layers to the pixels of a line from a pixel on, but for a relu that the operation has
// done.
func (n *node) pointsForward(masks net.Masks, at pixel, row []float32) {
	for i, p := range n.points {
		if i > 0 || !n.relu {
			p.forward(n, row, masks[p.layer], at)
		}
	}
}

// pointsBackward takes the gradient v with respect to one pixel back through the pointwise layers.
func (n *node) pointsBackward(v, out []float32, masks net.Masks, at pixel) {
	for i := len(n.points) - 1; i >= 0; i-- {
		p := n.points[i]
		p.backward(v, out, masks[p.layer], at)
	}
}

type relu struct{}

func (relu) gradient() pointGradient { return gated }

func (relu) forward(_ *node, row []float32, _ *mask.Mask, _ pixel) {
	kernel.AtLeast(row, row, 0)
}

func (relu) backward(v, out []float32, _ *mask.Mask, _ pixel) {
	leakyReLU{}.backward(v, out, nil, pixel{})
}

type leakyReLU struct{ slope float32 }

func (leakyReLU) gradient() pointGradient { return curved }

func (l leakyReLU) forward(_ *node, row []float32, _ *mask.Mask, _ pixel) {
	for i, v := range row {
		row[i] = max(v, l.slope*v)
	}
}

func (l leakyReLU) backward(v, out []float32, _ *mask.Mask, _ pixel) {
	for c := range v {
		if !(out[c] > 0) {
			v[c] *= l.slope
		}
	}
}

// dropout multiplies by its mask in both directions.
type dropout struct{}

func (dropout) gradient() pointGradient { return masked }

func (dropout) forward(n *node, row []float32, m *mask.Mask, at pixel) {
	if m == nil {
		return
	}
	for ; len(row) >= n.ch; at.x++ {
		multiplyPixel(row[:n.out.C], m, at)
		row = row[n.ch:]
	}
}

func (dropout) backward(v, _ []float32, m *mask.Mask, at pixel) { multiplyPixel(v, m, at) }

// backdrop is the identity forward, and multiplies by its mask backward.
type backdrop struct{ l net.Layer }

func (b backdrop) gradient() pointGradient {
	if b.l.P == 0 || b.l.Axes&mask.C == 0 {
		return scaled
	}
	return masked
}

func (backdrop) forward(*node, []float32, *mask.Mask, pixel) {}

func (backdrop) backward(v, _ []float32, m *mask.Mask, at pixel) { multiplyPixel(v, m, at) }

// multiplyPixel multiplies the channels of one pixel by their part of a mask.
func multiplyPixel(v []float32, m *mask.Mask, at pixel) {
	if m == nil {
		return
	}
	for c := range v {
		v[c] *= m.At(at.n, c, at.z, at.y, at.x)
	}
}
