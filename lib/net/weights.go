package net

import (
	"fmt"
	"math"
	"slices"

	"backdrop/lib/rng"
)

// Param is one parameter array of a layer, with its gradient.
type Param struct {
	Name  string // "<layer>.weight" or "<layer>.bias", the layer counted from 0, as in PyTorch's Sequential
	Shape []int  // PyTorch's order: [out, in, kernel, kernel] or [out, in]; [out]
	Layer int
	Start float32 // of an array that is not drawn: biases 0, factors of channels 1
	Data  []float32
	Grad  []float32
}

// Size is the number of elements.
func (p Param) Size() int {
	size := 1
	for _, d := range p.Shape {
		size *= d
	}
	return size
}

// Weights are the parameters of a network, in the order of its layers, weight before bias.
type Weights struct{ Params []*Param }

// NewWeights returns the network's parameters, all zero.
func NewWeights(n *Network) (*Weights, error) {
	w := &Weights{}
	all, err := ParamShapes(n)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		p.Data, p.Grad = make([]float32, p.Size()), make([]float32, p.Size())
		w.Params = append(w.Params, &p)
	}
	return w, nil
}

// ParamShapes returns the parameters of a network without their data.
func ParamShapes(n *Network) ([]Param, error) {
	shapes, err := n.Shapes()
	if err != nil {
		return nil, err
	}
	var all []Param
	for i, l := range n.Layers {
		if weight := l.kind().weight; weight != nil {
			start := float32(0)
			if l.kind().factors {
				start = 1
			}
			shape := weight(l, pick(shapes, n.Inputs(i), n.Input)[0])
			all = append(all,
				Param{Name: fmt.Sprintf("%d.weight", i), Shape: shape, Layer: i, Start: start},
				Param{Name: fmt.Sprintf("%d.bias", i), Shape: shape[:1], Layer: i})
		}
	}
	return all, nil
}

// Layer returns the weight and the bias of a layer, nil if it has none.
func (w *Weights) Layer(layer int) (weight, bias *Param) {
	for i, p := range w.Params {
		if p.Layer == layer {
			return p, w.Params[i+1]
		}
	}
	return nil, nil
}

// Init draws the weights from a normal distribution of deviation √(2/fan-in) and sets biases to zero and the factors of
// normalisations to one
// (K. He, X. Zhang, S. Ren, J. Sun, "Delving Deep into Rectifiers", ICCV 2015, eq. 10).
func (w *Weights) Init(seed uint64) {
	for _, p := range w.Params {
		if len(p.Shape) == 1 {
			for i := range p.Data {
				p.Data[i] = p.Start
			}
			continue
		}
		fanIn := 1
		for _, d := range p.Shape[1:] {
			fanIn *= d
		}
		r := rng.New(seed, rng.Init, uint64(p.Layer))
		deviation := math.Sqrt(2 / float64(fanIn))
		for i := range p.Data {
			p.Data[i] = float32(r.NormFloat64() * deviation)
		}
	}
}

// ZeroGrad sets the gradients to zero.
func (w *Weights) ZeroGrad() {
	for _, p := range w.Params {
		clear(p.Grad)
	}
}

// Set copies data into the parameter with that name.
func (w *Weights) Set(name string, shape []int, data []float32) error {
	for _, p := range w.Params {
		if p.Name != name {
			continue
		}
		if !slices.Equal(p.Shape, shape) {
			return fmt.Errorf("net: parameter %s has shape %v, the network needs %v", name, shape, p.Shape)
		}
		copy(p.Data, data)
		return nil
	}
	return fmt.Errorf("net: the network has no parameter %q", clip(name))
}
