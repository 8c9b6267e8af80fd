package engine

import "backdrop/lib/region"

// window is what an output pixel of a convolution or pool sees along each axis: kernel pixels of its padded input,
// dilation apart, from stride times its own position on.
type window struct{ kernel, stride, dilation, pad size }

var onePixel = window{kernel: size{1, 1, 1}, stride: size{1, 1, 1}, dilation: size{1, 1, 1}}

// span is how many pixels a window extends over along an axis.
func (w *window) span(axis int) int { return (w.kernel[axis]-1)*w.dilation[axis] + 1 }

// elements is the number of pixels in a window.
func (w *window) elements() int { return w.kernel[0] * w.kernel[1] * w.kernel[2] }

// seenBy returns the positions along an axis that see one of from ≤ p < to of the input, not clipped to those that there
// are.
func (w *window) seenBy(axis, from, to int) (lo, hi int) {
	return ceilDiv(from+w.pad[axis]-w.span(axis)+1, w.stride[axis]), floorDiv(to-1+w.pad[axis], w.stride[axis]) + 1
}

// windows is the receptive field of convolutions and pools.
type windows struct{}

func (windows) local() bool { return true }

func (windows) sees(n *node, input, axis, from, to int) (lo, hi int) {
	return from*n.stride[axis] + n.shift[input][axis], (to-1)*n.stride[axis] + n.span(axis) + n.shift[input][axis]
}

func (windows) seenBy(n *node, axis, from, to int) (lo, hi int) {
	return n.window.seenBy(axis, from, to)
}

func (windows) field(n *node, input int, dst, grad *region.Region, padded size) {
	dst.SetField(grad, region.Window{Kernel: n.kernel, Stride: n.stride, Dilation: n.dilation, Offset: n.shift[input]}, padded)
}

// everything is the receptive field of operations that read the whole of an input for each of their outputs.
type everything struct{}

func (everything) local() bool { return false }

func (everything) sees(n *node, input, axis, _, _ int) (lo, hi int) {
	return n.shift[input][axis], n.shift[input][axis] + n.in.Size()[axis]
}

func (everything) seenBy(n *node, axis, _, _ int) (lo, hi int) { return 0, n.out.Size()[axis] }

func (everything) field(_ *node, _ int, dst, grad *region.Region, padded size) {
	if grad.Empty() {
		dst.SetEmpty(padded)
		return
	}
	dst.SetFull(padded)
}

// noParameters is embedded in operations without any.
type noParameters struct{}

func (noParameters) prepare(*node, bool)              {}
func (noParameters) gradWeights(*backward, int, part) {}

func floorDiv(a, b int) int {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}

func ceilDiv(a, b int) int { return -floorDiv(-a, b) }
