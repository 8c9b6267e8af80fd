package nn

import (
	"backdrop/lib/kernel"
	"backdrop/lib/mask"
)

// A stage is what the engine runs as one: a layer that computes new values, and the pointwise layers behind it, which
// work in place. Stage 0 is the input. A linear layer is a convolution of one pixel.
//
// Tensors lie in memory as rows, columns, channels. The output of a convolution has room for whole panels of the
// kernel's columns; the surplus channels are zero. In front of a convolution or pooling with padding, a tensor has a
// border of that width, which is zero.
type stage struct {
	op      string // input, conv, maxpool, avgpool, gap, flatten
	layer   int    // index in the network; -1 for the input
	kernel  int
	stride  int
	pad     int // border of its input
	in, out Shape
	chIn    int // channels in memory, of input and output
	ch      int
	border  int // of its output: the next stage's pad
	post    []int
	relu    bool // the first pointwise layer is a relu, done by the tiles of a convolution

	// How a gradient goes back through the pointwise layers: gated is set if there is one relu and otherwise only
	// backdrop layers whose factor is the same for all channels, so that tiles can do it all.
	gated, plain bool
}

// Bounds of a tensor's rows and columns with its border.
func (s *stage) rows() int      { return s.out.H + 2*s.border }
func (s *stage) cols() int      { return s.out.W + 2*s.border }
func (s *stage) rowLength() int { return s.cols() * s.ch }

func (s *stage) spatial() bool { return s.op == "conv" || s.op == "maxpool" || s.op == "avgpool" }

// window returns the rows of the padded input that output rows from ≤ y < to are computed from.
func (s *stage) window(from, to int) (lo, hi int) {
	if !s.spatial() {
		return 0, s.in.H
	}
	return from * s.stride, (to-1)*s.stride + s.kernel
}

// terms is the number of products in an output of a convolution.
func (s *stage) terms() int { return s.in.C * s.kernel * s.kernel }

func panels(channels int) int { return (channels + kernel.Columns - 1) / kernel.Columns }

// compile arranges the layers of a network in stages.
func compile(n *Network) ([]stage, error) {
	shapes, err := n.Shapes()
	if err != nil {
		return nil, err
	}
	stages := []stage{{op: "input", layer: -1, out: n.Input, ch: n.Input.C}}
	for i, l := range n.Layers {
		last := &stages[len(stages)-1]
		switch l.Op {
		case "relu", "leakyrelu", "dropout", "backdrop":
			last.relu = last.relu || last.op == "conv" && l.Op == "relu" && len(last.post) == 0
			last.post = append(last.post, i)
			continue
		}
		s := stage{op: l.Op, layer: i, kernel: l.Kernel, stride: l.Stride, pad: l.Pad, in: last.out, out: shapes[i], chIn: last.ch, ch: last.ch}
		switch l.Op {
		case "linear":
			s.op, s.kernel, s.stride = "conv", 1, 1
		case "flatten":
			s.ch = s.out.C
		}
		if s.op == "conv" {
			s.ch = panels(s.out.C) * kernel.Columns
		}
		last.border = s.pad
		stages = append(stages, s)
	}
	for t := range stages {
		stages[t].classify(n)
	}
	return stages, nil
}

// classify finds out whether tiles can take a gradient back through the pointwise layers.
func (s *stage) classify(n *Network) {
	relus := 0
	s.plain = true
	for _, i := range s.post {
		switch l := n.Layers[i]; {
		case l.Op == "relu":
			relus++
		case l.Op == "backdrop" && (l.P == 0 || l.Axes&mask.C == 0):
		default:
			s.plain = false
		}
	}
	s.gated = s.plain && relus > 0
}

// linear reports whether a gradient can go back through the pointwise layers without their output.
func (s *stage) linear(n *Network) bool {
	for _, i := range s.post {
		if op := n.Layers[i].Op; op == "relu" || op == "leakyrelu" {
			return false
		}
	}
	return true
}

// lowest returns the first stage with parameters; the number of stages if there is none.
func lowest(stages []stage) int {
	for t := range stages {
		if stages[t].op == "conv" {
			return t
		}
	}
	return len(stages)
}

// smallTensor is the number of elements (256 KiB) below which a tensor stays in a second-level cache, and is
// computed whole.
var smallTensor = 64 << 10

// early returns the last stage that is computed band by band of rows: behind it all tensors are small. 0 if all are.
func early(stages []stage) int {
	last, body := 0, headStart(stages)
	for t, s := range stages[1:body] {
		if !s.spatial() {
			break
		}
		if s.out.H*s.out.W*s.ch > smallTensor {
			last = t + 2 // the next one, if it is spatial
		}
	}
	for last > 0 && (last >= body || !stages[last].spatial()) {
		last--
	}
	return last
}
