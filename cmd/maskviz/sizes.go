package main

import (
	"fmt"
	"slices"

	"backdrop/cmd/internal/models"
	"backdrop/formats/stream"
	"backdrop/lib/draw"
	"backdrop/lib/net"
)

// fit makes the network that of the samples, which may be larger or smaller than the windows that it was trained on. Where
// they differ, it is that of the first.
func (in *input) fit(c *config) error {
	for _, s := range in.samples {
		if _, err := in.on(s); err != nil {
			return err
		}
	}
	in.differ = in.differInSize()
	if len(in.samples) == 0 {
		return nil
	}
	if in.differ && c.one() {
		in.samples = in.samples[:1]
	}
	var err error
	in.net, err = in.on(in.samples[0])
	return err
}

// differInSize reports whether the samples are not all of one size.
func (in *input) differInSize() bool {
	return slices.ContainsFunc(in.samples, func(s *stream.Sample) bool { return !slices.Equal(s.Shape, in.samples[0].Shape) })
}

// several reports whether samples of several sizes are shown.
func (in *input) several(c *config) bool { return in.differ && !c.one() }

// on is the network for a sample.
func (in *input) on(s *stream.Sample) (*net.Network, error) {
	if in.model != nil {
		return in.model.On(s)
	}
	if shape := models.SampleShape(s.Shape); shape != in.net.Input {
		return nil, fmt.Errorf("sample %s is %v, the network takes %v%s", s.Key, shape, in.net.Input, models.AxesHint(shape, in.net.Input))
	}
	return in.net, nil
}

// alone is the input of one sample, as a step of its own.
func (in *input) alone(sample int) (*input, error) {
	one := *in
	one.samples = in.samples[sample : sample+1]
	var err error
	one.net, err = in.on(one.samples[0])
	return &one, err
}

// windows says that the samples are not as large as those that the network was trained on; "" if they are.
func (in *input) windows() string {
	if in.model == nil || in.model.Windows().None() {
		return ""
	}
	size, dimensions := in.net.Input.Axes()[1:], in.net.Input.Dimensions()
	window := in.model.Windows().Along(dimensions)
	if slices.Equal(window, size) {
		return ""
	}
	note := fmt.Sprintf("The network was trained on windows of %s %s. These are masks on whole samples.", by(window), words[dimensions].short)
	if in.differ {
		note += " As their sizes differ, each is a step of its own."
	}
	return note
}

// sheetOfSizes is a sheet of samples that differ in size, each as a step of its own.
func sheetOfSizes(in *input, c *config, w *watch) (*draw.Sheet, error) {
	steps := make([]*step, len(in.samples))
	inputs, bytes, sum := make([]*input, len(steps)), make([]float64, len(steps)), 0.0
	for n := range steps {
		var err error
		if inputs[n], err = in.alone(n); err != nil {
			return nil, err
		}
		if steps[n], err = newStep(inputs[n], c); err != nil {
			return nil, err
		}
		steps[n].watch = w
		bytes[n] = steps[n].shownBytes(c, 1)
		sum += bytes[n]
	}
	var all *draw.Sheet
	for n, st := range steps {
		inputs[n].beside = sum - bytes[n]
		p, err := st.planMemory(inputs[n], c)
		if err != nil {
			return nil, err
		}
		l, err := newLens(inputs[n], st, c, p)
		if err != nil {
			return nil, err
		}
		s, err := st.sheet(l)
		if err != nil {
			return nil, err
		}
		for i := range s.Panels {
			s.Panels[i].Title += fmt.Sprintf(" · sample %d", n)
		}
		if all == nil {
			all = s
			all.Title, all.Group = fmt.Sprintf("Backdrop %s of %s, inputs of several sizes", l.what(), in.title), len(s.Panels)
			continue
		}
		all.Panels = append(all.Panels, s.Panels...)
	}
	return all, nil
}
