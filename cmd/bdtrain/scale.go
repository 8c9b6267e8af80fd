package main

import (
	"context"
	"fmt"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/lib/data"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
)

// normalisation is what samples with these moments go through first. What a network learned before, it learned from samples
// that went through what its model says.
func (d *samples) normalisation(m scale.Moments) scale.Normalisation {
	var none scale.Normalisation
	switch {
	case d.c.Normalise == normaliseData, d.c.measures() && m.Odd(none) != nil:
		return m.Normalisation()
	case d.c.Normalise == normaliseAuto && d.from.model != nil:
		return d.from.model.Scale
	}
	return none
}

// scales returns what the samples go through first, and the range of those that were seen.
func (d *samples) scales() (scale.Normalisation, scale.Range) {
	switch o := d.once; {
	case o == nil:
		return d.scale, d.moments.Range()
	case o.past.samples > 0 && o.count <= o.past.samples:
		return o.past.scale, o.past.trained
	default:
		return o.decision, o.moments.Range()
	}
}

// measure looks through the samples of a set: for their scale, and whether it is that of the validation data and of those
// that --init's model was trained with.
func (d *samples) measure(ctx context.Context) error {
	d.moments = scale.NewMoments(d.shape.C)
	before := d.watchInit()
	const passes = 2 // of Moments.Add
	values := int64(0)
	for i := range d.set.Len() {
		values += int64(d.set.Shape(i, d.shape).Len())
	}
	d.shown.read("measuring "+tool.InputName(d.c.data), passes*values)
	err := d.each(ctx, d.set, d.shape, func(x pixels.Source, shape net.Shape) {
		d.moments.Add(d.shown.reading.Of(x), shape.Size().Product())
		if before != nil {
			before.Add(x, shape.C, shape.Size().Product())
		}
	})
	if err != nil {
		return err
	}
	d.scale = d.normalisation(d.moments)
	if d.c.measures() {
		d.note(d.c.scaled("the training data are", d.moments, d.scale, ""))
		d.note(constants(d.moments, d.scale))
	}
	d.note(d.unlikeInit(d.moments, before))
	return d.compareValidation(ctx, d.moments.Range())
}

// watchInit watches samples beside those that --init's model was trained with; nil if their range is not known.
func (d *samples) watchInit() *scale.Watch {
	if d.from.model == nil || !d.from.model.Range.Known() {
		return nil
	}
	return scale.NewWatch(d.from.model.Range)
}

// unlikeInit says that the training data, of these moments, are not such as --init's model was trained with: in another
// range or, where that is not known, not of order one behind its normalisation; "" if they are.
func (d *samples) unlikeInit(m scale.Moments, w *scale.Watch) string {
	switch {
	case w != nil:
		return models.OtherRange("the training data", "those of --init "+d.c.init, w.Others())
	case d.from.model != nil && d.c.Normalise == normaliseAuto && m.Odd(d.from.model.Scale) != nil:
		return fmt.Sprintf("the training data are not of order one (%s) as --init %s has them normalised; --normalise data goes by them instead",
			odd(m, d.from.model.Scale), d.c.init)
	}
	return ""
}

// compareValidation looks whether the data of --val lie in another range than the training data.
func (d *samples) compareValidation(ctx context.Context, trained scale.Range) error {
	if d.c.val == "" {
		return nil
	}
	w := scale.NewWatch(trained)
	err := d.each(ctx, d.val, d.valShape, func(x pixels.Source, shape net.Shape) { w.Add(x, shape.C, shape.Size().Product()) })
	d.note(models.OtherRange("--val "+d.c.val, "the training data", w.Others()))
	return err
}

// each shows all samples of a set, and their shapes, until the context ends. The shape is that of all, if they do not differ.
func (d *samples) each(ctx context.Context, set *data.Set, all net.Shape, look func(x pixels.Source, shape net.Shape)) error {
	for i := range set.Len() {
		if err := ctx.Err(); err != nil {
			return err
		}
		look(set.Sample(i), set.Shape(i, all))
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return set.Table.Err()
}

// note adds a line for the user, if there is one.
func (d *samples) note(line string) {
	if line != "" {
		d.notices.Add(line)
	}
}

// scaled says what auto does to samples that are not of order one, and by which samples.
func (c *config) scaled(what string, m scale.Moments, n scale.Normalisation, by string) string {
	if c.Normalise != normaliseAuto || len(n.Mean) == 0 {
		return ""
	}
	return fmt.Sprintf("%s not of order one (%s), so each channel is brought to mean 0 and deviation 1%s; --normalise none leaves them as they are",
		what, odd(m, scale.Normalisation{}), by)
}

// odd says how the channels are that are not of order one behind n.
func odd(m scale.Moments, n scale.Normalisation) string {
	var all []string
	for _, c := range m.Odd(n) {
		name := ""
		if len(m) > 1 {
			name = fmt.Sprintf("channel %d: ", c)
		}
		all = append(all, fmt.Sprintf("%smean %.4g, deviation %.4g", name, m[c].Mean, m[c].Deviation()))
	}
	return someOf(all, "; ")
}

// manyChannels says what to do where the numbers of all channels are more than a model has room for.
func manyChannels(n scale.Normalisation) string {
	const many = 10000
	if len(n.Mean) < many {
		return ""
	}
	return fmt.Sprintf("; it has a mean and a deviation of each of %d channels: normalise the data before, and train with --normalise none", len(n.Mean))
}

// constants names the channels that could not be brought to deviation 1.
func constants(m scale.Moments, n scale.Normalisation) string {
	var all []string
	for c, channel := range m {
		if !channel.Constant() {
			continue
		}
		what := "left as it is"
		if mean, _ := n.Of(c); mean != 0 {
			what = "taken as 0"
		}
		all = append(all, fmt.Sprintf("channel %d (%v, %s)", c, channel.Min, what))
	}
	if all == nil {
		return ""
	}
	return "constant in the training data: " + someOf(all, ", ")
}

// someOf joins the first few of a list.
func someOf(list []string, separator string) string {
	const most = 4
	if more := len(list) - most; more > 1 {
		list = append(list[:most:most], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(list, separator)
}
