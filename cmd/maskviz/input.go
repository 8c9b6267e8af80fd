package main

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/stream"
	"backdrop/lib/data"
	"backdrop/lib/net"
	"backdrop/lib/scale"
)

// input is what a picture is made from.
type input struct {
	title   string         // what the network is called
	model   *models.Loaded // nil if there is none
	net     *net.Network
	weights *net.Weights        // nil: not trained
	classes []string            // nil: numbers
	scale   scale.Normalisation // what samples go through first
	seed    uint64              // of masks, initial weights and random inputs
	samples []*stream.Sample
	differ  bool           // they differ in size: each is a step of its own
	most    int            // samples that a step has where the model was trained with more than there are; 0: any number
	beside  float64        // bytes that pictures of other samples take
	source  dataset.Source // of the samples; nil if there are none
	notices *tool.Notices
}

// openInput reads the network and the samples.
func openInput(s tool.Stdio, c *config) (*input, error) {
	in := &input{notices: s.NewNotices("maskviz"), seed: c.seed}
	if err := in.open(c, s); err != nil {
		in.close()
		return nil, err
	}
	return in, nil
}

func (in *input) open(c *config, s tool.Stdio) error {
	if c.model != "" {
		if err := in.openModel(c, s); err != nil {
			return err
		}
	}
	file := c.net != "" && !models.IsPreset(c.net)
	if file {
		if err := in.openNetwork(c); err != nil {
			return err
		}
	}
	if err := in.readSamples(c, s); err != nil {
		return err
	}
	if c.net != "" && !file {
		if err := in.openNetwork(c); err != nil {
			return err
		}
	}
	return in.fit(c)
}

// standardInput returns standard input if samples come from it: because the argument says so or, for a picture that needs them,
// because it holds data and there is no argument.
func standardInput(s tool.Stdio, c *config) (io.Reader, error) {
	switch {
	case c.samples == "-":
		return s.Stdin()
	case c.samples == "" && c.mode != "masks" && c.model != "-":
		return s.StdinData()
	}
	return nil, nil
}

// readSamples reads as many samples as are drawn: masks need the shape of one.
func (in *input) readSamples(c *config, s tool.Stdio) error {
	stdin, err := standardInput(s, c)
	if err != nil {
		return err
	}
	if c.samples == "" && stdin == nil {
		if c.labels != "" {
			return tool.Usagef("--labels needs SAMPLES")
		}
		if c.x != "" || c.y != "" {
			return tool.Usagef("--x and --y need SAMPLES")
		}
		if c.sample != "" && c.mode == "gradient" {
			return tool.Usagef("--sample needs SAMPLES; without them --mode gradient draws inputs at random")
		}
		if c.mode == "overlay" {
			return tool.Usagef("--mode overlay needs SAMPLES to lay the masks over")
		}
		return nil
	}
	options := dataset.Options{X: c.x, Y: c.y, Labels: c.labels, Axes: c.layout, Dimensions: in.dimensions(c), Channels: in.channels(c), Classes: in.classes, Whose: "the model", Numbers: in.model != nil && len(in.classes) == 0, Missing: c.mode == "overlay", Limits: c.Limits(), InPlace: true}
	if in.model != nil {
		options.Resize, options.Sizes = in.model.Resize, in.model.Sizes()
	}
	if c.mode != "masks" { // which do not depend on labels
		options.Note = in.notices.Add
	}
	source, err := dataset.Open(c.samples, stdin, options)
	if err != nil {
		return tool.Advise(err, "--labels")
	}
	in.source = source
	want := 1
	switch {
	case c.mode == "gradient":
		want = in.largestBatch(c)
	case c.mode == "overlay" && !c.one():
		want = min(in.largestBatch(c), maxRows)
	}
	r := &sampleReader{source: source, want: want, c: c, known: in.dimensions(c) > 0}
	if in.samples, err = r.read(); err != nil {
		return err
	}
	switch n := len(in.samples); {
	case c.mode == "overlay" && n > 0: // the masks are there all the same
	case n > 0 && n < want && in.model != nil && c.one() && !c.batchSet && !in.differInSize():
		what := fmt.Sprintf("there are only %d samples, the model was trained with %d a step: the one that is shown is", n, want)
		if n == 1 {
			what = fmt.Sprintf("there is only 1 sample, the model was trained with %d a step: it is shown", want)
		}
		in.notices.Add(fmt.Sprintf("%s in a step of %d", what, n))
		in.most = n
	case n < want && !in.differInSize(): // else each is a step of its own
		return in.tooFew(c, want)
	}
	if in.model == nil {
		in.classes = source.Metadata().Classes
	}
	return in.changed()
}

// changed says whether a file that samples are left in is still as it was; nil if it is.
func (in *input) changed() error {
	if in.source == nil {
		return nil
	}
	return in.source.Err()
}

// close closes the file of the samples.
func (in *input) close() {
	if in.source != nil {
		in.source.Close()
	}
}

// tooFew says that a batch needs more samples than there are.
func (in *input) tooFew(c *config, want int) error {
	n, there := len(in.samples), fmt.Sprintf("there are only %d samples", len(in.samples))
	if n == 1 {
		there = "there is only 1 sample"
	}
	if n == 0 {
		return fmt.Errorf("reading %s: there are no samples", cmp.Or(strings.TrimPrefix(c.samples, "-"), "stdin"))
	}
	if in.batch(c, c.first) != c.batch {
		return fmt.Errorf("%s, the model was trained with %d a step; try --batch %d", there, want, n)
	}
	return fmt.Errorf("%s, --batch needs %d", there, want)
}

// batch is the number of samples of a step: what --batch says or else, where samples have masks of their own, what it
// was when the model was trained, or what there is of samples to show one of.
func (in *input) batch(c *config, step uint64) int {
	if in.differ {
		return 1
	}
	if in.model != nil && !c.batchSet && models.MasksPerSample(in.net) {
		if n := in.model.Batch(step); n > 0 {
			if in.most > 0 {
				return min(n, in.most)
			}
			return n
		}
	}
	return c.batch
}

// largestBatch is that of all steps that are drawn.
func (in *input) largestBatch(c *config) int {
	largest := in.batch(c, c.last)
	for step := c.first; step < c.last; step++ {
		largest = max(largest, in.batch(c, step))
	}
	return largest
}

// dimensions is the number of axes, besides channels, of the samples that the network takes; 0 for any.
func (in *input) dimensions(c *config) int {
	switch {
	case in.net != nil:
		return in.net.Input.Dimensions()
	case c.preset != (net.Shape{}):
		return c.preset.Dimensions()
	}
	return 0
}

// channels is the number of channels of the samples that the network takes; 0 for any.
func (in *input) channels(c *config) int {
	if in.net != nil {
		return in.net.Input.C
	}
	return c.preset.C
}

// openNetwork reads a network, or makes a preset, which takes its size and number of classes from the samples where
// the flags do not say.
func (in *input) openNetwork(c *config) error {
	in.title = filepath.Base(c.net)
	shape, classes := c.preset, c.classes
	if len(in.classes) > 0 && !c.classesSet {
		classes = len(in.classes)
	}
	preset := models.IsPreset(c.net)
	if preset && shape == (net.Shape{}) {
		if len(in.samples) == 0 {
			return tool.Usagef("--net %s needs --size N or --shape H,W, or SAMPLES to take it from", c.net)
		}
		shape = models.SampleShape(in.samples[0].Shape)
	}
	var err error
	if in.net, err = models.Network(c.net, shape, classes); err != nil {
		return err
	}
	if !preset && (c.preset != (net.Shape{}) || c.classesSet) {
		return tool.Usagef("--size, --shape and --classes are for presets; the network in %s has its own", c.net)
	}
	return models.ApplyMasks(in.net, c.masks)
}

// openModel reads a model. Masks and random inputs are by default those of the seed that it was trained with.
func (in *input) openModel(c *config, s tool.Stdio) error {
	if c.preset != (net.Shape{}) || c.classesSet {
		return tool.Usagef("--size, --shape and --classes are for presets; the model has its own")
	}
	var stdin io.Reader
	in.title = filepath.Base(c.model)
	if tool.IsStdin(c.model) {
		in.title = "the model"
		var err error
		if stdin, err = s.Stdin(); err != nil {
			return err
		}
	}
	m, err := models.Load(c.model, stdin, c.Limits())
	if err != nil {
		return err
	}
	if seed, ok := m.Seed(); ok && !c.seedSet {
		in.seed = seed
	}
	m.File = nil // the parameters once more, and what a checkpoint holds
	in.model, in.net, in.weights, in.classes, in.scale = m, m.Net, m.Weights, m.Classes, m.Scale
	return models.ApplyMasks(in.net, c.masks)
}

// target is what the loss makes of labels: of a model with one output, whether they are that of its class.
func (in *input) target() data.Target {
	if in.model == nil {
		return data.Target{}
	}
	return in.model.Target()
}

// className is what a label is called.
func (in *input) className(label int) string { return models.ClassName(in.classes, label) }
