package nn

import (
	"fmt"
	"regexp"
	"slices"

	"backdrop/lib/mask"
)

// Shape is the extent of one sample's tensor: channels, rows, columns.
type Shape struct{ C, H, W int }

// Len is the number of elements.
func (s Shape) Len() int { return s.C * s.H * s.W }

func (s Shape) String() string { return fmt.Sprintf("%d×%d×%d", s.C, s.H, s.W) }

// Layer is one layer of a network. Which fields mean something depends on Op; see the table ops.
type Layer struct {
	Op     string
	Name   string    // backdrop: what --mask and pictures call it; unique
	Out    int       // conv, linear: output channels
	Kernel int       // conv, pools: rows and columns of the window
	Stride int       // conv (default 1), pools (default Kernel)
	Pad    int       // conv, pools: zeros (max pooling: nothing) on every side
	P      float64   // backdrop, dropout: probability that a cell is blocked
	Slope  float64   // leakyrelu: slope below zero
	Axes   mask.Axes // backdrop: the axes that have cells of their own
}

// Network is a chain of layers and the shape of the samples it takes.
type Network struct {
	Input  Shape
	Layers []Layer
}

// maxElements bounds every tensor of a network (2³⁴ float32 are 64 GiB) so that no product of sizes overflows.
const maxElements = 1 << 34

// maxExtent bounds each size on its own, but for what flatten makes.
const maxExtent = 1 << 24

// Shapes returns the output shape of every layer, or an error that names the first layer that does not fit.
func (n *Network) Shapes() ([]Shape, error) {
	in := n.Input
	if !inBounds(in) {
		return nil, fmt.Errorf("nn: input %v: each size must be between 1 and %d, and their product at most %d", in, maxExtent, int64(maxElements))
	}
	shapes := make([]Shape, len(n.Layers))
	names := map[string]bool{}
	g := ownPixel
	for i, l := range n.Layers {
		out, err := l.output(in)
		if err != nil {
			return nil, fmt.Errorf("nn: layer %d (%s) on input %v: %w", i, l.Op, in, err)
		}
		if g = g.behind(l, n.Input); max(g.Field, g.Stride) > maxElements {
			return nil, fmt.Errorf("nn: layer %d (%s): a cell sees %d pixels a side, and the next one begins after %d; the limit is %d", i, l.Op, g.Field, g.Stride, int64(maxElements))
		}
		if l.Op == "backdrop" {
			if names[l.Name] {
				return nil, fmt.Errorf("nn: layer %d: there is a backdrop layer named %q already", i, l.Name)
			}
			names[l.Name] = true
		}
		shapes[i], in = out, out
	}
	return shapes, nil
}

// Output returns the shape of the network's output.
func (n *Network) Output() (Shape, error) {
	shapes, err := n.Shapes()
	if err != nil || len(shapes) == 0 {
		return n.Input, err
	}
	return shapes[len(shapes)-1], nil
}

// Classes returns the number of scores that the network gives a sample; its last layer must leave one row and one
// column.
func (n *Network) Classes() (int, error) {
	out, err := n.Output()
	if err != nil {
		return 0, err
	}
	if out.H != 1 || out.W != 1 {
		return 0, fmt.Errorf("nn: the network ends in %v, not in one score a class; end it with gap or flatten, and linear", out)
	}
	return out.C, nil
}

// WithOutputs returns a copy of the network that gives a sample that many scores. If it gives another number, the outputs of
// its last layer with weights are changed.
func (n *Network) WithOutputs(outputs int) (*Network, error) {
	changed := n.Clone()
	if got, err := n.Classes(); err != nil || got == outputs {
		return changed, err
	}
	for i := len(n.Layers) - 1; i >= 0; i-- {
		l := &changed.Layers[i]
		if l.Op != "conv" && l.Op != "linear" {
			continue
		}
		l.Out = outputs
		break
	}
	if got, err := changed.Classes(); err != nil || got != outputs {
		return nil, fmt.Errorf("nn: the network has no last layer whose outputs are the scores, to make them %d", outputs)
	}
	return changed, nil
}

// Clone returns a copy of the network.
func (n *Network) Clone() *Network { return &Network{n.Input, slices.Clone(n.Layers)} }

// Backdrops returns the indices of the backdrop layers.
func (n *Network) Backdrops() []int {
	var at []int
	for i, l := range n.Layers {
		if l.Op == "backdrop" {
			at = append(at, i)
		}
	}
	return at
}

var layerName = regexp.MustCompile(`^[\pL\pN_.-]{1,40}$`)

func inBounds(s Shape) bool {
	for _, v := range []int{s.C, s.H, s.W} {
		if v < 1 || v > maxExtent {
			return false
		}
	}
	return s.C <= maxElements/s.H/s.W
}

// output checks the layer and returns the shape that it makes of in.
func (l Layer) output(in Shape) (Shape, error) {
	switch l.Op {
	case "conv", "maxpool", "avgpool":
		if l.Kernel < 1 || l.Stride < 1 || l.Pad < 0 || max(l.Kernel, l.Stride) > maxExtent {
			return in, fmt.Errorf("kernel=%d stride=%d pad=%d: kernel and stride must be between 1 and %d, pad not negative", l.Kernel, l.Stride, l.Pad, maxExtent)
		}
		if l.Op == "conv" && l.Pad >= l.Kernel {
			return in, fmt.Errorf("pad=%d must be less than kernel=%d", l.Pad, l.Kernel)
		}
		if l.Op != "conv" && l.Pad > l.Kernel/2 {
			return in, fmt.Errorf("pad=%d must be at most half of kernel=%d", l.Pad, l.Kernel)
		}
		if in.H+2*l.Pad < l.Kernel || in.W+2*l.Pad < l.Kernel {
			return in, fmt.Errorf("kernel=%d is larger than its padded input %d×%d", l.Kernel, in.H+2*l.Pad, in.W+2*l.Pad)
		}
		out := Shape{in.C, (in.H+2*l.Pad-l.Kernel)/l.Stride + 1, (in.W+2*l.Pad-l.Kernel)/l.Stride + 1}
		if l.Op == "conv" {
			out.C = l.Out
		}
		return out, l.checkOut(in, out)
	case "linear":
		if in.H != 1 || in.W != 1 {
			return in, fmt.Errorf("needs one row and one column; put gap or flatten before it")
		}
		out := Shape{l.Out, 1, 1}
		return out, l.checkOut(in, out)
	case "gap":
		return Shape{in.C, 1, 1}, nil
	case "flatten":
		return Shape{in.Len(), 1, 1}, nil
	case "relu":
		return in, nil
	case "leakyrelu":
		if !(l.Slope > 0 && l.Slope < 1) {
			return in, fmt.Errorf("slope=%v must lie between 0 and 1", l.Slope)
		}
		return in, nil
	case "dropout":
		if !(l.P >= 0 && l.P < 1) {
			return in, fmt.Errorf("p=%v must be at least 0 and less than 1", l.P)
		}
		return in, nil
	case "backdrop":
		if !(l.P >= 0 && l.P <= 1) {
			return in, fmt.Errorf("p=%v must lie between 0 and 1", l.P)
		}
		if l.Name == "" || l.Axes == 0 {
			return in, fmt.Errorf("needs name= and axes=, such as name=fine axes=HW")
		}
		if !layerName.MatchString(l.Name) {
			return in, fmt.Errorf("name=%q must be made of letters, digits and the signs . _ -", clip(l.Name))
		}
		return in, nil
	}
	return in, fmt.Errorf("there is no such layer")
}

func (l Layer) checkOut(in, out Shape) error {
	if !inBounds(out) {
		return fmt.Errorf("output %v: each size must be between 1 and %d, and their product at most %d", out, maxExtent, int64(maxElements))
	}
	if l.Op == "conv" && in.C > maxElements/l.Out/l.Kernel/l.Kernel || l.Op == "linear" && in.C > maxElements/l.Out {
		return fmt.Errorf("has more than %d weights", int64(maxElements))
	}
	return nil
}

// Geometry says which part of the input one cell of a layer's output sees: cell i of a row or column sees the input
// pixels from i·Stride+Offset up to but without i·Stride+Offset+Field, as far as they lie in the image.
// (V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", 2016.)
type Geometry struct{ Field, Stride, Offset int }

// Geometry returns the geometry of every layer's output. Behind gap, flatten and linear a cell sees everything.
func (n *Network) Geometry() ([]Geometry, error) {
	if _, err := n.Shapes(); err != nil {
		return nil, err
	}
	g := ownPixel
	all := make([]Geometry, len(n.Layers))
	for i, l := range n.Layers {
		g = g.behind(l, n.Input)
		all[i] = g
	}
	return all, nil
}

// ownPixel is the geometry of the input itself.
var ownPixel = Geometry{Field: 1, Stride: 1}

// behind is the geometry of the output of a layer whose input has geometry g.
func (g Geometry) behind(l Layer, image Shape) Geometry {
	switch l.Op {
	case "conv", "maxpool", "avgpool":
		g.Field += (l.Kernel - 1) * g.Stride
		g.Offset -= l.Pad * g.Stride
		g.Stride *= l.Stride
	case "gap", "flatten", "linear":
		side := max(image.H, image.W)
		g = Geometry{Field: side, Stride: side}
	}
	return g
}
