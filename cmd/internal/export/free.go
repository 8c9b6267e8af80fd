package export

import "backdrop/lib/net"

// extents say how the size of a layer's output follows from that of the input.
type extents struct {
	fixed bool // it does not
	axis  [3]extent
}

// extent is ⌊(n + offset)/stride⌋ along an axis of n pixels.
type extent struct{ offset, stride int }

// behind are the extents behind windows: of n pixels, ⌊(n + 2·pad − span + stride)/stride⌋.
func (e extents) behind(l net.Layer) extents {
	for axis, a := range e.axis {
		stride := l.Stride[axis]
		e.axis[axis] = extent{a.offset + a.stride*(2*l.Pad[axis]-l.Span(axis)+stride), a.stride * stride}
	}
	return e
}

// sizesFree reports whether the network takes samples of other sizes: whether its layers' sizes stay what the layers behind them
// need, whatever that of the input is (if it is not too small).
func sizesFree(n *net.Network) bool {
	input := extents{axis: [3]extent{{0, 1}, {0, 1}, {0, 1}}}
	all := make([]extents, len(n.Layers))
	last := input
	for i, l := range n.Layers {
		from := n.Inputs(i)
		e := last
		switch l.Op {
		case "gap", "gmp":
			e = extents{fixed: true}
		case "flatten", "linear":
			if !e.fixed {
				return false
			}
		case "conv", "maxpool", "avgpool":
			if !e.fixed {
				e = e.behind(l)
			}
		case "add", "concat":
			if all[from[1]] != e {
				return false
			}
		}
		all[i], last = e, e
	}
	return last.fixed
}
