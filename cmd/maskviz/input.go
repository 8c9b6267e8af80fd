package main

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/stream"
	"backdrop/lib/mask"
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
	samples []*stream.Sample
	notices *tool.Notices
}

// open reads the network and the samples.
func (o *options) open(s tool.Stdio) (*input, error) {
	in := &input{notices: s.NewNotices("maskviz")}
	if o.model != "" {
		if err := in.openModel(o, s); err != nil {
			return nil, err
		}
	}
	if err := in.readSamples(o, s); err != nil {
		return nil, err
	}
	if o.net != "" {
		if err := in.openNetwork(o); err != nil {
			return nil, err
		}
	}
	for _, sample := range in.samples {
		if shape := models.SampleShape(sample.Shape); shape != in.net.Input {
			return nil, fmt.Errorf("sample %s is %v, the network takes %v%s", sample.Key, shape, in.net.Input, models.AxesHint(shape, in.net.Input))
		}
	}
	return in, nil
}

// stdin returns standard input if samples come from it: because the argument says so or, for a picture that needs them,
// because it holds data and there is no argument.
func (o *options) stdin(s tool.Stdio) (io.Reader, error) {
	switch {
	case o.samples == "-":
		return s.Stdin()
	case o.samples == "" && o.mode != "masks" && o.model != "-":
		return s.StdinData()
	}
	return nil, nil
}

// readSamples reads as many samples as are drawn: masks need the shape of one.
func (in *input) readSamples(o *options, s tool.Stdio) error {
	stdin, err := o.stdin(s)
	if err != nil {
		return err
	}
	if o.samples == "" && stdin == nil {
		if o.labels != "" {
			return tool.Usagef("--labels needs SAMPLES")
		}
		if o.mode == "overlay" {
			return tool.Usagef("--mode overlay needs SAMPLES to lay the masks over")
		}
		return nil
	}
	options := dataset.Options{Labels: o.labels, Classes: in.classes, Whose: "the model", Numbers: in.model != nil && len(in.classes) == 0, Missing: o.mode == "overlay", Limits: o.Limits()}
	if o.mode != "masks" { // which do not depend on labels
		options.Note = in.notices.Add
	}
	source, err := dataset.Open(o.samples, stdin, options)
	if err != nil {
		return tool.Advise(err, "--labels")
	}
	defer source.Close()
	want := 1
	switch o.mode {
	case "gradient":
		want = in.largestBatch(o)
	case "overlay":
		want = min(in.largestBatch(o), maxRows)
	}
	for len(in.samples) < want {
		sample, err := source.Next()
		if err == io.EOF && o.mode == "overlay" && len(in.samples) > 0 {
			break // the masks are there all the same
		}
		if err == io.EOF {
			return in.tooFew(o, want)
		}
		if err != nil {
			return err
		}
		if len(in.samples) == 0 {
			heap, mapped := source.Held()
			o.Outside(mapped)
			need := float64(heap+mapped) + 4*float64(want)*float64(len(sample.X))
			if err := tool.Fits(fmt.Sprintf("reading %d samples of %d values", want, len(sample.X)), need, "a smaller --batch"); err != nil {
				return err
			}
		}
		if o.mode == "masks" {
			sample.X = nil // its shape is all that is needed
		}
		in.samples = append(in.samples, sample)
	}
	o.Outside(0) // the file is closed
	if in.model == nil {
		in.classes = source.Metadata().Classes
	}
	return nil
}

// tooFew says that a batch needs more samples than there are.
func (in *input) tooFew(o *options, want int) error {
	n := len(in.samples)
	if n == 0 {
		return fmt.Errorf("reading %s: there are no samples", cmp.Or(strings.TrimPrefix(o.samples, "-"), "stdin"))
	}
	if in.batch(o, o.first) != o.batch {
		return fmt.Errorf("there are only %d samples, the model was trained with %d a step; try --batch %d", n, want, n)
	}
	return fmt.Errorf("there are only %d samples, --batch needs %d", n, want)
}

// batch is the number of samples of a step: what --batch says or else, where samples have masks of their own, what it
// was when the model was trained.
func (in *input) batch(o *options, step uint64) int {
	if in.model != nil && !o.batchSet && perSample(in.net) {
		if n := in.model.Batch(step); n > 0 {
			return n
		}
	}
	return o.batch
}

// largestBatch is that of all steps that are drawn.
func (in *input) largestBatch(o *options) int {
	largest := in.batch(o, o.last)
	for step := o.first; step < o.last; step++ {
		largest = max(largest, in.batch(o, step))
	}
	return largest
}

// perSample reports whether samples of a batch have masks of their own.
func perSample(network *net.Network) bool {
	return slices.ContainsFunc(network.Backdrops(), func(i int) bool {
		l := network.Layers[i]
		return l.P > 0 && l.Axes&mask.N != 0
	})
}

// openNetwork reads a network, or makes a preset, which takes its size and number of classes from the samples where
// the flags do not say.
func (in *input) openNetwork(o *options) error {
	in.title = filepath.Base(o.net)
	shape, classes := net.Shape{C: 1, H: o.size, W: o.size}, o.classes
	if len(in.classes) > 0 && !o.classesSet {
		classes = len(in.classes)
	}
	preset := models.IsPreset(o.net)
	if preset && o.size == 0 {
		if len(in.samples) == 0 {
			return tool.Usagef("--net %s needs --size N, or SAMPLES to take it from", o.net)
		}
		shape = models.SampleShape(in.samples[0].Shape)
	}
	var err error
	if in.net, err = models.Network(o.net, shape, classes); err != nil {
		return err
	}
	if !preset && (o.size > 0 || o.classesSet) {
		return tool.Usagef("--size and --classes are for presets; the network in %s has its own", o.net)
	}
	return models.ApplyMasks(in.net, o.masks.Value())
}

// openModel reads a model. Masks and random inputs are by default those of the seed that it was trained with.
func (in *input) openModel(o *options, s tool.Stdio) error {
	if o.size > 0 || o.classesSet {
		return tool.Usagef("--size and --classes are for presets; the model has its own")
	}
	var stdin io.Reader
	in.title = filepath.Base(o.model)
	if tool.IsStdin(o.model) {
		in.title = "the model"
		var err error
		if stdin, err = s.Stdin(); err != nil {
			return err
		}
	}
	m, err := models.Load(o.model, stdin, o.Limits())
	if err != nil {
		return err
	}
	if seed, ok := m.Seed(); ok && !o.seedSet {
		o.seed = seed
	}
	m.File = nil // the parameters once more, and what a checkpoint holds
	in.model, in.net, in.weights, in.classes, in.scale = m, m.Net, m.Weights, m.Classes, m.Scale
	return models.ApplyMasks(in.net, o.masks.Value())
}

// target is what the loss makes of a label: of a network with one output, whether it is that of its class.
func (in *input) target(label int) int {
	if out, err := in.net.Classes(); err != nil || out > 1 || in.model == nil {
		return label
	}
	if label == in.model.PositiveClass() {
		return 1
	}
	return 0
}

// className is what a label is called.
func (in *input) className(label int) string {
	if label < len(in.classes) {
		return in.classes[label]
	}
	return strconv.Itoa(label)
}
