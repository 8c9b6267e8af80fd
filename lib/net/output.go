package net

import (
	"fmt"

	"backdrop/lib/mask"
)

// What the kinds of layers ask of themselves and of their input, and the shape of their output.

func sameShape(_ Layer, in []Shape) (Shape, error) { return in[0], nil }

func convOutput(l Layer, inputs []Shape) (Shape, error) {
	in := inputs[0]
	if err := l.checkWindow(in); err != nil {
		return in, err
	}
	for axis, pad := range l.Pad {
		if pad > 0 && pad >= l.Span(axis) {
			return in, fmt.Errorf("pad=%d must be less than %s", pad, l.spanText(axis))
		}
	}
	if l.WS && in.C*l.Kernel.Product() == 1 {
		return in, fmt.Errorf("ws=true needs more than one weight for each output channel")
	}
	s, err := l.windows(in)
	if err != nil {
		return in, err
	}
	s.C = l.Out
	return s, l.checkWeights(in, s)
}

func poolOutput(l Layer, inputs []Shape) (Shape, error) {
	in := inputs[0]
	if err := l.checkWindow(in); err != nil {
		return in, err
	}
	for axis, pad := range l.Pad {
		if pad > l.Kernel[axis]/2 {
			return in, fmt.Errorf("pad=%d must be at most half of kernel=%d", pad, l.Kernel[axis])
		}
		if extent := in.Size()[axis]; l.Dilate[axis] > extent && l.Kernel[axis] > 1 { // a window could see nothing
			return in, fmt.Errorf("dilation=%d must be at most the input's extent %d", l.Dilate[axis], extent)
		}
	}
	s, err := l.windows(in)
	if err != nil {
		return in, err
	}
	return s, s.checkOutput()
}

func (l Layer) checkWindow(in Shape) error {
	for axis, kernel := range l.Kernel {
		stride, pad, dilate := l.Stride[axis], l.Pad[axis], l.Dilate[axis]
		dimensions := in.Dimensions()
		if min(kernel, stride) < 1 || pad < 0 || max(kernel, stride) > maxExtent {
			return fmt.Errorf("kernel=%s stride=%s pad=%s: kernel and stride must be between 1 and %d, pad not negative", l.Kernel.Text(dimensions), l.Stride.Text(dimensions), l.Pad.Text(dimensions), maxExtent)
		}
		if dilate < 1 {
			return fmt.Errorf("dilation=%s must be positive", l.Dilate.Text(dimensions))
		}
		if dilate > maxExtent || (kernel-1)*dilate >= maxExtent {
			return fmt.Errorf("kernel=%s dilation=%s: a window can extend over at most %d pixels", l.Kernel.Text(dimensions), l.Dilate.Text(dimensions), maxExtent)
		}
	}
	return nil
}

// windows is the shape of a layer with as many channels as its input and a pixel for every window.
func (l Layer) windows(in Shape) (Shape, error) {
	padded, out := in.Size(), Size{}
	for axis := range padded {
		padded[axis] += 2 * l.Pad[axis]
	}
	for axis, n := range padded {
		if n < l.Span(axis) {
			return in, fmt.Errorf("%s is larger than its padded input %s", l.spanText(axis), in.with(0, padded).String()[len("0×"):])
		}
		out[axis] = (n-l.Span(axis))/l.Stride[axis] + 1
	}
	return in.with(in.C, out), nil
}

// spanText is the extent of a window along an axis, for errors.
func (l Layer) spanText(axis int) string {
	if l.Dilate[axis] > 1 {
		return fmt.Sprintf("kernel=%d with dilation=%d, which extends over %d pixels,", l.Kernel[axis], l.Dilate[axis], l.Span(axis))
	}
	return fmt.Sprintf("kernel=%d", l.Kernel[axis])
}

func linearOutput(l Layer, inputs []Shape) (Shape, error) {
	in := inputs[0]
	if in.Size().Product() != 1 {
		return in, fmt.Errorf("needs one pixel; put gap, gmp or flatten before it")
	}
	s := in.with(l.Out, Size{1, 1, 1})
	return s, l.checkWeights(in, s)
}

func (s Shape) checkOutput() error {
	if err := s.check(); err != nil {
		return fmt.Errorf("output %w", err)
	}
	return nil
}

// checkWeights checks the output of a layer with weights, and their number.
func (l Layer) checkWeights(in, s Shape) error {
	if err := s.checkOutput(); err != nil {
		return err
	}
	weights := maxElements / l.Out
	for _, d := range l.kind().weight(l, in)[1:] {
		if weights /= d; weights == 0 {
			return fmt.Errorf("has more than %d weights", int64(maxElements))
		}
	}
	return nil
}

func leakyOutput(l Layer, in []Shape) (Shape, error) {
	if !(l.Slope > 0 && l.Slope < 1) {
		return in[0], fmt.Errorf("slope=%v must be more than 0 and less than 1", l.Slope)
	}
	return in[0], nil
}

func dropoutOutput(l Layer, in []Shape) (Shape, error) {
	if !(l.P >= 0 && l.P < 1) {
		return in[0], fmt.Errorf("p=%v must be at least 0 and less than 1", l.P)
	}
	return in[0], nil
}

func backdropOutput(l Layer, in []Shape) (Shape, error) {
	if !(l.P >= 0 && l.P <= 1) {
		return in[0], fmt.Errorf("p=%v must lie between 0 and 1", l.P)
	}
	if l.Name == "" || l.Axes == 0 {
		return in[0], fmt.Errorf("needs name= and axes=, such as name=fine axes=HW")
	}
	return in[0], in[0].CheckMaskAxes(l.Axes)
}

// CheckMaskAxes returns an error if the axes of a mask are not all among those of batches of samples like s.
func (s Shape) CheckMaskAxes(axes mask.Axes) error {
	kind, all := "images", mask.N|mask.C|mask.H|mask.W
	switch s.Dimensions() {
	case 1:
		kind, all = "sequences", mask.N|mask.C|mask.W
	case 3:
		return nil
	}
	if extra := axes &^ all; extra != 0 {
		return fmt.Errorf("axes=%v: masks of %s have the axes %v, and no %v", axes, kind, all, extra)
	}
	return nil
}

func groupNormOutput(l Layer, in []Shape) (Shape, error) {
	if l.Groups < 1 {
		return in[0], fmt.Errorf("groups=%d must be positive, and divide the %d channels", l.Groups, in[0].C)
	}
	if in[0].C%l.Groups != 0 {
		return in[0], fmt.Errorf("groups=%d does not divide the %d channels", l.Groups, in[0].C)
	}
	if in[0].Len() == l.Groups {
		return in[0], fmt.Errorf("groups=%d leaves one value to a group, which becomes 0", l.Groups)
	}
	return in[0], nil
}

// concatOutput has the channels of both inputs.
func concatOutput(l Layer, in []Shape) (Shape, error) {
	if in[0].Size() != in[1].Size() {
		return in[0], fmt.Errorf("cannot append the channels of %s, which is %v", l.From, in[1])
	}
	s := in[0].with(in[0].C+in[1].C, in[0].Size())
	return s, s.checkOutput()
}

func addOutput(l Layer, in []Shape) (Shape, error) {
	if in[0] != in[1] {
		return in[0], fmt.Errorf("cannot add %s, which is %v", l.From, in[1])
	}
	return in[0], nil
}
