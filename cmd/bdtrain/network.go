package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/stream"
	"backdrop/lib/loss"
	"backdrop/lib/net"
)

// classCount is what is known of the classes of the data.
type classCount struct {
	n       int  // 0: not known
	named   bool // n is their number, not only that of the largest label and those below
	noFirst bool // no sample is of class 0
}

// hint says what may be wrong with labels of which there are more than there should be.
func (c classCount) hint() string {
	if !c.noFirst {
		return ""
	}
	return "; class 0 has no samples, and labels count from 0"
}

// takeNetwork takes the network of the model that training begins with, unless --net names one: that of --init, or when a run
// that began so is resumed, that of the checkpoint.
func (o *options) takeNetwork() error {
	switch {
	case o.netSet:
	case o.init != "":
		m, err := models.Load(o.init, nil, o.Limits())
		if err != nil {
			return err
		}
		o.Net, o.own, o.start = "", m.Net, m
	case o.resume != "":
		if info, err := os.Stat(o.resume); err != nil || !info.Mode().IsRegular() { // it may not be there yet; a pipe is read once
			return nil
		}
		m, err := models.Load(o.resume, nil, o.Limits())
		if err != nil {
			return err
		}
		var t training
		if json.Unmarshal(m.Training, &t) == nil && m.Training != nil && t.Settings.Net == "" {
			o.Net, o.own = "", m.Net
		}
	}
	return nil
}

// network builds the network for samples of the given shape.
func (o *options) network(in net.Shape, c classCount) (*net.Network, error) {
	classes, err := o.outputs(c)
	if err != nil {
		return nil, err
	}
	var network *net.Network
	switch {
	case o.own == nil:
		network, err = models.Network(o.Net, in, classes)
	case classes == 0:
		network = o.own.Clone()
	default:
		network, err = o.own.WithOutputs(classes)
	}
	if err != nil {
		return nil, err
	}
	name := cmp.Or(o.Net, "of "+cmp.Or(o.init, o.resume))
	if in != (net.Shape{}) && network.Input != in {
		return nil, fmt.Errorf("the network %s takes %v, but the samples are %v%s", name, network.Input, in, models.AxesHint(in, network.Input))
	}
	outputs, err := network.Classes()
	if err != nil {
		return nil, err
	}
	switch {
	case loss.Binary(o.Loss):
		if outputs != 1 {
			return nil, fmt.Errorf("the network %s has %d outputs, but --loss %s needs 1", name, outputs, o.Loss)
		}
	case outputs < classes || c.named && outputs != classes:
		return nil, fmt.Errorf("the network %s has %d outputs, but there are %d classes%s", name, outputs, classes, c.hint())
	}
	if err := models.ApplyMasks(network, o.Masks); err != nil {
		return nil, err
	}
	if o.NoMasks {
		models.NoMasks(network)
	}
	return network, nil
}

// outputs is the number of scores that the network is to give a sample of data with that many classes; 0 if it is for the
// network to say.
func (o *options) outputs(c classCount) (int, error) {
	classes := c.n
	if o.Classes > 0 {
		if classes > o.Classes || c.named && classes != o.Classes {
			return 0, tool.Usagef("--classes %d, but the data has %d%s", o.Classes, classes, c.hint())
		}
		classes = o.Classes
	}
	if loss.Binary(o.Loss) {
		if classes > 2 && o.Positive == "" {
			return 0, tool.Usagef("--loss %s tells two classes apart, but there are %d%s; name one with --positive, to tell it from the rest", o.Loss, classes, c.hint())
		}
		return 1, nil
	}
	if classes < 2 && models.IsPreset(o.Net) || classes == 1 && o.own != nil {
		return 0, fmt.Errorf("the data has %d class; a network needs two to tell apart, or --classes", classes)
	}
	return classes, nil
}

// otherClasses says that the outputs of --init's model stand for other classes than those of the data; "" if they do not, or
// if one of both does not name its classes.
func (o *options) otherClasses(m *models.Loaded, d *samples) string {
	switch {
	case !d.named || len(m.Classes) == 0:
		return ""
	case d.target.binary:
		if positive := className(d.classes, d.target.positive); m.Positive != "" && m.Positive != positive {
			return fmt.Sprintf("its output tells %s from the others, this one %s", stream.Quote(m.Positive), stream.Quote(positive))
		}
	case !slices.Equal(m.Classes, d.classes):
		return fmt.Sprintf("its classes are %s, those of the data %s", stream.List(m.Classes), stream.List(d.classes))
	}
	return ""
}

// initialise sets the weights: drawn from the seed, or those of --init. Of these it leaves out the last layer if that has
// another number of outputs or stands for other classes, and says so in a line.
func (o *options) initialise(w *net.Weights, d *samples) (notice string, err error) {
	w.Init(o.Seed)
	m := o.start
	if m == nil {
		return "", nil
	}
	given := m.Weights.Params
	if len(given) != len(w.Params) {
		return "", fmt.Errorf("--init %s: its network has %d parameters, this one %d", o.init, len(given), len(w.Params))
	}
	head := len(given)
	if last := head - 2; last >= 0 && given[last].Name == w.Params[last].Name && slices.Equal(given[last].Shape[1:], w.Params[last].Shape[1:]) {
		if there, here := given[last].Shape[0], w.Params[last].Shape[0]; there != here {
			head = last
			notice = fmt.Sprintf("--init %s: its network has %d outputs, this one %d; the last layer with weights, %d, starts anew", o.init, there, here, given[last].Layer)
		} else if other := o.otherClasses(m, d); other != "" {
			head = last
			notice = fmt.Sprintf("--init %s: %s; the last layer with weights, %d, starts anew", o.init, other, given[last].Layer)
		}
	}
	for i, p := range given[:head] {
		if q := w.Params[i]; p.Name != q.Name || !slices.Equal(p.Shape, q.Shape) {
			return "", fmt.Errorf("--init %s: its parameter %s has shape %v, this network needs %s of shape %v", o.init, p.Name, p.Shape, q.Name, q.Shape)
		}
		copy(w.Params[i].Data, p.Data)
	}
	return notice, nil
}
