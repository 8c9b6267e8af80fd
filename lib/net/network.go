package net

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"backdrop/lib/mask"
)

// Layer is one layer of a network. Which fields mean something depends on its kind.
type Layer struct {
	Op     string    // its kind: conv, relu, …
	Name   string    // what --mask, pictures and from= call it; unique; only a backdrop layer must have one
	From   string    // add, concat: the name of the layer before it whose output is joined with the input
	Out    int       // conv, linear: output channels
	Kernel Size      // conv, pools: extent of the window
	Stride Size      // conv (default 1), pools (default Kernel)
	Pad    Size      // conv, pools: zeros (max pooling: nothing) on both sides
	Dilate Size      // conv, pools: distance of the window's elements (default 1)
	WS     bool      // conv: weights are standardised
	Groups int       // groupnorm: groups of channels
	P      float64   // backdrop, dropout: probability that a cell is blocked
	Slope  float64   // leakyrelu: slope below zero
	Axes   mask.Axes // backdrop: the axes that have cells of their own
}

// Span is how many pixels a window extends over along an axis, those between its elements included.
func (l Layer) Span(axis int) int { return (l.Kernel[axis]-1)*l.Dilate[axis] + 1 }

// kind returns the entry of the layer's kind in the table, nil if there is none.
func (l Layer) kind() *kind { return kinds[l.Op] }

// Network is layers, each of which reads the one before it and may read others before that, and the shape of the samples
// that they take.
type Network struct {
	Input  Shape
	Layers []Layer
}

// Inputs returns the layers that layer i of a valid network reads; -1 is the input.
func (n *Network) Inputs(i int) []int {
	if from := n.Layers[i].From; from != "" {
		return []int{i - 1, n.named(from, i)}
	}
	return []int{i - 1}
}

// named returns the layer of that name before layer i, -1 if there is none.
func (n *Network) named(name string, i int) int {
	return slices.IndexFunc(n.Layers[:i], func(l Layer) bool { return l.Name == name })
}

// Shapes returns the output shape of every layer, or an error that names the first layer that does not fit.
func (n *Network) Shapes() ([]Shape, error) {
	if err := n.Input.check(); err != nil {
		return nil, fmt.Errorf("net: input %w", err)
	}
	shapes := make([]Shape, len(n.Layers))
	geometry := make([]Geometries, len(n.Layers))
	for i, l := range n.Layers {
		k := l.kind()
		if k == nil {
			return nil, fmt.Errorf("net: layer %d: %w", i, unknownKind(l.Op))
		}
		if err := n.checkNames(i); err != nil {
			return nil, fmt.Errorf("net: layer %d (%s): %w", i, l.Op, err)
		}
		in := pick(shapes, n.Inputs(i), n.Input)
		var err error
		if shapes[i], err = k.output(l, in); err != nil {
			return nil, fmt.Errorf("net: layer %d (%s) on input %v: %w", i, l.Op, in[0], err)
		}
		g := k.geometry(l, pick(geometry, n.Inputs(i), ownPixel), n.Input)
		for _, g := range g {
			if max(g.Field, g.Stride) > maxElements {
				return nil, fmt.Errorf("net: layer %d (%s): a cell sees %d pixels a side, and the next one begins after %d; the limit is %d", i, l.Op, g.Field, g.Stride, int64(maxElements))
			}
		}
		geometry[i] = g
	}
	return shapes, nil
}

// checkNames checks the name of layer i, and that which it reads from.
func (n *Network) checkNames(i int) error {
	l := n.Layers[i]
	if l.From != "" && n.named(l.From, i) < 0 {
		what := "is not the name of a layer before it"
		switch later := slices.IndexFunc(n.Layers[i:], func(o Layer) bool { return o.Name == l.From }); {
		case later == 0:
			what = "is the layer itself"
		case later > 0:
			what = fmt.Sprintf("is layer %d, which comes later", i+later)
		}
		return fmt.Errorf("from=%q %s; %s", clip(l.From), what, n.namesBefore(i))
	}
	if l.Name == "" {
		return nil
	}
	if !layerName.MatchString(l.Name) {
		return fmt.Errorf("name=%q must be made of letters, digits and the signs . _ -", clip(l.Name))
	}
	if n.named(l.Name, i) >= 0 {
		return fmt.Errorf("there is a layer named %q already", l.Name)
	}
	return nil
}

// namesBefore ends an error about a name: it lists those of the layers before layer i.
func (n *Network) namesBefore(i int) string {
	var names []string
	for _, l := range n.Layers[:i] {
		if l.Name != "" {
			names = append(names, l.Name)
		}
	}
	const most = 8
	switch {
	case len(names) == 0:
		return "no layer before it has name="
	case len(names) > most:
		return fmt.Sprintf("the last of the %d names before it are %s", len(names), strings.Join(names[len(names)-most:], ", "))
	case len(names) == 1:
		return "the only name before it is " + names[0]
	}
	return "the names before it are " + strings.Join(names, ", ")
}

var layerName = regexp.MustCompile(`^[\pL\pN_.-]{1,40}$`)

// pick returns what belongs to some layers; input belongs to layer -1.
func pick[T any](all []T, layers []int, input T) []T {
	picked := make([]T, len(layers))
	for i, layer := range layers {
		if picked[i] = input; layer >= 0 {
			picked[i] = all[layer]
		}
	}
	return picked
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
	if out.Size().Product() != 1 {
		return 0, fmt.Errorf("net: the network ends in %v, not in one score a class; end it with gap or flatten, and linear", out)
	}
	return out.C, nil
}

// WithOutputs returns a copy of the network that gives a sample that many scores. If it gives another number, the outputs of
// its last layer with weights are changed.
func (n *Network) WithOutputs(outputs int) (*Network, error) {
	changed := n.Clone()
	if got, err := n.Classes(); err != nil || got == outputs {
		return changed, err
	}
	for i := range slices.Backward(n.Layers) {
		l := &changed.Layers[i]
		if l.Out == 0 {
			continue
		}
		l.Out = outputs
		break
	}
	if got, err := changed.Classes(); err != nil || got != outputs {
		return nil, fmt.Errorf("net: the network has no last layer whose outputs are the scores, to make them %d", outputs)
	}
	return changed, nil
}

// GradientAtZero reports whether a layer whose outputs are all zero has a gradient: whether no layer behind it is one that is flat
// at zero, as relu is.
func (n *Network) GradientAtZero(layer int) bool {
	return !slices.ContainsFunc(n.Layers[layer+1:], func(l Layer) bool { return l.Op == "relu" })
}

// On returns the network for samples of another shape: n itself if it is that of its input, else the same layers. It is an error
// if that changes the shapes of the parameters, or if the network does not end in one score a class any more.
func (n *Network) On(in Shape) (*Network, error) {
	if in == n.Input {
		return n, nil
	}
	other := &Network{Input: in, Layers: n.Layers}
	want, err := ParamShapes(n)
	if err != nil {
		return nil, err
	}
	got, err := ParamShapes(other)
	if err != nil {
		return nil, err
	}
	for i, p := range want {
		if q := got[i]; !slices.Equal(p.Shape, q.Shape) {
			return nil, fmt.Errorf("net: on samples of %v %s has shape %v, on those of %v %v; end the network with gap or gmp", in, p.Name, q.Shape, n.Input, p.Shape)
		}
	}
	if _, err := n.Classes(); err != nil {
		return other, nil
	}
	_, err = other.Classes()
	return other, err
}

// Clone returns a copy of the network.
func (n *Network) Clone() *Network { return &Network{n.Input, slices.Clone(n.Layers)} }

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

// MasksPerSample reports whether the samples of a batch have masks of their own.
func (n *Network) MasksPerSample() bool {
	return slices.ContainsFunc(n.Backdrops(), func(i int) bool {
		l := n.Layers[i]
		return l.P > 0 && l.Axes&mask.N != 0
	})
}
