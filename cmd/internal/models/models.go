// Package models turns model files, network files and the names of presets into networks that are ready to use.
package models

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/model"
	"backdrop/formats/stream"
	"backdrop/lib/decimal"
	"backdrop/lib/mask"
	"backdrop/lib/net"
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
	Training json.RawMessage
	File     *model.Model // the rest of the file: a checkpoint's state
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
	return m, cmp.Or(m.Scale.Validate(network.Input.C), m.Range.Validate(network.Input.C))
}

// Seed returns the seed that the model was trained with, if it says so.
func (m *Loaded) Seed() (seed uint64, ok bool) {
	var training struct {
		Settings struct {
			Seed *uint64 `json:"seed"`
		} `json:"settings"`
	}
	if json.Unmarshal(m.Training, &training) != nil || training.Settings.Seed == nil {
		return 0, false
	}
	return *training.Settings.Seed, true
}

// Batch returns the number of samples of a training step, counted from 0 through all epochs; 0 if the model does not say
// it. The last step of an epoch has the samples that are left.
func (m *Loaded) Batch(step uint64) int {
	var training struct {
		Settings struct {
			Batch int `json:"batch"` // 0: all
		} `json:"settings"`
		Last struct {
			Samples int `json:"samples"` // of an epoch
		} `json:"last"`
	}
	if json.Unmarshal(m.Training, &training) != nil {
		return 0
	}
	batch, samples := max(0, training.Settings.Batch), training.Last.Samples
	switch {
	case samples <= 0:
		return batch
	case batch == 0 || batch >= samples:
		return samples
	}
	steps := (samples-1)/batch + 1
	return min(batch, samples-batch*int(step%uint64(steps)))
}

// clip keeps a list from filling more than an error line.
func clip(list string) string {
	const most = 300
	if len(list) > most {
		return strings.ToValidUTF8(list[:most], "") + "…"
	}
	return list
}

// ClassNumber finds a class by its name or, where names are no numbers, by its number. Without names every number is a class.
func ClassNumber(class string, classes []string) (int, error) {
	if len(classes) == 0 {
		i, err := strconv.Atoi(class)
		if err != nil || i < 0 {
			return 0, fmt.Errorf("%.40q is not a class number; the classes have no names here", class)
		}
		return i, nil
	}
	i, as, err := stream.NewClassNames(classes).Find(class)
	if err != nil || as == stream.NumberLabel {
		return 0, fmt.Errorf("there is no class %.40q, only %s", class, clip(strings.Join(classes, ", ")))
	}
	return i, nil
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

// SampleShape is what a network calls the shape of a sample, [W], [H,W] or [C,H,W].
func SampleShape(shape []int) net.Shape {
	switch len(shape) {
	case 1:
		return net.Shape{C: 1, H: 1, W: shape[0]}
	case 2:
		return net.Shape{C: 1, H: shape[0], W: shape[1]}
	}
	return net.Shape{C: shape[0], H: shape[1], W: shape[2]}
}

// Params returns the weights as a model file holds them; the data is shared.
func Params(w *net.Weights) []model.Param {
	var all []model.Param
	for _, p := range w.Params {
		all = append(all, model.Param{Name: p.Name, Shape: p.Shape, Data: p.Data})
	}
	return all
}

// maxNetworkText bounds a network file: a thousand layers of a hundred bytes.
const maxNetworkText = 100 << 10

// Network returns the preset of that name for the given input and number of classes, or reads the file of that name,
// which has an input and a number of classes of its own.
func Network(name string, in net.Shape, classes int) (*net.Network, error) {
	if slices.Contains(net.Presets, name) {
		network, err := net.Preset(name, in, classes)
		if err != nil {
			err = fmt.Errorf("%w, from that of --print-net --size 64, say%s", err, AxesHint(in, net.Shape{}))
		}
		return network, err
	}
	text, err := networkText(name)
	if err != nil {
		return nil, err
	}
	network, err := net.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return network, nil
}

// AxesHint is dataset.AxesHint: it ends an error about samples of another shape than a network takes.
func AxesHint(got, want net.Shape) string {
	return dataset.AxesHint([3]int{got.C, got.H, got.W}, [3]int{want.C, want.H, want.W})
}

// IsPreset reports whether name is a preset, which takes its input's shape from the data.
func IsPreset(name string) bool { return slices.Contains(net.Presets, name) }

func networkText(name string) (string, error) {
	f, err := os.Open(name)
	if os.IsNotExist(err) && !strings.ContainsAny(name, "/.") {
		return "", tool.Usagef("there is no network %q: neither a preset (%s) nor a file", name, strings.Join(net.Presets, ", "))
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxNetworkText+1))
	if err != nil {
		return "", err
	}
	if len(text) > maxNetworkText {
		return "", fmt.Errorf("reading %s: a network text has at most %d bytes", name, maxNetworkText)
	}
	return string(text), nil
}

// ApplyMasks sets backdrop layers as --mask NAME=P[:AXES] says.
func ApplyMasks(network *net.Network, overrides []string) error {
	for _, o := range overrides {
		name, value, ok := strings.Cut(o, "=")
		p, axes, hasAxes := strings.Cut(value, ":")
		if !ok {
			return tool.Usagef("--mask %q is not of the form NAME=P or NAME=P:AXES, such as fine=0.95:NHW", o)
		}
		i, err := Backdrop(network, name)
		if err != nil {
			return tool.Usagef("--mask %q: %w", o, err)
		}
		l := &network.Layers[i]
		if l.P, err = decimal.Float(p); err != nil || !(l.P >= 0 && l.P <= 1) {
			return tool.Usagef("--mask %q: the probability must lie between 0 and 1, got %q", o, p)
		}
		if hasAxes {
			if l.Axes, err = mask.ParseAxes(axes); err != nil {
				return tool.Usagef("--mask %q: %w", o, err)
			}
		}
	}
	return nil
}

// Backdrop finds a backdrop layer by its name.
func Backdrop(network *net.Network, name string) (layer int, err error) {
	var names []string
	for _, i := range network.Backdrops() {
		if network.Layers[i].Name == name {
			return i, nil
		}
		names = append(names, network.Layers[i].Name)
	}
	if names == nil {
		return 0, errors.New("the network has no backdrop layers")
	}
	return 0, fmt.Errorf("the network has no backdrop layer of that name, only %s", strings.Join(names, ", "))
}

// NoMasks makes every backdrop layer an identity.
func NoMasks(network *net.Network) {
	for _, i := range network.Backdrops() {
		network.Layers[i].P = 0
	}
}
