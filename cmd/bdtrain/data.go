package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/lib/net"
	"backdrop/lib/scale"
	"backdrop/lib/train"
)

// samples are what a run trains on: a table, or a stream that is read once.
type samples struct {
	shape   net.Shape
	classes []string // may be empty in a stream
	named   bool     // the data names the classes
	noFirst bool     // no sample is of class 0, as far as is known before training
	notices *tool.Notices
	target  target
	data    train.Data
	stream  *labelledStream
	val     train.Data
	close   []io.Closer

	trained, validated map[int]int // samples of each class, of data at hand

	moments scale.Moments // of data, if they are at hand
	scale   scale.Normalisation
}

func (d *samples) Close() {
	for _, c := range d.close {
		c.Close()
	}
}

// openSamples opens the training and validation data.
func openSamples(ctx context.Context, s tool.Stdio, o *options) (*samples, error) {
	stdin, err := o.stdin(ctx, s)
	if err != nil {
		return nil, err
	}
	d := &samples{notices: s.NewNotices("bdtrain")}
	if o.init != "" && o.start == nil {
		if o.start, err = models.Load(o.init, nil, o.Limits()); err != nil {
			return nil, err
		}
	}
	options := dataset.Options{Labels: o.Labels, Memory: o.sampleMemory(), Limits: o.Limits(), NeedLabels: true, Note: d.notices.Add}
	if o.streams() {
		err = d.openStream(stdin, o, options)
	} else {
		err = d.openTable(stdin, o, options)
	}
	if err == nil && o.Val != "" {
		err = d.openVal(stdin, o, options)
	}
	if err == nil {
		err = d.checkClasses(o)
	}
	if err == nil && d.data != nil && !o.printNet {
		err = d.measure(ctx, o)
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// stdin returns standard input if the data or the validation data come from it.
func (o *options) stdin(ctx context.Context, s tool.Stdio) (io.Reader, error) {
	if !tool.IsStdin(o.data) && o.Val != "-" {
		return nil, nil
	}
	in, err := s.Stdin()
	if err != nil {
		return nil, err
	}
	return newContextReader(ctx, in), nil
}

func (d *samples) openTable(stdin io.Reader, o *options, options dataset.Options) error {
	table, err := dataset.Load(o.data, stdin, options)
	if err != nil {
		return tool.Advise(err, "--labels")
	}
	d.close = append(d.close, table)
	d.shape = net.Shape{C: table.Shape[0], H: table.Shape[1], W: table.Shape[2]}
	d.classes, d.named = table.Classes(), len(table.Metadata.Classes) > 0
	if err := d.checkLabels(o, table.Len(), table.Label); err != nil {
		return err
	}
	if d.target, err = o.target(d.classes); err != nil {
		return err
	}
	all := targeted{Data: table, target: d.target}
	if o.attribute != "" {
		if all.attribute, err = readAttribute(o.attribute, table.Len()); err != nil {
			return err
		}
		o.Attribute = digest(all.attribute)
	}
	d.data, d.trained = all, classesOf(table, nil)
	if o.ValFraction > 0 {
		part, held := train.Split(all, o.ValFraction, o.Seed)
		if held.Len() == 0 {
			return tool.Usagef("--val-fraction %v of %d samples leaves %d to train on and %d to validate on", o.ValFraction, table.Len(), part.Len(), held.Len())
		}
		d.data, d.val = part, held
		d.trained, d.validated = classesOf(table, part.Numbers), classesOf(table, held.Numbers)
	}
	return nil
}

// checkLabels looks at the labels of all n samples, if the data does not name its classes.
func (d *samples) checkLabels(o *options, n int, label func(int) int) error {
	if d.named {
		return nil
	}
	if o.Classes == 0 && len(d.classes) > n {
		return fmt.Errorf("reading %s: the largest label is %d, but there are only %d samples; if that is right, say how many classes there are with --classes; labels that are names are texts in an array (astype(str)), and in a tar __meta__/dataset.json lists them", tool.InputName(o.data), len(d.classes)-1, n)
	}
	d.noFirst = lacksFirst(n, label)
	return nil
}

// lacksFirst reports whether none of n labels is 0.
func lacksFirst(n int, label func(int) int) bool {
	for i := range n {
		if label(i) == 0 {
			return false
		}
	}
	return true
}

// count is what is known of the number of classes.
func (d *samples) count() classCount {
	return classCount{n: len(d.classes), named: d.named, noFirst: d.noFirst}
}

// noteFirst says that class 0 has no samples: before training if all labels are known then, else behind it.
func (d *samples) noteFirst(trained bool) {
	if d.unread() == trained && (d.noFirst || trained && !d.named && d.stream.classes[0] == 0) {
		d.notices.Add(noFirst)
	}
}

// unread reports whether labels are known only when the samples are read.
func (d *samples) unread() bool { return d.stream != nil && d.stream.source.Labels() == nil }

const noFirst = "class 0 has no samples; labels count from 0 (if these count from 1, subtract 1)"

func (d *samples) openVal(stdin io.Reader, o *options, options dataset.Options) error {
	options.Labels, options.Whose = o.ValLabels, "the training data"
	if len(d.classes) > 0 { // else a stream has not named them
		options.Classes = classNames(d.classes, max(o.Classes, len(d.classes)), target{})
	}
	table, err := dataset.Load(o.Val, stdin, options)
	if err != nil {
		return tool.Advise(err, "--val-labels")
	}
	d.close = append(d.close, table)
	if shape := (net.Shape{C: table.Shape[0], H: table.Shape[1], W: table.Shape[2]}); shape != d.shape {
		return fmt.Errorf("the samples of --val %s are %v, those to train on %v%s", o.Val, shape, d.shape, models.AxesHint(shape, d.shape))
	}
	d.val, d.validated = targeted{Data: table, target: d.target}, classesOf(table, nil)
	return nil
}

func (d *samples) openStream(stdin io.Reader, o *options, options dataset.Options) error {
	source, err := dataset.Open(o.data, stdin, options)
	if err != nil {
		return tool.Advise(err, "--labels")
	}
	d.close = append(d.close, source)
	first, err := source.Next()
	if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("reading %s: there are no samples", tool.InputName(o.data))
	}
	if err != nil {
		return err
	}
	d.shape = models.SampleShape(first.Shape)
	d.classes = source.Metadata().Classes
	d.named = len(d.classes) > 0
	if labels := source.Labels(); labels != nil && !d.named {
		d.classes = numbered(slices.Max(labels) + 1)
		if err := d.checkLabels(o, len(labels), func(i int) int { return labels[i] }); err != nil {
			return err
		}
	}
	if d.target, err = o.target(d.classes); err != nil {
		return err
	}
	if len(d.classes) == 0 && o.Classes == 0 && models.IsPreset(o.Net) && !d.target.binary {
		return tool.Usagef("the data does not name its classes, and --epochs 1 reads it once; say how many there are with --classes")
	}
	d.stream = newLabelledStream(d, source, first, o)
	return nil
}

// classNames names the classes: as the data does, then by number, as many as there are outputs, or two if one of two
// is learnt. If one is learnt that has a number only, there may be no names.
func classNames(names []string, outputs int, t target) []string {
	if t.binary {
		if len(names) > 1 || t.bound == 0 {
			return names
		}
		outputs = 2
	}
	all := numbered(outputs)
	copy(all, names)
	return all
}

// numbered are the names of n classes that have numbers only.
func numbered(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

// className names a class, by its number if it has no name.
func className(names []string, class int) string {
	if class < len(names) {
		return names[class]
	}
	return strconv.Itoa(class)
}
