package net

import "backdrop/lib/mask"

// A kind of layer: what its line in a network's text may say, and what the layer makes of its input.
type kind struct {
	name     string
	keys     []key                                              // in the order in which they are printed
	output   func(l Layer, in []Shape) (Shape, error)           // checks the layer and returns the shape of its output
	geometry func(l Layer, in []Geometry, image Shape) Geometry // of its output, by those of its inputs
	weight   func(l Layer, in Shape) []int                      // shape of its weight; the bias has the first size; nil: no parameters
	draw     func(m *mask.Mask, l Layer, d draw)                // draws its mask of a training step; nil: it has none
}

// kinds are all kinds of layers. A new one needs an entry here and, in package engine, an operation or a pointwise layer.
var kinds = map[string]*kind{}

func init() {
	poolKeys := []key{kernel, stride.or(func(l *Layer) { l.Stride = l.Kernel }), pad}
	for _, k := range []kind{
		{
			name: "conv", keys: []key{out, kernel, stride.or(func(l *Layer) { l.Stride = 1 }), pad},
			output: convOutput, geometry: windowField,
			weight: func(l Layer, in Shape) []int { return []int{l.Out, in.C, l.Kernel, l.Kernel} },
		},
		{name: "relu", output: sameShape, geometry: sameField},
		{
			name: "leakyrelu", keys: []key{slope.or(func(l *Layer) { l.Slope = 0.01 }).printed()}, // PyTorch's default
			output: leakyOutput, geometry: sameField,
		},
		{name: "maxpool", keys: poolKeys, output: poolOutput, geometry: windowField},
		{name: "avgpool", keys: poolKeys, output: poolOutput, geometry: windowField},
		{name: "gap", output: func(_ Layer, in []Shape) (Shape, error) { return Shape{in[0].C, 1, 1}, nil }, geometry: wholeField},
		{name: "flatten", output: func(_ Layer, in []Shape) (Shape, error) { return Shape{in[0].Len(), 1, 1}, nil }, geometry: wholeField},
		{
			name: "linear", keys: []key{out},
			output: linearOutput, geometry: wholeField,
			weight: func(l Layer, in Shape) []int { return []int{l.Out, in.C} },
		},
		{name: "add", keys: []key{from}, output: addOutput, geometry: sameField},
		{name: "dropout", keys: []key{probability}, output: dropoutOutput, geometry: sameField, draw: drawDropout},
		{name: "backdrop", keys: []key{probability, axes}, output: backdropOutput, geometry: sameField, draw: drawBackdrop},
	} {
		called := name
		if k.name != "backdrop" { // whose name is what --mask sets it by
			called = name.or(func(l *Layer) { l.Name = "" })
		}
		k.keys = append([]key{called}, k.keys...)
		kinds[k.name] = &k
	}
}
