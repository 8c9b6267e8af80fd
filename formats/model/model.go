package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"backdrop/formats/stream"
	"backdrop/lib/dims"
)

// Param is a named array.
type Param struct {
	Name  string    // such as 0.weight
	Shape []int     // in PyTorch's order: OIHW, [out,in]
	Data  []float32 // in C order
}

// Model is a network and its parameters.
type Model struct {
	Network string   // as text
	Classes []string // names of the classes

	// Positive is, for a network with one output, the class that the output is the logit of: its name or, if classes have
	// no names, its number. "" is class 1.
	Positive string

	Mean     []float32       // the network sees (x-Mean)/Std: a number for each input channel, or one for all
	Std      []float32       // as many numbers as Mean
	Range    Range           // of the training data, before that; empty if it is unknown
	Resize   string          // how samples of another size are brought to that of the network's input: Area; "": they are not
	Training json.RawMessage // flags and results of training
	Version  string          // of the tool that wrote the model; may be empty
	Params   []Param         // weights and biases
	State    []Param         // state of the optimiser, in a checkpoint
	Progress json.RawMessage // how far training is, in a checkpoint
}

// Area is the way of resizing that there is: the mean of the area that a pixel covers along axes that shrink, linear interpolation
// along those that grow.
const Area = "area"

// Range says where the values of samples lie. Each list has a number for each channel, or one for all channels.
type Range struct {
	Min, Max  []float32 // the smallest and the largest value
	Magnitude []float32 // the mean absolute value
}

const (
	metaName     = "__meta__/model.json"
	paramFolder  = "param/"
	stateFolder  = "optim/"
	suffix       = ".npy"
	newestFormat = 0 // major version of the newest tools whose models this package understands
)

// MaxArrays bounds the arrays of a model: a thousand layers have two parameters each, and state for each of them.
const MaxArrays = (1 + stateCopies) * 2000

const (
	stateCopies   = 4                    // arrays of state for each parameter: two moments, the last values, the best ones
	maxParamBytes = stream.DefaultMember // of all parameters of a model that is written
)

// meta is the member model.json. Unknown keys are ignored.
type meta struct {
	Network   string          `json:"network"`
	Classes   []string        `json:"classes,omitempty"`
	Positive  string          `json:"positive,omitempty"`
	Mean      json.RawMessage `json:"mean,omitempty"` // a number or a list of numbers, and so what follows
	Std       json.RawMessage `json:"std,omitempty"`
	Min       json.RawMessage `json:"min,omitempty"`
	Max       json.RawMessage `json:"max,omitempty"`
	Magnitude json.RawMessage `json:"magnitude,omitempty"`
	Resize    string          `json:"resize,omitempty"`
	Training  json.RawMessage `json:"training,omitempty"`
	Version   string          `json:"version,omitempty"`
	Progress  json.RawMessage `json:"progress,omitempty"`
}

// check returns an error if something is wrong with m.
func (m *Model) check() error {
	if m.Network == "" {
		return fmt.Errorf("%s: no network", metaName)
	}
	if err := m.checkScale(); err != nil {
		return fmt.Errorf("%s: %w", metaName, err)
	}
	if m.Resize != "" && m.Resize != Area {
		return fmt.Errorf("%s: samples are resized by %s, this program knows %q only", metaName, stream.Quote(m.Resize), Area)
	}
	if err := stream.CheckClasses(m.Classes); err != nil {
		return fmt.Errorf("%s: %w", metaName, err)
	}
	if err := checkVersion(m.Version); err != nil {
		return fmt.Errorf("%s: %w", metaName, err)
	}
	if err := m.checkSizes(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, p := range m.members() {
		if seen[p.Name] {
			return fmt.Errorf("member %s: there are two of them", p.Name)
		}
		seen[p.Name] = true
		if err := p.check(); err != nil {
			return fmt.Errorf("member %s: %w", p.Name, err)
		}
	}
	return nil
}

// checkScale returns an error if the numbers about the scale of the training data are wrong.
func (m *Model) checkScale() error {
	switch {
	case len(m.Std) == 0:
		return errors.New("no std")
	case len(m.Mean) != len(m.Std):
		return fmt.Errorf("there must be as many numbers of mean as of std, got %d and %d", len(m.Mean), len(m.Std))
	}
	for c, std := range m.Std {
		if !(std > 0) || infinite(std) {
			return fmt.Errorf("std must be positive, got %v", std)
		}
		if mean := m.Mean[c]; mean-mean != 0 {
			return fmt.Errorf("mean must be finite, got %v", mean)
		}
	}
	r := m.Range
	if len(r.Max) != len(r.Min) || len(r.Magnitude) != len(r.Min) {
		return fmt.Errorf("there must be as many numbers of min, max and magnitude, got %d, %d and %d", len(r.Min), len(r.Max), len(r.Magnitude))
	}
	for c, low := range r.Min {
		if high := r.Max[c]; !(low <= high) || infinite(low) || infinite(high) {
			return fmt.Errorf("min must be at most max, and both finite, got %v and %v", low, high)
		}
		if size := r.Magnitude[c]; !(size >= 0) || infinite(size) {
			return fmt.Errorf("magnitude must not be negative, got %v", size)
		}
	}
	return nil
}

// checkSizes returns an error if m is larger than Read accepts by default.
func (m *Model) checkSizes() error {
	if n := len(m.Params) + len(m.State); n > MaxArrays {
		return fmt.Errorf("%d arrays, the limit is %d", n, MaxArrays)
	}
	if err := fits("parameters", m.Params, maxParamBytes); err != nil {
		return err
	}
	return fits("state", m.State, stateCopies*maxParamBytes)
}

// fits returns an error if arrays take more than most bytes.
func fits(what string, arrays []Param, most int64) error {
	size := int64(0)
	for _, p := range arrays {
		size += 4 * int64(len(p.Data))
	}
	if size > most {
		return fmt.Errorf("%d bytes of %s, the limit is %d", size, what, most)
	}
	return nil
}

// infinite reports whether v is infinite.
func infinite(v float32) bool { return math.IsInf(float64(v), 0) }

// members returns parameters and state, named as members of the stream.
func (m *Model) members() []Param {
	var all []Param
	for _, p := range m.Params {
		p.Name = paramFolder + p.Name + suffix
		all = append(all, p)
	}
	for _, p := range m.State {
		p.Name = stateFolder + p.Name + suffix
		all = append(all, p)
	}
	return all
}

// checkVersion returns an error if this program is too old to read a model of that version.
func checkVersion(version string) error {
	if version == "" {
		return nil
	}
	text, _, _ := strings.Cut(version, ".")
	major, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return fmt.Errorf("version %s is no version number", stream.Quote(version))
	}
	if major > newestFormat {
		return fmt.Errorf("version %s is newer than %d.x, which this program reads; use a newer one", stream.Quote(version), newestFormat)
	}
	return nil
}

// check returns an error if a value is not finite.
func (p Param) check() error {
	for i, v := range p.Data {
		if v-v != 0 { // NaN or infinite
			return fmt.Errorf("element %v is %v", dims.Index(i, p.Shape), v)
		}
	}
	return nil
}

var errNoModel = errors.New("model: no " + metaName + " in it: is this a data set?")
