package main

import (
	"fmt"
	"slices"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/lib/machine"
	"backdrop/lib/nn"
)

// network builds the network for samples of the given shape.
func (o *options) network(in nn.Shape, classes int, named bool) (*nn.Network, error) {
	if o.Classes > 0 {
		if classes > o.Classes || named && classes != o.Classes {
			return nil, tool.Usagef("--classes %d, but the data has %d", o.Classes, classes)
		}
		classes = o.Classes
	}
	if classes < 2 && models.IsPreset(o.Net) {
		return nil, fmt.Errorf("the data has %d class; a network needs two to tell apart, or --classes", classes)
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
	if outputs < classes || named && outputs != classes {
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

// fitsMemory refuses a network whose training step needs more memory than the machine has.
func (o *options) fitsMemory(net *nn.Network, d *samples) error {
	batch := o.Batch
	if d.data != nil {
		batch = min(batch, d.data.Len())
	}
	need, err := nn.StepMemory(net, batch, o.Threads)
	if err != nil {
		return err
	}
	if have := machine.Memory(); need > have {
		return fmt.Errorf("a step of %d samples needs %s of memory, this machine has %s; try a smaller network or batch", batch, tool.FormatSize(need), tool.FormatSize(have))
	}
	return nil
}

// initialise sets the weights: drawn from the seed, or those of --init.
func (o *options) initialise(w *nn.Weights) error {
	w.Init(o.Seed)
	if o.init == "" {
		return nil
	}
	m, err := models.Load(o.init, nil)
	if err != nil {
		return err
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
