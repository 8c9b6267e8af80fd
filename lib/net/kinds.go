package net

import "backdrop/lib/mask"

// A kind of layer: what its line in a network's text may say, and what the layer makes of its input.
type kind struct {
	name     string
	about    string                                                 // what it does, in a few words
	keys     []key                                                  // in the order in which they are printed
	output   func(l Layer, in []Shape) (Shape, error)               // checks the layer and returns the shape of its output
	geometry func(l Layer, in []Geometries, image Shape) Geometries // of its output, by those of its inputs
	factors  bool                                                   // its weight is a factor of each channel, which starts with 1
	weight   func(l Layer, in Shape) []int                          // shape of its weight; the bias has the first size; nil: no parameters
	draw     func(m *mask.Mask, l Layer, d draw)                    // draws its mask of a training step; nil: it has none
}

// kinds are all kinds of layers. A new one needs an entry here and, in package engine, an operation or a pointwise layer.
var kinds = map[string]*kind{}

func init() {
	poolKeys := []key{kernel, stride.or(func(l *Layer, _ int) { l.Stride = l.Kernel }), pad, dilation}
	for _, k := range []kind{
		{
			name: "conv", about: "convolution; stride 1, pad 0 and dilation 1 unless given; ws=true: its weights are standardised and scaled (Brock et al. 2021)", keys: []key{out, kernel, stride.or(func(l *Layer, _ int) { l.Stride = Size{1, 1, 1} }), pad, dilation, standardised},
			output: convOutput, geometry: windowField,
			weight: convWeight,
		},
		{name: "relu", about: "max(x, 0)", output: sameShape, geometry: sameField},
		{
			name: "leakyrelu", about: "x, or slope times x below 0; slope 0.01 unless given", keys: []key{slope.or(func(l *Layer, _ int) { l.Slope = 0.01 }).printed()}, // PyTorch's default
			output: leakyOutput, geometry: sameField,
		},
		{name: "maxpool", about: "the largest value of each window; stride as the kernel, pad 0 and dilation 1 unless given", keys: poolKeys, output: poolOutput, geometry: windowField},
		{name: "avgpool", about: "the mean of each window; stride as the kernel, pad 0 and dilation 1 unless given", keys: poolKeys, output: poolOutput, geometry: windowField},
		{name: "gap", about: "the mean of each channel over all pixels", output: func(_ Layer, in []Shape) (Shape, error) { return in[0].with(in[0].C, Size{1, 1, 1}), nil }, geometry: wholeField},
		{name: "flatten", about: "all values of a sample in a row", output: func(_ Layer, in []Shape) (Shape, error) { return in[0].with(in[0].Len(), Size{1, 1, 1}), nil }, geometry: wholeField},
		{
			name: "linear", about: "a weighted sum of all values for each output", keys: []key{out},
			output: linearOutput, geometry: wholeField,
			weight: func(l Layer, in Shape) []int { return []int{l.Out, in.C} },
		},
		{name: "gmp", about: "the maximum of each channel over all pixels", output: func(_ Layer, in []Shape) (Shape, error) { return in[0].with(in[0].C, Size{1, 1, 1}), nil }, geometry: wholeField},
		{
			name: "groupnorm", about: "groups of channels are brought to mean 0 and deviation 1, then scaled and shifted (Wu & He 2018)", keys: []key{groups}, output: groupNormOutput, geometry: sameField, factors: true,
			weight: func(_ Layer, in Shape) []int { return []int{in.C} },
		},
		{name: "silu", about: "x times sigmoid(x)", output: sameShape, geometry: sameField},
		{name: "add", about: "the output of the layer before plus that of the layer named from", keys: []key{from}, output: addOutput, geometry: sameField},
		{name: "concat", about: "the channels of the layer before and those of the layer named from", keys: []key{from}, output: concatOutput, geometry: sameField},
		{name: "dropout", about: "zeros with probability p, in training only", keys: []key{probability}, output: dropoutOutput, geometry: sameField, draw: drawDropout},
		{name: "backdrop", about: "nothing forward; backward it blocks the gradient with probability p, in cells along axes out of N, C, D, H, W", keys: []key{probability, axes}, output: backdropOutput, geometry: sameField, draw: drawBackdrop},
	} {
		called := name
		if k.name != "backdrop" { // whose name is what --mask sets it by
			called = name.or(func(l *Layer, _ int) { l.Name = "" })
		}
		k.keys = append([]key{called}, k.keys...)
		kinds[k.name] = &k
	}
}

// convWeight is [out, in, kernel …], with a size for each axis that there is.
func convWeight(l Layer, in Shape) []int {
	return append([]int{l.Out, in.C}, l.Kernel[3-in.Dimensions():]...)
}
