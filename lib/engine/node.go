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
// Tensors lie in memory as rows, columns, channels. The output of a convolution has room for whole panels of the
// kernel's columns; the surplus channels are zero. A tensor that some reader pads has a border of that width, which is
// zero.
type node struct {
	op      op  // nil: the input
	layer   int // index in the network of the operation's layer; -1 for the input
	input   int // the node whose output it reads
	kernel  int
	stride  int
	pad     int
	in, out net.Shape
	chIn    int // channels in memory, of input and output
	ch      int
	border  int // of its output: the pad of its reader
	points  []point
	relu    bool // the first pointwise layer is a relu, done by the tiles of a convolution

	// How a gradient goes back through the pointwise layers. uniform: each surviving pixel's is multiplied by the same
	// factor, and, if gated, by zero where the output is not above zero, so that tiles can do it all. linear: the output is
	// not looked at.
	uniform, gated, linear bool
}

// An op is an operation that computes new values. Rows and columns of its output are counted from 0; those of its
// input, where they are called padded, from the first of the border.
type op interface {
	reach

	// prepare brings parameters into the order that tiles want, before a forward pass; train: a backward pass follows.
	prepare(n *node, train bool)

	// forward sets count rows of the output of node t from y on. The rows that it reads are there.
	forward(b *band, t, y, count int)

	// gradWeights adds to the gradients of the parameters what comes from output rows from ≤ y < to.
	gradWeights(b *backward, t, from, to int)

	// gradInput sets the surviving pixels of rows need of the gradient with respect to the input.
	gradInput(b *backward, t int, need [2]int)

	// readsInput reports whether the backward pass reads the input, where a gradient survives.
	readsInput() bool

	// fuses reports whether gradInput also takes the gradient back through the pointwise layers of the node before.
	fuses(before *node) bool
}

// reach says which pixels of its input an operation reads.
type reach interface {
	// local reports whether an output row is computed from a few input rows only.
	local() bool

	// rows returns the rows of the padded input that output rows from ≤ y < to are computed from.
	rows(n *node, from, to int) (lo, hi int)

	// readers returns the output rows that are computed from rows from ≤ y < to of the input, not clipped to those that
	// there are.
	readers(n *node, from, to int) (lo, hi int)

	// field makes dst the pixels of the padded input, of h rows and w columns, that the output pixels of grad are
	// computed from.
	field(n *node, dst, grad *region.Region, h, w int)
}

// Bounds of a tensor's rows and columns with its border.
func (n *node) rows() int      { return n.out.H + 2*n.border }
func (n *node) cols() int      { return n.out.W + 2*n.border }
func (n *node) rowLength() int { return n.cols() * n.ch }

// local reports whether the node can be computed band by band.
func (n *node) local() bool { return n.op != nil && n.op.local() }

func panels(channels int) int { return (channels + kernel.Columns - 1) / kernel.Columns }

// ops makes the operations, by the kind of layer. A kind that is neither here nor among points is unknown.
var ops = map[string]func(n *node, l net.Layer) op{
	"conv":    newConv,
	"linear":  newConv, // of one pixel
	"maxpool": func(*node, net.Layer) op { return maxPool{} },
	"avgpool": func(*node, net.Layer) op { return avgPool{} },
	"gap":     func(*node, net.Layer) op { return mean{} },
	"flatten": newFlatten,
}

// compile arranges the layers of a network in nodes.
func compile(n *net.Network) ([]node, error) {
	shapes, err := n.Shapes()
	if err != nil {
		return nil, err
	}
	nodes := []node{{layer: -1, input: -1, out: n.Input, ch: n.Input.C}}
	for i, l := range n.Layers {
		last := &nodes[len(nodes)-1]
		if p := points[l.Op]; p != nil {
			_, conv := last.op.(*conv)
			last.relu = last.relu || conv && l.Op == "relu" && len(last.points) == 0
			last.points = append(last.points, point{p(l), i})
			continue
		}
		if ops[l.Op] == nil {
			return nil, fmt.Errorf("engine: layer %d: there is no operation for %s", i, l.Op)
		}
		next := node{layer: i, input: len(nodes) - 1, kernel: l.Kernel, stride: l.Stride, pad: l.Pad, in: last.out, out: shapes[i], chIn: last.ch, ch: last.ch}
		next.op = ops[l.Op](&next, l)
		last.border = next.pad
		nodes = append(nodes, next)
	}
	for t := range nodes {
		nodes[t].classify()
	}
	return nodes, nil
}

// smallTensor is the number of elements (256 KiB) below which a tensor stays in a second-level cache, and is
// computed whole.
var smallTensor = 64 << 10

// early returns the last node that is computed band by band of rows: behind it all tensors are small. 0 if all are.
func early(nodes []node) int {
	last, body := 0, headStart(nodes)
	for t, n := range nodes[1:body] {
		if !n.local() {
			break
		}
		if n.out.H*n.out.W*n.ch > smallTensor {
			last = t + 2 // the next one, if it is local
		}
	}
	for last > 0 && (last >= body || !nodes[last].local()) {
		last--
	}
	return last
}
