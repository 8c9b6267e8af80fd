package main

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/lib/data"
	"backdrop/lib/dims"
	"backdrop/lib/net"
)

// resize is what samples are resampled to: what --resize says or else what the model that training begins with does.
func (d *samples) resize() dims.Sides {
	switch m := d.from.model; {
	case !d.c.resize.None():
		return d.c.resize
	case m != nil:
		return m.Resize
	}
	return d.from.resize
}

// checkResize refuses a --resize that the network does not take, as far as it is known without data.
func (from origin) checkResize(c *config) error {
	if c.resize.None() || c.input != (net.Shape{}) { // what stands in for data is looked at as it is
		return nil
	}
	own := from.fixed()
	if own == nil {
		axes := c.resize.Numbers()
		if axes == 1 {
			axes = 2
		}
		if _, err := models.Network(from.net, models.SampleShape(append([]int{1}, c.resize.Along(axes)...)), 2); err != nil {
			return tool.Usagef("--resize %v: %w", c.resize, err)
		}
		return nil
	}
	sides := own.Input.Axes()[1:]
	if fits := c.resize.Fit(len(sides)); fits && (!c.train.Augment.Crop.None() || slices.Equal(c.resize.Along(len(sides)), sides)) {
		return nil
	}
	try := fmt.Sprintf("try --resize %v", dims.SidesOf(sides))
	if m := from.model; m != nil && slices.Equal(m.Resize.Along(len(sides)), sides) {
		try = "leave it out: the model has samples resized to what it takes"
	}
	return tool.Usagef("--resize %v, but the network %s takes %v; %s", c.resize, from.called(c), own.Input, try)
}

// windows reports whether samples may differ in size, as windows of one size are cut out of them.
func (d *samples) windows() bool { return !d.c.train.Augment.Crop.None() && d.resize().None() }

// setOf returns the set of all samples of a table.
func (d *samples) setOf(table *dataset.Table) *data.Set {
	set := &data.Set{Table: table, Target: d.target}
	for _, shape := range table.Shapes() {
		set.Shapes = append(set.Shapes, models.SampleShape(shape))
	}
	return set
}

// input is the shape that the network is built for: that of the samples or, where they differ in size, of the windows.
func (d *samples) input() net.Shape {
	if d.set != nil && d.set.Shapes != nil {
		return d.c.train.Augment.Shape(d.shape)
	}
	return d.shape
}

// checkWindows refuses samples of a table that differ in size if one does not hold a window.
func (d *samples) checkWindows(table *dataset.Table) error {
	shapes := table.Shapes()
	for i, shape := range shapes {
		if s := models.SampleShape(shape); !d.c.train.Augment.Holds(s) {
			return d.tooSmall(table.Key(i), s, dataset.ExtentsOf(len(shapes), func(i int) (string, []int) { return table.Key(i), shapes[i] }))
		}
	}
	return nil
}

// tooSmall is the error of a sample that holds no window. of is how large the samples are.
func (d *samples) tooSmall(key string, shape net.Shape, of dataset.Extents) error {
	a := d.c.train.Augment
	if n := shape.Dimensions(); !a.Crop.Fit(n) {
		return tool.Usagef("--augment %v has %d sizes, but the samples are %v", a, a.Crop.Numbers(), shape)
	}
	return fmt.Errorf("reading %s: sample %s is %v, which is smaller than crops of %v; %s", tool.InputName(d.c.data), key, shape, a.Crop, d.oneSize(of, dims.Sides{}))
}

// smaller is the smaller of two extents along each axis.
func smaller(a, b []int) []int {
	least := slices.Clone(a)
	for i := range least {
		least[i] = min(a[i], b[i])
	}
	return least
}

// adviseSizes is tool.Advise, which also says what to do about samples that differ in size.
func (d *samples) adviseSizes(err error, labels string, beside ...int) error {
	e := (*dataset.SizesError)(nil)
	if !errors.As(err, &e) {
		return tool.Advise(err, labels)
	}
	of, to := e.Extents, dims.Sides{}
	if len(beside) == len(of.Rest) {
		of.Rest, to = smaller(of.Rest, beside), dims.SidesOf(beside)
	}
	return fmt.Errorf("%w; %s", err, d.oneSize(of, to))
}

// oneSize says which flags bring samples of such extents to one size, or to windows of one. to is the size to take, unless the
// network has one; none: one that suits most of the samples.
func (d *samples) oneSize(of dataset.Extents, to dims.Sides) string {
	least := of.Rest
	crop := dims.Square(powerOfTwo(slices.Min(least)))
	if to.None() {
		const small, usual, large = 16, 32, 256 // what is larger takes long to learn from
		side := min(powerOfTwo(slices.Min(of.Usual)), large)
		if side < small {
			side = usual
		}
		to = dims.Square(side)
	}
	fits := true
	switch own := d.from.fixed(); {
	case own != nil:
		to = dims.SidesOf(own.Input.Axes()[1:])
		crop = to
		_, err := own.On(models.SampleShape(append([]int{own.Input.C}, doubled(own.Input)...)))
		fits = err == nil && len(least) == own.Input.Dimensions() && slices.Equal(smaller(least, own.Input.Axes()[1:]), own.Input.Axes()[1:])
	default:
		_, err := models.Network(d.from.net, models.SampleShape(append([]int{1}, crop.Along(len(least))...)), 2)
		fits = err == nil
	}
	ways := []string{"--resize " + to.String()}
	if fits {
		a := d.c.train.Augment
		a.Crop = crop
		ways = append(ways, "--augment "+a.String()+", which takes windows of them")
	}
	text := "try " + strings.Join(ways, " or ")
	if of.Tiny != "" {
		text += "; leave out what is far smaller than most: " + of.Tiny
	}
	return text
}

// powerOfTwo is the largest that is at most n: such sizes suit all networks.
func powerOfTwo(n int) int { return 1 << (bits.Len(uint(n)) - 1) }

// doubled is twice the extents of a shape along its axes.
func doubled(s net.Shape) []int {
	axes := s.Axes()[1:]
	for i := range axes {
		axes[i] *= 2
	}
	return axes
}

// fixed is the network that training begins with, if that has an input of its own; else nil.
func (from origin) fixed() *net.Network {
	if from.file != nil {
		return from.file
	}
	return from.own
}

// network builds the network for the samples.
func (d *samples) network() (*net.Network, error) {
	network, err := d.from.network(d.c, d.input(), d.count())
	if e := (*otherShape)(nil); errors.As(err, &e) && d.own != (net.Shape{}) {
		e.is = d.own
	}
	if err == nil {
		err = d.whole(network)
	}
	if err != nil {
		return nil, err
	}
	return network, nil
}

// whole makes the data ready for a network: where its input is not what all samples of a set are, each has its own shape. It is
// an error if the network does not take one of them as a whole.
func (d *samples) whole(network *net.Network) error {
	takes := func(shape net.Shape) error {
		if _, err := network.On(shape); err != nil {
			return fmt.Errorf("samples that differ in size are judged as a whole: %w, or take --resize %v", err, dims.SidesOf(network.Input.Axes()[1:]))
		}
		return nil
	}
	if d.once != nil {
		d.once.takes = takes
		if err := takes(d.shape); err != nil {
			return err
		}
	}
	for _, of := range []struct {
		set   *data.Set
		shape net.Shape
	}{{d.set, d.shape}, {d.val, d.valShape}} {
		if of.set == nil {
			continue
		}
		if of.set.Shapes == nil && of.shape != network.Input {
			of.set.Shapes = slices.Repeat([]net.Shape{of.shape}, of.set.Table.Len())
		}
		seen := map[net.Shape]bool{}
		for _, shape := range of.set.Shapes {
			if seen[shape] {
				continue
			}
			seen[shape] = true
			if err := takes(shape); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkSize refuses a sample of another size than the first if no window can be cut out of it, if the network does not take it
// as a whole, or if there is no memory for it.
func (l *onePass) checkSize(key string, shape net.Shape) error {
	d := l.samples
	for _, s := range []struct {
		key   string
		shape net.Shape
	}{{l.firstKey, d.shape}, {key, shape}} {
		if !d.c.train.Augment.Holds(s.shape) {
			both := []net.Shape{d.shape, shape}
			keys := []string{l.firstKey, key}
			return d.tooSmall(s.key, s.shape, dataset.ExtentsOf(2, func(i int) (string, []int) { return keys[i], both[i].Axes() }))
		}
	}
	if more := 4 * int64(shape.Len()-d.shape.Len()); !l.inFile && more > 0 && l.planned > 0 {
		if err := tool.Fits(fmt.Sprintf("training with sample %s, which is %v,", key, shape), float64(l.planned+more), "samples in a plain tar on disk, where they are read in place"); err != nil {
			return err
		}
	}
	if l.takes == nil {
		return nil
	}
	return l.takes(shape)
}
