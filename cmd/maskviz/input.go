package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/stream"
	"backdrop/lib/nn"
)

// input is what a picture is made from.
type input struct {
	title     string // what the network is called
	net       *nn.Network
	weights   *nn.Weights // nil: not trained
	classes   []string    // nil: numbers
	mean, std float32
	samples   []*stream.Sample
}

// open reads the samples and the network. A preset takes its size and number of classes from the samples where the
// flags do not say.
func (o *options) open(s tool.Streams) (*input, error) {
	var stdin io.Reader
	if o.model == "-" || o.samples == "-" {
		var err error
		if stdin, err = s.Stdin(); err != nil {
			return nil, err
		}
	}
	in := &input{std: 1}
	if o.samples != "" {
		if err := in.readSamples(o, stdin); err != nil {
			return nil, err
		}
	}
	if err := in.openNetwork(o, stdin); err != nil {
		return nil, err
	}
	if err := models.ApplyMasks(in.net, o.masks.Value()); err != nil {
		return nil, err
	}
	for _, sample := range in.samples {
		if shape := shapeOf(sample); shape != in.net.Input {
			return nil, fmt.Errorf("sample %s is %v, the network takes %v", sample.Key, shape, in.net.Input)
		}
	}
	return in, nil
}

// readSamples reads as many samples as are drawn: masks need the shape of one.
func (in *input) readSamples(o *options, stdin io.Reader) error {
	source, err := dataset.Open(o.samples, stdin, dataset.Options{Labels: o.labels})
	if err != nil {
		return err
	}
	defer source.Close()
	want := 1
	if o.mode == "gradient" {
		want = o.batch
	}
	for len(in.samples) < want {
		sample, err := source.Next()
		if err == io.EOF {
			return fmt.Errorf("there are only %d samples, --batch needs %d", len(in.samples), want)
		}
		if err != nil {
			return err
		}
		in.samples = append(in.samples, sample)
	}
	in.classes = source.Dataset().Classes
	return nil
}

func (in *input) openNetwork(o *options, stdin io.Reader) error {
	if o.model != "" {
		return in.openModel(o, stdin)
	}
	in.title = filepath.Base(o.net)
	shape, classes := nn.Shape{C: 1, H: o.size, W: o.size}, o.classes
	if len(in.classes) > 0 && !o.classesSet {
		classes = len(in.classes)
	}
	preset := models.IsPreset(o.net)
	if preset && o.size == 0 {
		if len(in.samples) == 0 {
			return tool.Usagef("--net %s needs --size N, or SAMPLES to take it from", o.net)
		}
		shape = shapeOf(in.samples[0])
	}
	var err error
	if in.net, err = models.Network(o.net, shape, classes); err != nil {
		return err
	}
	if !preset && (o.size > 0 || o.classesSet) {
		return tool.Usagef("--size and --classes are for presets; the network in %s has its own", o.net)
	}
	return nil
}

func (in *input) openModel(o *options, stdin io.Reader) error {
	if o.size > 0 || o.classesSet {
		return tool.Usagef("--size and --classes are for presets; the model has its own")
	}
	m, err := models.Load(o.model, stdin)
	if err != nil {
		return err
	}
	if len(in.classes) > 0 && !slices.Equal(in.classes, m.Classes) {
		return fmt.Errorf("the classes of the samples, %q, are not those of the model, %q", in.classes, m.Classes)
	}
	in.title = filepath.Base(o.model)
	if tool.IsStdin(o.model) {
		in.title = "the model"
	}
	in.net, in.weights, in.classes, in.mean, in.std = m.Net, m.Weights, m.Classes, m.Mean, m.Std
	return nil
}

// shapeOf returns the shape of a sample, which is [H,W] or [C,H,W].
func shapeOf(s *stream.Sample) nn.Shape {
	if len(s.Shape) == 2 {
		return nn.Shape{C: 1, H: s.Shape[0], W: s.Shape[1]}
	}
	return nn.Shape{C: s.Shape[0], H: s.Shape[1], W: s.Shape[2]}
}

// className is what a label is called.
func (in *input) className(label int) string {
	if label < len(in.classes) {
		return in.classes[label]
	}
	return strconv.Itoa(label)
}
