package export

import (
	"fmt"

	"backdrop/formats/onnx"
	"backdrop/lib/engine"
	"backdrop/lib/net"
)

// kinds says how each kind of layer is computed: it adds the nodes of layer i and returns what they give.
var kinds = map[string]func(b *builder, i int, l net.Layer, in []value) (value, error){
	"conv":      conv,
	"linear":    linear,
	"maxpool":   maxPool,
	"avgpool":   averagePool,
	"gap":       global("GlobalAveragePool"),
	"gmp":       global("GlobalMaxPool"),
	"flatten":   flatten,
	"relu":      pointwise("Relu"),
	"leakyrelu": leakyReLU,
	"silu":      silu,
	"groupnorm": groupNorm,
	"add":       add,
	"concat":    concat,
	"dropout":   same,
	"backdrop":  same,
}

// windows are the attributes of a layer with windows.
func (b *builder) windows(l net.Layer) []onnx.Attribute {
	axes := func(s net.Size) []int { return s[3-b.dimensions():] }
	pads := append(append([]int{}, axes(l.Pad)...), axes(l.Pad)...) // before, and behind
	return []onnx.Attribute{
		onnx.Ints("kernel_shape", axes(l.Kernel)), onnx.Ints("strides", axes(l.Stride)), onnx.Ints("pads", pads), onnx.Ints("dilations", axes(l.Dilate)),
	}
}

// parameters adds those of layer i, and returns their names.
func (b *builder) parameters(i int) (weight, bias string) {
	w, v := b.weights.Layer(i)
	data := w.Data
	if b.net.Layers[i].WS {
		data = engine.Standardised(data, w.Shape[0])
	}
	return b.floats("weight", w.Shape, data), b.floats("bias", v.Shape, v.Data)
}

func conv(b *builder, i int, l net.Layer, in []value) (value, error) {
	x := b.spread(in[0])
	weight, bias := b.parameters(i)
	return value{name: b.node("Conv", []string{x.name, weight, bias}, b.windows(l)...)}, nil
}

func linear(b *builder, i int, _ net.Layer, in []value) (value, error) {
	x := b.flat(in[0])
	weight, bias := b.parameters(i)
	return value{b.node("Gemm", []string{x.name, weight, bias}, onnx.Int("transB", 1)), true}, nil
}

func maxPool(b *builder, _ int, l net.Layer, in []value) (value, error) {
	return value{name: b.node("MaxPool", []string{b.spread(in[0]).name}, b.windows(l)...)}, nil
}

// averagePool divides by the number of a window's elements, padding included. The operator has no dilation in this set: windows
// with one are a convolution of each channel by itself.
func averagePool(b *builder, i int, l net.Layer, in []value) (value, error) {
	x, attributes := b.spread(in[0]), b.windows(l)
	if l.Dilate == (net.Size{1, 1, 1}) {
		attributes = append(attributes[:3], onnx.Int("count_include_pad", 1))
		return value{name: b.node("AveragePool", []string{x.name}, attributes...)}, nil
	}
	channels, elements := b.in(i).C, l.Kernel.Product()
	if int64(channels)*int64(elements) > onnx.MaxBytes/4 {
		return value{}, b.cannot(i, fmt.Sprintf("ONNX has average pools with a dilation as convolutions only, of %d channels with %d weights each here, which take more than the 2 GiB of a model", channels, elements))
	}
	weights := make([]float32, channels*elements)
	for j := range weights {
		weights[j] = 1 / float32(elements)
	}
	shape := append([]int{channels, 1}, l.Kernel[3-b.dimensions():]...)
	return value{name: b.node("Conv", []string{x.name, b.floats("mean", shape, weights)}, append(attributes, onnx.Int("group", channels))...)}, nil
}

// global is a pool over all pixels; what is flat has one.
func global(op string) func(b *builder, i int, l net.Layer, in []value) (value, error) {
	return func(b *builder, _ int, _ net.Layer, in []value) (value, error) {
		if in[0].flat {
			return in[0], nil
		}
		return value{name: b.node(op, []string{in[0].name})}, nil
	}
}

func flatten(b *builder, _ int, _ net.Layer, in []value) (value, error) { return b.flat(in[0]), nil }

func pointwise(op string) func(b *builder, i int, l net.Layer, in []value) (value, error) {
	return func(b *builder, _ int, _ net.Layer, in []value) (value, error) {
		return value{b.node(op, []string{in[0].name}), in[0].flat}, nil
	}
}

func leakyReLU(b *builder, _ int, l net.Layer, in []value) (value, error) {
	return value{b.node("LeakyRelu", []string{in[0].name}, onnx.Float("alpha", float32(l.Slope))), in[0].flat}, nil
}

// silu is x/(1 + exp(−x)), and not x times a Sigmoid, which ONNX Runtime 1.30 approximates: below −18 its is 0.
func silu(b *builder, _ int, _ net.Layer, in []value) (value, error) {
	x := in[0].name
	power := b.node("Exp", []string{b.node("Neg", []string{x})})
	divisor := b.node("Add", []string{power, b.floats("one", nil, []float32{1})})
	return value{b.node("Div", []string{x, divisor}), in[0].flat}, nil
}

// groupNorm has the groups as the channels of an InstanceNormalization; the operator itself is of later sets.
func groupNorm(b *builder, i int, l net.Layer, in []value) (value, error) {
	const epsilon = 1e-5 // as the layer has it
	x := in[0]
	ones := make([]float32, l.Groups)
	for j := range ones {
		ones[j] = 1
	}
	groups := []int{l.Groups}
	grouped := b.node("Reshape", []string{x.name, b.ints("groups", 0, l.Groups, -1)})
	normal := b.node("InstanceNormalization", []string{grouped, b.floats("ones", groups, ones), b.floats("zeros", groups, make([]float32, l.Groups))}, onnx.Float("epsilon", epsilon))
	back := b.node("Reshape", []string{normal, b.node("Shape", []string{x.name})})
	weight, bias := b.weights.Layer(i)
	shape := b.perChannel(len(weight.Data), x)
	scaled := b.node("Mul", []string{back, b.floats("weight", shape, weight.Data)})
	return value{b.node("Add", []string{scaled, b.floats("bias", shape, bias.Data)}), x.flat}, nil
}

// alike brings two values to the same form; if they differ, both have one pixel.
func (b *builder) alike(in []value) (names []string, flat bool) {
	if in[0].flat != in[1].flat {
		in = []value{b.flat(in[0]), b.flat(in[1])}
	}
	return []string{in[0].name, in[1].name}, in[0].flat
}

func add(b *builder, _ int, _ net.Layer, in []value) (value, error) {
	names, flat := b.alike(in)
	return value{b.node("Add", names), flat}, nil
}

func concat(b *builder, _ int, _ net.Layer, in []value) (value, error) {
	names, flat := b.alike(in)
	return value{b.node("Concat", names, onnx.Int("axis", 1)), flat}, nil
}

// same is a layer that only training knows.
func same(_ *builder, _ int, _ net.Layer, in []value) (value, error) { return in[0], nil }
