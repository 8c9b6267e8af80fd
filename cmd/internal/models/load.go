package models

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/model"
	"backdrop/formats/stream"
	"backdrop/lib/data"
	"backdrop/lib/dims"
	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/run"
	"backdrop/lib/scale"
)

// Loaded is a trained network.
type Loaded struct {
	Net      *net.Network
	Weights  *net.Weights
	Classes  []string
	Positive string              // of a network with one output: the class that it is the logit of; "": class 1
	Scale    scale.Normalisation // what samples go through first
	Range    scale.Range         // of the training data, before that; may be unknown
	Resize   dims.Sides          // what samples are resized to, before all; none: they are not
	Training json.RawMessage     // how it was trained (package run)
	File     *model.Model        // the rest of the file: a checkpoint's state
}

// Load reads a model from a file, or from standard input if name is "-". Of a checkpoint it does not keep the state.
func Load(name string, stdin io.Reader, l stream.Limits) (*Loaded, error) {
	return load(name, stdin, l, model.ReadParams)
}

// LoadCheckpoint reads a checkpoint from a file.
func LoadCheckpoint(name string, l stream.Limits) (*Loaded, error) {
	return load(name, nil, l, model.Read)
}

func load(name string, stdin io.Reader, l stream.Limits, read func(io.Reader, stream.Limits) (*model.Model, error)) (*Loaded, error) {
	r := stdin
	if !tool.IsStdin(name) {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, fmt.Errorf("reading model %s: this is a folder; a model is a file that bdtrain -o has written", name)
		}
		r = bufio.NewReader(f)
	}
	file, err := read(r, l)
	if err != nil {
		return nil, fmt.Errorf("reading model %s: %w", tool.InputName(name), err)
	}
	m, err := build(file)
	if err != nil {
		return nil, fmt.Errorf("reading model %s: %w", tool.InputName(name), err)
	}
	return m, nil
}

// build checks that the parameters are those of the network before it makes room for them.
func build(file *model.Model) (*Loaded, error) {
	network, err := net.Parse(file.Network)
	if err != nil {
		return nil, err
	}
	classes, err := network.Classes()
	if err != nil {
		return nil, err
	}
	if len(file.Classes) != classes && classes > 1 {
		return nil, fmt.Errorf("the network has %d outputs, but there are %d class names", classes, len(file.Classes))
	}
	if file.Positive != "" {
		if classes != 1 {
			return nil, fmt.Errorf("the network has %d outputs, but says that one is the logit of class %.40q", classes, file.Positive)
		}
		if _, err := ClassNumber(file.Positive, file.Classes); err != nil {
			return nil, fmt.Errorf("positive class: %w", err)
		}
	}
	need, err := net.ParamShapes(network)
	if err != nil {
		return nil, err
	}
	if len(need) != len(file.Params) {
		return nil, fmt.Errorf("the network has %d parameters, the file holds %d", len(need), len(file.Params))
	}
	for _, p := range need {
		i := slices.IndexFunc(file.Params, func(q model.Param) bool { return q.Name == p.Name })
		if i < 0 {
			return nil, fmt.Errorf("parameter %s is missing", p.Name)
		}
		if got := file.Params[i].Shape; !slices.Equal(got, p.Shape) {
			return nil, fmt.Errorf("parameter %s has shape %v, the network needs %v", p.Name, got, p.Shape)
		}
	}
	weights, err := net.NewWeights(network)
	if err != nil {
		return nil, err
	}
	for _, p := range file.Params {
		if err := weights.Set(p.Name, p.Shape, p.Data); err != nil {
			return nil, err
		}
	}
	m := &Loaded{
		Net: network, Weights: weights, Classes: file.Classes, Positive: file.Positive, Training: file.Training, File: file,
		Scale: scale.Normalisation{Mean: file.Mean, Std: file.Std}, Range: scale.Range(file.Range),
	}
	if file.Resize != "" {
		m.Resize = dims.SidesOf(network.Input.Axes()[1:])
	}
	return m, cmp.Or(m.Scale.Validate(network.Input.C), m.Range.Validate(network.Input.C))
}

// Sizes reports whether the network was trained on windows of samples, so that it judges samples of other sizes than its input.
func (m *Loaded) Sizes() bool { return !m.Windows().None() && m.Resize.None() }

// Windows are the sides of the windows of samples that the network was trained on; none if it was on whole samples.
func (m *Loaded) Windows() dims.Sides {
	t, err := run.ParseTraining(m.Training)
	if err != nil {
		return dims.Sides{}
	}
	a, err := data.ParseAugment(t.Settings.Augment)
	if err != nil {
		return dims.Sides{}
	}
	return a.Crop
}

// Seed returns the seed that the model was trained with, if it says so.
func (m *Loaded) Seed() (seed uint64, ok bool) { return run.ParseSeed(m.Training) }

// Batch returns the number of samples of a training step (run.Training.BatchAt); 0 if the model does not say it.
func (m *Loaded) Batch(step uint64) int {
	t, err := run.ParseTraining(m.Training)
	if err != nil {
		return 0
	}
	return t.BatchAt(step)
}

// PositiveClass is the class that the output of a network with one output is the logit of.
func (m *Loaded) PositiveClass() int {
	if m.Positive == "" {
		return 1
	}
	class, err := ClassNumber(m.Positive, m.Classes)
	if err != nil {
		panic("models: positive class of a model that was checked: " + err.Error())
	}
	return class
}

// Told are the names of the classes that the network's probabilities belong to.
func (m *Loaded) Told() []string {
	outputs, err := m.Net.Classes()
	if err != nil {
		panic("models: classes of a model that was checked: " + err.Error())
	}
	names, err := Told(m.Classes, outputs, m.Positive)
	if err != nil {
		panic("models: positive class of a model that was checked: " + err.Error())
	}
	return names
}

// Ranks returns the loss that the model was trained with, and whether it is one that only ranks samples, by differences of their
// scores, so that these estimate no probabilities.
func (m *Loaded) Ranks() (name string, ranks bool) {
	t, err := run.ParseTraining(m.Training)
	if err != nil {
		return "", false
	}
	return t.Settings.Loss, loss.NeedsBoth(t.Settings.Loss)
}

// Target is what the network has learned of labels.
func (m *Loaded) Target() data.Target {
	if classes, err := m.Net.Classes(); err != nil || classes > 1 {
		return data.Target{}
	}
	return data.Target{OneVsRest: true, Positive: m.PositiveClass()}
}

// Params returns the weights as a model file holds them; the data is shared.
func Params(w *net.Weights) []model.Param {
	var all []model.Param
	for _, p := range w.Params {
		all = append(all, model.Param{Name: p.Name, Shape: p.Shape, Data: p.Data})
	}
	return all
}
