package engine

import (
	"fmt"

	"backdrop/lib/dims"
	"backdrop/lib/finite"
	"backdrop/lib/mask"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// NotFinite is a number of a forward pass that is NaN or infinite.
type NotFinite struct {
	Value  float32
	Layer  int    // whose output, or whose parameter, it is; -1: the input
	Op     string // of the layer
	Param  string // name of the parameter; "": an output
	Sample int    // of the batch; -1 for a parameter
	At     []int  // channel, row, column; the index of a parameter
}

// String says what is not finite and where, such as "2.weight is NaN at [0 1 2 2]".
func (f *NotFinite) String() string {
	switch {
	case f.Param != "":
		return fmt.Sprintf("%s is %v at %v", f.Param, f.Value, f.At)
	case f.Layer < 0:
		return fmt.Sprintf("the input is %v at channel, row, column %v", f.Value, f.At)
	}
	return fmt.Sprintf("layer %d (%s) gave %v", f.Layer, f.Op, f.Value)
}

// FindNotFinite looks for what made the scores of a batch NaN or infinite: the first of a sample's inputs, of all
// parameters, and of the outputs of the layers, in their order, that is not finite. The samples looked at are those
// with such scores. masks are those of the step, nil in evaluation. It returns nil if there is nothing, and takes as
// long as a forward pass for every layer.
func FindNotFinite(n *net.Network, w *net.Weights, x []pixels.Source, masks net.Masks, threads int) (*NotFinite, error) {
	for s, v := range x {
		if value, i := pixels.FirstNotFinite(v, n.Input.C, n.Input.Size().Product()); i >= 0 {
			return &NotFinite{Value: value, Layer: -1, Sample: s, At: dims.Index(i, n.Input.Axes())}, nil
		}
	}
	for _, p := range w.Params {
		if i := finite.First(p.Data); i >= 0 {
			return &NotFinite{Value: p.Data[i], Layer: p.Layer, Op: n.Layers[p.Layer].Op, Param: p.Name, Sample: -1, At: dims.Index(i, p.Shape)}, nil
		}
	}
	samples := make([]int, len(x))
	for s := range x {
		samples[s] = s
	}
	_, samples, err := firstNotFinite(n, len(n.Layers), w, x, masks, samples, threads)
	if err != nil {
		return nil, err
	}
	for layers := range len(n.Layers) + 1 {
		found, _, err := firstNotFinite(n, layers, w, x, masks, samples, threads)
		if found != nil || err != nil {
			return found, err
		}
	}
	return nil, nil
}

// firstNotFinite takes the samples one by one through the first layers of the network, and returns the first output that
// is not finite and all samples with such outputs.
func firstNotFinite(n *net.Network, layers int, w *net.Weights, x []pixels.Source, masks net.Masks, samples []int, threads int) (first *NotFinite, all []int, err error) {
	if len(samples) == 0 || layers == 0 {
		return nil, nil, nil
	}
	part := &net.Network{Input: n.Input, Layers: n.Layers[:layers]}
	r, err := NewRunner(part, w, threads)
	if err != nil {
		return nil, nil, err
	}
	shape := r.shapes[layers-1]
	for _, s := range samples {
		out := r.Forward(x[s:s+1], dropouts(part, masks, s))[0]
		i := finite.First(out)
		if i < 0 {
			continue
		}
		if all = append(all, s); first == nil {
			first = &NotFinite{Value: out[i], Layer: layers - 1, Op: n.Layers[layers-1].Op, Sample: s, At: dims.Index(i, shape.Axes())}
		}
	}
	return first, all, nil
}

// dropouts returns the masks of one sample that change its outputs: those of the dropout layers.
func dropouts(n *net.Network, masks net.Masks, sample int) net.Masks {
	if masks == nil {
		return nil
	}
	own := net.Masks{}
	for i, l := range n.Layers {
		if m := masks[i]; m != nil && l.Op == "dropout" {
			size := len(m.Keep) / m.Shape[0]
			own[i] = &mask.Mask{Axes: m.Axes, Shape: [5]int{1, m.Shape[1], m.Shape[2], m.Shape[3], m.Shape[4]}, Keep: m.Keep[sample*size:][:size], Factor: m.Factor}
		}
	}
	return own
}
