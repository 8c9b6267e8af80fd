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
	Name  string // 0.weight
	Shape []int  // in PyTorch's order: OIHW, [out,in]
	Data  []float32
}

// Model is a network and its parameters.
type Model struct {
	Network  string // as text
	Classes  []string
	Positive string    // of a network with one output: the class that it is the logit of, by name or, without names, by number; "": class 1
	Mean     []float32 // the network sees (x-Mean)/Std: a number for each input channel, or one for all
	Std      []float32
	Range    Range           // of the training data, before that; none if it is not known
	Training json.RawMessage // flags and results of training
	Version  string          // of the tool that wrote it; may be empty
	Params   []Param
	State    []Param         // of the optimiser; checkpoints only
	Progress json.RawMessage // where training stands; checkpoints only
}

// Range is where the values of some samples lie. Each list has a number for each channel, or one for all together.
type Range struct {
	Min, Max  []float32
	Magnitude []float32 // mean of the absolute values
}

const (
	metaName     = "__meta__/model.json"
	paramFolder  = "param/"
	stateFolder  = "optim/"
	suffix       = ".npy"
	newestFormat = 0 // major version of the newest tools whose models this package understands
)

// What a model may hold is what training can write, and reading bounds what a file can ask for by the same numbers. A
// checkpoint has four arrays of state for each parameter: two moments, the values after the last epoch and the best ones.
const (
	MaxArrays     = (1 + stateCopies) * 2000 // a thousand layers (package nn) have two parameters each
	stateCopies   = 4
	maxParamBytes = stream.DefaultMember
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
	Training  json.RawMessage `json:"training,omitempty"`
	Version   string          `json:"version,omitempty"`
	Progress  json.RawMessage `json:"progress,omitempty"`
}

// check says what is wrong with m, if anything.
func (m *Model) check() error {
	if m.Network == "" {
		return fmt.Errorf("%s: no network", metaName)
	}
	if err := m.checkScale(); err != nil {
		return fmt.Errorf("%s: %w", metaName, err)
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

// checkScale finds fault with what is known of the training data's scale.
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

// checkSizes finds more in m than Read takes by default.
func (m *Model) checkSizes() error {
	if n := len(m.Params) + len(m.State); n > MaxArrays {
		return fmt.Errorf("%d arrays, the limit is %d", n, MaxArrays)
	}
	if err := fits("parameters", m.Params, maxParamBytes); err != nil {
		return err
	}
	return fits("state", m.State, stateCopies*maxParamBytes)
}

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

func infinite(v float32) bool { return math.IsInf(float64(v), 0) }

// members returns parameters and state, under the names of their members.
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

func (p Param) check() error {
	for i, v := range p.Data {
		if v-v != 0 { // NaN or infinite
			return fmt.Errorf("element %v is %v", dims.Index(i, p.Shape), v)
		}
	}
	return nil
}

var errNoModel = errors.New("model: no " + metaName + " in it: is this a data set?")
