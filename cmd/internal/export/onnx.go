package export

import (
	"fmt"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/onnx"
	"backdrop/lib/net"
)

// Names of what goes into a graph and comes out of it.
const (
	input         = "x"
	logits        = "logits"
	probabilities = "probabilities"
	scores        = "scores" // of a loss of ranks
)

// batch is the name of the number of samples, which is free.
const batch = "N"

// ONNX returns a model as a graph of samples [N,C,…] that are as they were in training: it normalises them. Its outputs are
// logits [N,K], and probabilities of the classes of models.Loaded.Told; of a model that was trained with a loss of ranks there are
// scores alone. The sizes of samples are free where the network takes any. An error names the layer that ONNX cannot express.
func ONNX(m *models.Loaded) (*onnx.Model, error) {
	b := &builder{net: m.Net, weights: m.Weights, made: map[string]int{}}
	var err error
	if b.shapes, err = m.Net.Shapes(); err != nil {
		return nil, err
	}
	outputs, err := m.Net.Classes()
	if err != nil {
		return nil, err
	}
	x := b.normalise(value{name: input}, m)
	values := make([]value, len(m.Net.Layers))
	for i, l := range m.Net.Layers {
		var in []value
		for _, j := range m.Net.Inputs(i) {
			if j < 0 {
				in = append(in, x)
			} else {
				in = append(in, values[j])
			}
		}
		lower := kinds[l.Op]
		if lower == nil {
			return nil, b.cannot(i, "there is no ONNX operator for it here")
		}
		b.prefix = fmt.Sprintf("layers.%d", i)
		if values[i], err = lower(b, i, l, in); err != nil {
			return nil, err
		}
	}
	b.prefix = "output"
	b.outputs(b.flat(values[len(values)-1]), outputs, m)
	b.graph.Name = "backdrop"
	b.graph.Inputs = []onnx.Value{{Name: input, Doc: inputDoc(m.Net.Input), Shape: inputShape(m)}}
	graph := &onnx.Model{Producer: "bdtrain", Version: tool.Version, Graph: b.graph}
	for _, e := range about(m) {
		graph.Metadata = append(graph.Metadata, onnx.Entry(e))
	}
	return graph, nil
}

// inputShape is that of a batch of samples. A graph does not resize samples: where the model does, they come in its size.
func inputShape(m *models.Loaded) []onnx.Dimension {
	n := m.Net
	free := m.Resize.None() && sizesFree(n)
	shape := []onnx.Dimension{{Name: batch}, {Size: n.Input.C}}
	axes := n.Input.Axes()[1:]
	for i, size := range axes {
		d := onnx.Dimension{Size: size}
		if free {
			d.Name = axisNames(n.Input)[i]
		}
		shape = append(shape, d)
	}
	return shape
}

// axisNames are those of the axes besides the channels.
func axisNames(s net.Shape) []string { return strings.Split("DHW", "")[3-s.Dimensions():] }

func inputDoc(s net.Shape) string {
	return "samples, axes N,C," + strings.Join(axisNames(s), ",") + ", with the values that bdtrain read: " +
		"of a picture 0 to 1 (and channels red, green, blue), of an array as they are; the graph normalises them"
}

// value is what a layer gives.
type value struct {
	name string
	flat bool // [N,C], and not [N,C,…] with every axis
}

// builder makes the graph of a network.
type builder struct {
	net     *net.Network
	weights *net.Weights
	shapes  []net.Shape
	graph   onnx.Graph
	prefix  string         // of the names of what is made now
	made    map[string]int // how many nodes have a name, but for a number
}

// dimensions is the number of axes of a sample besides the channels.
func (b *builder) dimensions() int { return b.net.Input.Dimensions() }

// in is the shape of the input of a layer.
func (b *builder) in(i int) net.Shape {
	if i == 0 {
		return b.net.Input
	}
	return b.shapes[i-1]
}

// cannot is the error of a layer that has no equivalent.
func (b *builder) cannot(i int, why string) error {
	return fmt.Errorf("layer %d (%s, line %d of the network): %s", i, b.net.Layers[i].Op, i+2, why)
}

// node adds an operator with one output, and returns its name.
func (b *builder) node(op string, inputs []string, attributes ...onnx.Attribute) string {
	name := b.prefix + "." + strings.ToLower(op)
	if b.made[name]++; b.made[name] > 1 {
		name += fmt.Sprint(b.made[name])
	}
	b.graph.Nodes = append(b.graph.Nodes, onnx.Node{Name: name, Op: op, Inputs: inputs, Outputs: []string{name}, Attributes: attributes})
	return name
}

// floats adds a constant, and returns its name.
func (b *builder) floats(name string, shape []int, data []float32) string {
	name = b.prefix + "." + name
	b.graph.Weights = append(b.graph.Weights, onnx.Tensor{Name: name, Shape: shape, Floats: data})
	return name
}

// ints adds a constant list of whole numbers, and returns its name.
func (b *builder) ints(name string, v ...int) string {
	name = b.prefix + "." + name
	b.graph.Weights = append(b.graph.Weights, onnx.Tensor{Name: name, Shape: []int{len(v)}, Ints: v})
	return name
}

// perChannel is the shape of one number a channel, to be spread over a value.
func (b *builder) perChannel(channels int, v value) []int {
	shape := []int{channels}
	if !v.flat {
		for range b.dimensions() {
			shape = append(shape, 1)
		}
	}
	return shape
}

// flat brings a value of one pixel to [N,C].
func (b *builder) flat(v value) value {
	if v.flat {
		return v
	}
	return value{b.node("Flatten", []string{v.name}, onnx.Int("axis", 1)), true}
}

// spread brings a value to [N,C,…], with every axis.
func (b *builder) spread(v value) value {
	if !v.flat {
		return v
	}
	var axes []int
	for i := range b.dimensions() {
		axes = append(axes, 2+i)
	}
	return value{b.node("Unsqueeze", []string{v.name, b.ints("axes", axes...)}), false}
}

// normalise is (x − mean)/deviation, by channel.
func (b *builder) normalise(v value, m *models.Loaded) value {
	if m.Scale.None() {
		return v
	}
	b.prefix = "normalise"
	mean, std := m.Scale.Numbers()
	shape := b.perChannel(len(mean), v)
	centred := b.node("Sub", []string{v.name, b.floats("mean", shape, mean)})
	return value{name: b.node("Div", []string{centred, b.floats("std", shape, std)})}
}

// outputs adds those of the graph, of the value that the network ends in, which is [N,count].
func (b *builder) outputs(last value, count int, m *models.Loaded) {
	name := logits
	if _, ranks := m.Ranks(); ranks {
		name = scores
	}
	b.rename(last.name, name)
	output := func(name string, columns int) {
		b.graph.Outputs = append(b.graph.Outputs, onnx.Value{Name: name, Shape: []onnx.Dimension{{Name: batch}, {Size: columns}}})
	}
	output(name, count)
	if name == scores {
		return
	}
	all := logits
	if count == 1 { // the other class has the logit 0
		all = b.node("Mul", []string{logits, b.floats("columns", []int{2}, []float32{0, 1})})
		count = 2
	}
	b.rename(b.node("Softmax", []string{all}, onnx.Int("axis", 1)), probabilities)
	output(probabilities, count)
}

// rename gives a value another name, wherever it is used.
func (b *builder) rename(from, to string) {
	for _, n := range b.graph.Nodes {
		for _, names := range [][]string{n.Inputs, n.Outputs} {
			for i, name := range names {
				if name == from {
					names[i] = to
				}
			}
		}
	}
}
