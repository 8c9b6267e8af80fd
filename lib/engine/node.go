package engine

import (
	"fmt"

	"backdrop/lib/kernel"
	"backdrop/lib/net"
	"backdrop/lib/region"
)

// A node is what the engine computes as one: an operation on the outputs of nodes before it, and the pointwise layers
// behind it, which work in place. Node 0 is the input of the network.
//
// Tensors lie in memory as z, y, x, channels. The output of a convolution has room for whole panels of the
// kernel's columns; the surplus channels are zero. A tensor that some reader pads has a border of that width, which is
// zero.
type node struct {
	op      op     // nil: the input
	layer   int    // index in the network of the operation's layer; -1 for the input
	inputs  []int  // the nodes whose outputs it reads
	shift   []size // of each input: the part of its border that the operation does not pad
	readers []edge // that read its output
	window
	in, out net.Shape // in the engine's order of axes
	chIn    int       // channels in memory, of input and output
	ch      int
	border  size // of its output, on both sides: the largest pad of its readers
	points  []point
	relu    bool // the first pointwise layer is a relu, which the operation does itself
	changes bool // the others, or some of them, change values forward

	// How a gradient goes back through the pointwise layers. uniform: each surviving pixel's is multiplied by the same
	// factor, and, if gated, by zero where the output is not above zero, so that tiles can do it all. needsOutput: the
	// output is looked at.
	uniform, gated, needsOutput bool

	// What the backward pass needs of the output: what these readers see, or only where the node's own gradient survives.
	keepsWindows []edge
	keepsOwn     bool
}

// An edge is an input of a node.
type edge struct{ node, input int }

// An op is an operation that computes new values. It works on slabs, the parts of a tensor at one z. Slabs of its output are
// counted from 0; those of its input, where they are called padded, from the first of the border.
type op interface {
	receptive

	// prepare brings parameters into the order that tiles want, before a forward pass; train: a backward pass follows.
	prepare(n *node, train bool)

	// forward sets count slabs of the output of node t from z on, as far as the band computes them. What it reads is there.
	forward(b *band, t, z, count int)

	// gradWeights adds to the gradients of the parameters what comes from a part of the output.
	gradWeights(b *backward, t int, own part)

	// gradInput sets those pixels, in a part of the gradient with respect to an input, that the gradient of the output reaches;
	// where the input has several readers, it adds to them.
	gradInput(b *backward, t, input int, need part)

	// readsInput reports whether the backward pass reads the inputs, where a gradient survives.
	readsInput() bool

	// fuses reports whether gradInput also takes the gradient back through the pointwise layers of the node before.
	fuses(before *node) bool
}

// parametric is an operation with parameters.
type parametric interface {
	// bind gives it its parameters, and makes room for them.
	bind(n *node, weight, bias *net.Param)

	// newSums makes room for what one group of work adds to their gradients.
	newSums(n *node) *sums

	// addSums adds it to the gradients.
	addSums(n *node, s *sums)
}

// A rectifier is an operation that can do a relu behind it: its output is then cut at n.floor().
type rectifier interface{ rectifies() }

// hasParameters reports whether a node's operation has parameters.
func (n *node) hasParameters() bool {
	_, ok := n.op.(parametric)
	return ok
}

// receptive says which pixels of its inputs an operation reads: its receptive field.
type receptive interface {
	// local reports whether an output pixel is computed from a few input pixels only.
	local() bool

	// sees returns the positions, along an axis of a padded input, that output positions from ≤ p < to are computed from.
	sees(n *node, input, axis, from, to int) (lo, hi int)

	// seenBy returns the output positions along an axis that are computed from positions from ≤ p < to of the inputs, not
	// clipped to those that there are.
	seenBy(n *node, axis, from, to int) (lo, hi int)

	// field makes dst the pixels of a padded input of a size that the output pixels of grad are computed from.
	field(n *node, input int, dst, grad *region.Region, padded size)
}

// rectifies reports whether the operation does a relu behind it as well.
func (n *node) rectifies() bool {
	_, ok := n.op.(rectifier)
	return ok
}

// floor is what the output is at least: zero if the operation does a relu.
func (n *node) floor() float32 {
	if n.relu {
		return 0
	}
	return negativeInfinity
}

// padded is the size of the output with its border.
func (n *node) padded() size {
	s := size(n.out.Size())
	for axis := range s {
		s[axis] += 2 * n.border[axis]
	}
	return s
}

// slabs is the number of slabs of the output with its border.
func (n *node) slabs() int { return n.out.D + 2*n.border[0] }

// slab is the number of elements of a slab with its border, and line that of a line of it.
func (n *node) slab() int { return (n.out.H + 2*n.border[1]) * n.line() }
func (n *node) line() int { return (n.out.W + 2*n.border[2]) * n.ch }

// shared reports whether several nodes read the output.
func (n *node) shared() bool { return len(n.readers) > 1 }

// local reports whether the node can be computed band by band.
func (n *node) local() bool { return n.op != nil && n.op.local() }

func panels(channels int) int { return (channels + kernel.Columns - 1) / kernel.Columns }

// ops makes the operations, by the kind of layer. Each is entered where it is defined. A kind that is neither here nor among
// points is unknown.
var ops = map[string]func(n *node, l net.Layer) op{}

// compile arranges the layers of a network in nodes, each behind those that it reads.
func compile(n *net.Network) ([]node, error) {
	shapes, err := n.Shapes()
	if err != nil {
		return nil, err
	}
	dimensions := n.Input.Dimensions()
	nodes := []node{{layer: -1, out: arrangeShape(n.Input), ch: n.Input.C}}
	at := make([]int, len(n.Layers)) // the node that has a layer's output
	read := make([]bool, len(n.Layers))
	for i := range n.Layers {
		for _, from := range n.Inputs(i)[1:] {
			read[from] = true // by name: it must stay as it is
		}
	}
	for i, l := range n.Layers {
		last := len(nodes) - 1
		at[i] = last
		if p := points[l.Op]; p != nil {
			if i > 0 && read[i-1] {
				last = addNode(&nodes, node{op: identity{}, layer: i, inputs: []int{last}, window: onePixel, out: arrangeShape(shapes[i])})
				at[i] = last
			}
			node := &nodes[last]
			node.relu = node.relu || node.rectifies() && l.Op == "relu" && len(node.points) == 0
			node.points = append(node.points, point{p(l), i})
			continue
		}
		if ops[l.Op] == nil {
			return nil, fmt.Errorf("engine: layer %d: there is no operation for %s", i, l.Op)
		}
		next := node{layer: i, window: onePixel, out: arrangeShape(shapes[i])}
		if l.Kernel != (net.Size{}) {
			next.window = window{arrange(l.Kernel, dimensions), arrange(l.Stride, dimensions), arrange(l.Dilate, dimensions), arrange(l.Pad, dimensions)}
		}
		for _, from := range n.Inputs(i) {
			if from < 0 {
				next.inputs = append(next.inputs, 0)
			} else {
				next.inputs = append(next.inputs, at[from])
			}
		}
		next.op = ops[l.Op](&next, l)
		at[i] = addNode(&nodes, next)
	}
	connect(nodes)
	return nodes, nil
}

// addNode appends a node whose inputs are there, and returns its number.
func addNode(nodes *[]node, n node) int {
	first := &(*nodes)[n.inputs[0]]
	n.in, n.chIn = first.out, first.ch
	if n.ch == 0 {
		n.ch = n.chIn
	}
	*nodes = append(*nodes, n)
	return len(*nodes) - 1
}

// connect tells nodes of their readers.
func connect(nodes []node) {
	for t := range nodes {
		for i, u := range nodes[t].inputs {
			nodes[u].readers = append(nodes[u].readers, edge{t, i})
			for axis, pad := range nodes[t].pad {
				nodes[u].border[axis] = max(nodes[u].border[axis], pad)
			}
		}
	}
	for t := range nodes {
		n := &nodes[t]
		if o, ok := n.op.(*conv); ok {
			o.winograd = newWinograd(n)
		}
		n.classify()
		for _, u := range n.inputs {
			shift := nodes[u].border
			for axis, pad := range n.pad {
				shift[axis] -= pad
			}
			n.shift = append(n.shift, shift)
		}
	}
}
