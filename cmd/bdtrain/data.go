package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/lib/data"
	"backdrop/lib/dims"
	"backdrop/lib/net"
	"backdrop/lib/run"
	"backdrop/lib/scale"
)

// samples are what a run trains on, a set or samples that are read once, and what it validates on.
type samples struct {
	c       *config
	from    origin
	shape   net.Shape // of all or, where they differ in size, the largest extent along each axis; where they are read once, of the first
	own     net.Shape // of the first, before it was resized; the zero Shape if samples are not
	classes []string  // may be empty if the samples are read once
	named   bool      // the data names the classes
	absent  []int     // classes below the largest label that no sample is of, where labels are numbers that are known before training
	notices *tool.Notices
	shown   *progress
	target  data.Target
	set     *data.Set // nil: they are read once
	once    *onePass
	val     *data.Set
	close   []io.Closer

	reach              float32     // of the set (dataset.Options.Reach)
	valShape           net.Shape   // of the samples to validate on, as shape
	attribute          string      // digest of the values of --attribute
	groups             string      // and of --groups
	trained, validated map[int]int // samples of each class, of sets

	moments scale.Moments // of the set
	scale   scale.Normalisation
}

// Close closes the files.
func (d *samples) Close() {
	for _, c := range d.close {
		c.Close()
	}
}

// openSamples opens the training and validation data.
func openSamples(ctx context.Context, s tool.Stdio, c *config, from origin, shown *progress) (*samples, error) {
	stdin, err := standardInput(ctx, s, c)
	if err != nil {
		return nil, err
	}
	d := &samples{c: c, from: from, shown: shown, notices: s.NewNotices("bdtrain")}
	if c.init != "" && from.model == nil {
		if err := d.from.readInit(c); err != nil {
			return nil, err
		}
	}
	options := dataset.Options{X: c.x, Y: c.y, Labels: c.labels, Axes: c.layout, Dimensions: d.from.dimensions(), Channels: d.from.channels(), Memory: sampleMemory(c), Limits: c.Limits(), Room: c.room(), InPlace: true, NeedLabels: true, Reading: shown.reading, Note: d.notices.Add,
		Resize: d.resize(), Sizes: d.windows()}
	shown.read("reading "+tool.InputName(c.data), 0)
	if c.readsOnce() && !dataset.IsFolder(c.data) { // whose classes are known when all samples are
		err = d.openOnce(stdin, options)
	} else {
		err = d.openSet(stdin, options)
	}
	if err == nil && c.val != "" {
		shown.read("reading "+tool.InputName(c.val), 0)
		err = d.openVal(stdin, options)
	}
	if err == nil {
		err = d.checkInit()
	}
	if err == nil {
		err = d.checkClasses()
	}
	if err == nil && d.set != nil && !c.printNet {
		err = d.measure(ctx)
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// standardInput returns standard input if the data or the validation data come from it.
func standardInput(ctx context.Context, s tool.Stdio, c *config) (io.Reader, error) {
	if !tool.IsStdin(c.data) && c.val != "-" {
		return nil, nil
	}
	in, err := s.Stdin()
	if err != nil {
		return nil, err
	}
	return newContextReader(ctx, in), nil
}

// openSet opens training data that are kept.
func (d *samples) openSet(stdin io.Reader, options dataset.Options) error {
	table, err := dataset.Load(d.c.data, stdin, options)
	if err != nil {
		return d.adviseSizes(err, "--labels")
	}
	d.close = append(d.close, table)
	if err := d.checkWindows(table); err != nil {
		return err
	}
	if err := d.setShape(table.Shape, table.Metadata.Axes); err != nil {
		return err
	}
	d.own = ownShape(table.Own())
	d.classes, d.named = table.Classes(), len(table.Metadata.Classes) > 0
	if err := d.checkLabels(table.Len(), table.Label); err != nil {
		return err
	}
	if d.target, err = targetOf(d.c, d.classes); err != nil {
		return err
	}
	d.set, d.valShape, d.reach = d.setOf(table), d.shape, table.Reach()
	if d.c.attribute != "" {
		if d.set.Attributes, err = readAttribute(d.c.attribute, table.Len()); err != nil {
			return err
		}
		d.attribute = digest(d.set.Attributes)
	}
	if err := d.split(); err != nil {
		return err
	}
	d.trained = classesOf(d.set)
	return nil
}

// ownShape is the shape of a sample before it was resized; the zero Shape if it was not.
func ownShape(own []int) net.Shape {
	if own == nil {
		return net.Shape{}
	}
	return models.SampleShape(own)
}

// setShape sets the shape of the samples. axes is what the data say of them, "" if nothing.
func (d *samples) setShape(shape []int, axes string) error {
	d.shape = models.SampleShape(shape)
	if d.from.dimensions() == 0 {
		return nil
	}
	return models.OneReading(d.c.data, d.c.layout, axes, shape)
}

// checkLabels looks at the labels of all n samples, if the data does not name its classes.
func (d *samples) checkLabels(n int, label func(int) int) error {
	if d.named {
		return nil
	}
	if d.c.Classes == 0 && len(d.classes) > n {
		return fmt.Errorf("reading %s: the largest label is %d, but there are only %d samples; if that is right, say how many classes there are with --classes; labels that are names are texts in an array (astype(str)), and in a tar __meta__/dataset.json lists them", tool.InputName(d.c.data), len(d.classes)-1, n)
	}
	d.absent = absent(n, label)
	return nil
}

// count is what is known of the number of classes.
func (d *samples) count() classCount {
	return classCount{n: len(d.classes), named: d.named, absent: d.absent}
}

// unread reports whether labels are known only when the samples are read.
func (d *samples) unread() bool { return d.once != nil && d.once.source.Labels() == nil }

// openVal opens the data of --val.
func (d *samples) openVal(stdin io.Reader, options dataset.Options) error {
	options.X, options.Y, options.Labels, options.Whose = d.c.valX, d.c.valY, d.c.valLabels, "the training data"
	options.Reach = d.reach
	options.Dimensions, options.Channels = d.shape.Dimensions(), d.shape.C
	if len(d.classes) > 0 { // else samples that are read once have not named them
		options.Classes = classNames(d.classes, max(d.c.Classes, len(d.classes)))
	}
	table, err := dataset.Load(d.c.val, stdin, options)
	if err != nil {
		return d.adviseSizes(err, "--val-labels", d.shape.Axes()[1:]...)
	}
	d.close = append(d.close, table)
	d.valShape = models.SampleShape(table.Shape)
	if shape := d.valShape; shape != d.shape && !(d.windows() && shape.C == d.shape.C && shape.Dimensions() == d.shape.Dimensions()) {
		hint := dataset.AxesHint(table.Shape, d.shape.Axes())
		switch {
		case hint != "":
			hint += ", and --axes is for both"
		case shape.C == d.shape.C && shape.Dimensions() == d.shape.Dimensions():
			sides := d.shape.Axes()[1:]
			hint = "; " + d.oneSize(dataset.Extents{Rest: smaller(table.Shape[1:], sides)}, dims.SidesOf(sides))
		}
		own, trained := cmp.Or(ownShape(table.Own()), shape), cmp.Or(d.own, d.shape)
		return fmt.Errorf("the samples of --val %s are %v, those to train on %v%s", d.c.val, own, trained, hint)
	}
	d.val = d.setOf(table)
	d.validated = classesOf(d.val)
	return nil
}

// openOnce opens training data that are read once.
func (d *samples) openOnce(stdin io.Reader, options dataset.Options) error {
	source, err := dataset.Open(d.c.data, stdin, options)
	if err != nil {
		return tool.Advise(err, "--labels")
	}
	d.close = append(d.close, source)
	first, err := source.Next()
	if err == io.EOF {
		return fmt.Errorf("reading %s: there are no samples", tool.InputName(d.c.data))
	}
	if err != nil {
		return tool.Advise(err, "--labels")
	}
	if err := d.setShape(first.Shape, cmp.Or(first.Axes, source.Metadata().Axes)); err != nil {
		return err
	}
	d.own = ownShape(first.Own)
	d.classes = source.Metadata().Classes
	d.named = len(d.classes) > 0
	if labels := source.Labels(); labels != nil && !d.named {
		d.classes = models.NumberedClasses(slices.Max(labels) + 1)
		if err := d.checkLabels(len(labels), func(i int) int { return labels[i] }); err != nil {
			return err
		}
	}
	if d.target, err = targetOf(d.c, d.classes); err != nil {
		return err
	}
	if len(d.classes) == 0 && d.c.Classes == 0 && d.from.isPreset() && !d.target.OneVsRest {
		return tool.Usagef("the data does not name its classes, and --epochs 1 reads it once; say how many there are with --classes")
	}
	d.once = newOnePass(d, source, first)
	return nil
}

// classNames names n classes: as the data does, then by number.
func classNames(names []string, n int) []string {
	all := models.NumberedClasses(n)
	copy(all, names)
	return all
}

// modelClasses names the classes that the model of a network with that many outputs tells apart: one an output, or two if one
// of two is learned. If one is learned that has a number only, there may be no names.
func (d *samples) modelClasses(outputs int) []string {
	if !d.target.OneVsRest {
		return classNames(d.classes, outputs)
	}
	if len(d.classes) > 1 || d.c.Positive != "" {
		return d.classes
	}
	return classNames(d.classes, 2)
}

// settings are those of the flags, with what the data and models say of them.
func (d *samples) settings() run.Settings {
	s := d.c.Settings
	s.Net, s.Attribute, s.Groups = d.from.net, d.attribute, d.groups
	return s
}
