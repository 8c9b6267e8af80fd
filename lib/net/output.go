package net

import (
	"fmt"
)

// What the kinds of layers ask of themselves and of their input, and the shape of their output.

func sameShape(_ Layer, in []Shape) (Shape, error) { return in[0], nil }

func convOutput(l Layer, inputs []Shape) (Shape, error) {
	in := inputs[0]
	if err := l.checkWindow(in); err != nil {
		return in, err
	}
	if l.Pad >= l.Kernel {
		return in, fmt.Errorf("pad=%d must be less than kernel=%d", l.Pad, l.Kernel)
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
	if l.Pad > l.Kernel/2 {
		return in, fmt.Errorf("pad=%d must be at most half of kernel=%d", l.Pad, l.Kernel)
	}
	s, err := l.windows(in)
	if err != nil {
		return in, err
	}
	return s, s.checkOutput()
}

func (l Layer) checkWindow(in Shape) error {
	if l.Kernel < 1 || l.Stride < 1 || l.Pad < 0 || max(l.Kernel, l.Stride) > maxExtent {
		return fmt.Errorf("kernel=%d stride=%d pad=%d: kernel and stride must be between 1 and %d, pad not negative", l.Kernel, l.Stride, l.Pad, maxExtent)
	}
	return nil
}

// windows is the shape of a layer with as many channels as its input and a pixel for every window.
func (l Layer) windows(in Shape) (Shape, error) {
	h, w := in.H+2*l.Pad, in.W+2*l.Pad
	if h < l.Kernel || w < l.Kernel {
		return in, fmt.Errorf("kernel=%d is larger than its padded input %d×%d", l.Kernel, h, w)
	}
	return Shape{in.C, (h-l.Kernel)/l.Stride + 1, (w-l.Kernel)/l.Stride + 1}, nil
}

func linearOutput(l Layer, inputs []Shape) (Shape, error) {
	in := inputs[0]
	if in.H != 1 || in.W != 1 {
		return in, fmt.Errorf("needs one row and one column; put gap or flatten before it")
	}
	s := Shape{l.Out, 1, 1}
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
	return in[0], nil
}

func addOutput(l Layer, in []Shape) (Shape, error) {
	if in[0] != in[1] {
		return in[0], fmt.Errorf("cannot add %s, which is %v", l.From, in[1])
	}
	return in[0], nil
}
