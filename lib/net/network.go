package net

import (
	"fmt"

	"backdrop/lib/mask"
)

// Layer is one layer of a network. Which fields mean something depends on its kind.
type Layer struct {
	Op     string    // its kind: conv, relu, …
	Name   string    // backdrop: what --mask and pictures call it; unique
	Out    int       // conv, linear: output channels
	Kernel int       // conv, pools: rows and columns of the window
	Stride int       // conv (default 1), pools (default Kernel)
	Pad    int       // conv, pools: zeros (max pooling: nothing) on every side
	P      float64   // backdrop, dropout: probability that a cell is blocked
	Slope  float64   // leakyrelu: slope below zero
	Axes   mask.Axes // backdrop: the axes that have cells of their own
}

// kind returns the entry of the layer's kind in the table, nil if there is none.
func (l Layer) kind() *kind { return kinds[l.Op] }

// Network is a chain of layers and the shape of the samples it takes.
type Network struct {
	Input  Shape
	Layers []Layer
}

// Shapes returns the output shape of every layer, or an error that names the first layer that does not fit.
func (n *Network) Shapes() ([]Shape, error) {
	in := n.Input
	if err := in.check(); err != nil {
		return nil, fmt.Errorf("net: input %w", err)
	}
	shapes := make([]Shape, len(n.Layers))
	names := map[string]bool{}
	g := ownPixel
	for i, l := range n.Layers {
		k, ok := kinds[l.Op]
		if !ok {
			return nil, fmt.Errorf("net: layer %d: there is no layer %q", i, clip(l.Op))
		}
		s, err := k.output(l, in)
		if err != nil {
			return nil, fmt.Errorf("net: layer %d (%s) on input %v: %w", i, l.Op, in, err)
		}
		if g = k.geometry(l, g, n.Input); max(g.Field, g.Stride) > maxElements {
			return nil, fmt.Errorf("net: layer %d (%s): a cell sees %d pixels a side, and the next one begins after %d; the limit is %d", i, l.Op, g.Field, g.Stride, int64(maxElements))
		}
		if l.Name != "" && names[l.Name] {
			return nil, fmt.Errorf("net: layer %d: there is a %s layer named %q already", i, l.Op, l.Name)
		}
		names[l.Name] = true
		shapes[i], in = s, s
	}
	return shapes, nil
}

// Output returns the shape of the network's output.
func (n *Network) Output() (Shape, error) {
	shapes, err := n.Shapes()
	if err != nil || len(shapes) == 0 {
		return n.Input, err
	}
	return shapes[len(shapes)-1], nil
}

// Classes returns the number of scores that the network gives a sample; its last layer must leave one row and one
// column.
func (n *Network) Classes() (int, error) {
	out, err := n.Output()
	if err != nil {
		return 0, err
	}
	if out.H != 1 || out.W != 1 {
		return 0, fmt.Errorf("net: the network ends in %v, not in one score a class; end it with gap or flatten, and linear", out)
	}
	return out.C, nil
}

// Backdrops returns the indices of the backdrop layers.
func (n *Network) Backdrops() []int {
	var at []int
	for i, l := range n.Layers {
		if l.Op == "backdrop" {
			at = append(at, i)
		}
	}
	return at
}
