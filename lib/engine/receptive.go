package engine

import "backdrop/lib/region"

// window is the receptive field of convolutions and pools: the output pixel y, x is computed from the padded input's rows from
// y·stride on, as many as the kernel has, and likewise columns.
type window struct{}

func (window) local() bool { return true }

func (window) rows(n *node, input, from, to int) (lo, hi int) {
	return from*n.stride + n.shift[input], (to-1)*n.stride + n.kernel + n.shift[input]
}

func (window) seenBy(n *node, from, to int) (lo, hi int) {
	return ceilDiv(from+n.pad-n.kernel+1, n.stride), floorDiv(to-1+n.pad, n.stride) + 1
}

func (window) field(n *node, input int, dst, grad *region.Region, h, w int) {
	dst.SetField(grad, region.Window{Kernel: n.kernel, Stride: n.stride, Offset: n.shift[input]}, h, w)
}

// everything is the receptive field of operations that read the whole of an input for each of their outputs.
type everything struct{}

func (everything) local() bool { return false }

func (everything) rows(n *node, input, _, _ int) (lo, hi int) {
	return n.shift[input], n.shift[input] + n.in.H
}

func (everything) seenBy(n *node, _, _ int) (lo, hi int) { return 0, n.out.H }

func (everything) field(_ *node, _ int, dst, grad *region.Region, h, w int) {
	if grad.Empty() {
		dst.SetEmpty(h, w)
		return
	}
	dst.SetFull(h, w)
}

// noParameters is embedded in operations without any.
type noParameters struct{}

func (noParameters) prepare(*node, bool)                  {}
func (noParameters) gradWeights(*backward, int, int, int) {}

func floorDiv(a, b int) int {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}

func ceilDiv(a, b int) int { return -floorDiv(-a, b) }
