package main

import (
	"cmp"
	"fmt"
	"os"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/lib/dims"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/run"
)

// classCount is what is known of the classes of the data.
type classCount struct {
	n      int   // 0: not known
	named  bool  // n is their number, not only that of the largest label and those below
	absent []int // those that no sample is of, if they are not named
}

// hint says what may be wrong with labels of which there are more than there should be.
func (c classCount) hint() string {
	switch {
	case lacksFirst(c.absent):
		return "; class 0 has no samples, and labels count from 0"
	case len(c.absent) > 0:
		return "; " + unlabelled(c.absent)
	}
	return ""
}

// origin is what training begins with, besides the data.
type origin struct {
	net    string         // preset or file; "": own
	file   *net.Network   // that in the file
	own    *net.Network   // that of the model that training begins with
	model  *models.Loaded // that of --init, if it has been read; of an .npz its scale alone
	arrays *arrays        // those of --init, if it is an .npz

	resize dims.Sides // what samples are resized to by the model that a run which is resumed began with; none if they are not
}

// readOrigin takes the network of the model that training begins with, unless --net names one: that of --init, or when a run
// that began so is resumed, that of the checkpoint. The network of the model that --config names stands for the file that it
// came from.
func readOrigin(c *config) (origin, error) {
	named := origin{net: c.Net}
	switch {
	case c.own != nil && c.own.file != "":
		return origin{net: c.own.file, file: c.own.net}, nil
	case c.own != nil && c.init == "":
		return origin{own: c.own.net}, nil
	case !models.IsPreset(c.Net):
		var err error
		if named.file, err = models.Network(c.Net, net.Shape{}, 0); err != nil {
			return origin{}, err
		}
	}
	if err := checkForeign(c.init); err != nil {
		return origin{}, err
	}
	switch {
	case c.init != "" && !c.netSet && isArchive(c.init):
		return origin{}, errNoNetwork(c.init)
	case c.init != "" && !c.netSet:
		m, err := models.Load(c.init, nil, c.Limits())
		if err != nil {
			return origin{}, err
		}
		return origin{own: m.Net, model: m}, nil
	case c.resume != "" && (!c.netSet || c.resize.None()):
		if info, err := os.Stat(c.resume); err != nil || !info.Mode().IsRegular() { // it may not be there yet; a pipe is read once
			return named, nil
		}
		m, err := models.Load(c.resume, nil, c.Limits())
		if err != nil {
			return origin{}, err
		}
		t, err := run.ParseTraining(m.Training)
		if err == nil && t.Settings.Net == "" && !c.netSet {
			named = origin{own: m.Net}
		}
		if err == nil && t.Settings.Resize == "" {
			named.resize = m.Resize
		}
	}
	return named, nil
}

// isPreset reports whether the network is a preset, which takes its input's shape from the data.
func (from origin) isPreset() bool { return models.IsPreset(from.net) }

// dimensions is the number of axes, besides channels, of the samples that the network takes; 0 for any.
func (from origin) dimensions() int {
	switch {
	case from.file != nil:
		return from.file.Input.Dimensions()
	case from.own != nil:
		return from.own.Input.Dimensions()
	}
	return 0
}

// channels is the number of channels of the samples that the network takes; 0 for any.
func (from origin) channels() int {
	switch {
	case from.file != nil:
		return from.file.Input.C
	case from.own != nil:
		return from.own.Input.C
	}
	return 0
}

// preset is the one of samples of the given shape. Where it is too deep for windows of them, it is that of the windows instead.
func (from origin) preset(c *config, in net.Shape, classes int) (*net.Network, error) {
	whole, err := models.Network(from.net, in, classes)
	if err != nil || c.train.Augment.Crop.None() || in == (net.Shape{}) {
		return whole, err
	}
	if _, err := c.train.Augment.Network(whole); err == nil {
		return whole, nil
	}
	shallow, err := models.Network(from.net, c.train.Augment.Shape(in), classes)
	if err == nil {
		shallow, err = shallow.On(in)
	}
	if err != nil {
		return whole, nil // training says what is wrong with the windows
	}
	return shallow, nil
}

// network builds the network for samples of the given shape.
func (from origin) network(c *config, in net.Shape, have classCount) (*net.Network, error) {
	classes, err := from.outputs(c, have)
	if err != nil {
		return nil, err
	}
	var network *net.Network
	switch {
	case from.file != nil:
		network = from.file.Clone()
	case from.own == nil:
		network, err = from.preset(c, in, classes)
	case classes == 0:
		network = from.own.Clone()
	default:
		network, err = from.own.WithOutputs(classes)
	}
	if err != nil {
		return nil, err
	}
	name := from.called(c)
	window := c.train.Augment.Shape(in)
	if from.own != nil && !c.train.Augment.Crop.None() && network.Input != in && network.Input != window { // windows of other samples
		if on, err := network.On(in); err == nil {
			network = on
		}
	}
	if in != (net.Shape{}) && network.Input != in && network.Input != window {
		return nil, &otherShape{name, network.Input, in}
	}
	outputs, err := network.Classes()
	if err != nil && from.file != nil {
		err = tool.Usagef("reading %s: %w", from.net, err)
	}
	if err != nil {
		return nil, err
	}
	switch {
	case loss.Binary(c.Loss):
		if outputs != 1 {
			return nil, fmt.Errorf("the network %s has %d outputs, but --loss %s needs 1", name, outputs, c.Loss)
		}
	case outputs < classes || have.named && outputs != classes:
		return nil, fmt.Errorf("the network %s has %d outputs, but there are %d classes%s", name, outputs, classes, have.hint())
	}
	if err := models.ApplyMasks(network, c.Masks); err != nil {
		return nil, err
	}
	if c.NoMasks {
		models.NoMasks(network)
	}
	return network, nil
}

// called is what the network is called in an error.
func (from origin) called(c *config) string {
	return cmp.Or(from.net, "of "+cmp.Or(c.init, c.resume, c.config))
}

// otherShape is the error of samples that have another shape than the network takes.
type otherShape struct {
	network   string
	takes, is net.Shape
}

// Error says both, and why that may be.
func (e *otherShape) Error() string {
	return fmt.Sprintf("the network %s takes %v, but the samples are %v%s", e.network, e.takes, e.is, models.AxesHint(e.is, e.takes))
}

// outputs is the number of scores that the network is to give a sample of data with that many classes; 0 if the
// network decides.
func (from origin) outputs(c *config, have classCount) (int, error) {
	classes := have.n
	if c.Classes > 0 {
		if classes > c.Classes || have.named && classes != c.Classes {
			return 0, tool.Usagef("--classes %d, but the data has %d%s", c.Classes, classes, have.hint())
		}
		classes = c.Classes
	}
	if loss.Binary(c.Loss) {
		if classes > 2 && c.Positive == "" {
			return 0, tool.Usagef("--loss %s tells two classes apart, but there are %d%s; name one with --positive, to tell it from the rest", c.Loss, classes, have.hint())
		}
		return 1, nil
	}
	if classes < 2 && from.isPreset() || classes == 1 && from.own != nil {
		return 0, fmt.Errorf("the data has %d class; a network needs two to tell apart, or --classes", classes)
	}
	return classes, nil
}
