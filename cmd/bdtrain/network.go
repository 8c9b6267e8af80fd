package main

import (
	"fmt"
	"slices"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/lib/loss"
	"backdrop/lib/nn"
)

// network builds the network for samples of the given shape.
func (o *options) network(in nn.Shape, classes int, named bool) (*nn.Network, error) {
	classes, err := o.outputs(classes, named)
	if err != nil {
		return nil, err
	}
	net, err := models.Network(o.Net, in, classes)
	if err != nil {
		return nil, err
	}
	if in != (nn.Shape{}) && net.Input != in {
		return nil, fmt.Errorf("the network %s takes %v, but the samples are %v", o.Net, net.Input, in)
	}
	outputs, err := net.Classes()
	if err != nil {
		return nil, err
	}
	switch {
	case loss.Binary(o.Loss):
		if outputs != 1 {
			return nil, fmt.Errorf("the network %s has %d outputs, but --loss %s needs 1", o.Net, outputs, o.Loss)
		}
	case outputs < classes || named && outputs != classes:
		return nil, fmt.Errorf("the network %s has %d outputs, but there are %d classes", o.Net, outputs, classes)
	}
	if err := models.ApplyMasks(net, o.Masks); err != nil {
		return nil, err
	}
	if o.NoMasks {
		models.NoMasks(net)
	}
	return net, nil
}

// outputs is the number of scores that the network is to give a sample of data with that many classes.
func (o *options) outputs(classes int, named bool) (int, error) {
	if o.Classes > 0 {
		if classes > o.Classes || named && classes != o.Classes {
			return 0, tool.Usagef("--classes %d, but the data has %d", o.Classes, classes)
		}
		classes = o.Classes
	}
	if loss.Binary(o.Loss) {
		if classes > 2 && o.Positive == "" {
			return 0, tool.Usagef("--loss %s tells two classes apart, but there are %d; name one with --positive, to tell it from the rest", o.Loss, classes)
		}
		return 1, nil
	}
	if classes < 2 && models.IsPreset(o.Net) {
		return 0, fmt.Errorf("the data has %d class; a network needs two to tell apart, or --classes", classes)
	}
	return classes, nil
}

// initialise sets the weights: drawn from the seed, or those of --init.
func (o *options) initialise(w *nn.Weights) error {
	w.Init(o.Seed)
	m := o.start
	if m == nil {
		return nil
	}
	if len(m.Weights.Params) != len(w.Params) {
		return fmt.Errorf("--init %s: its network has %d parameters, this one %d", o.init, len(m.Weights.Params), len(w.Params))
	}
	for i, p := range m.Weights.Params {
		if q := w.Params[i]; p.Name != q.Name || !slices.Equal(p.Shape, q.Shape) {
			return fmt.Errorf("--init %s: its parameter %s has shape %v, this network needs %s of shape %v", o.init, p.Name, p.Shape, q.Name, q.Shape)
		}
		copy(w.Params[i].Data, p.Data)
	}
	return nil
}
