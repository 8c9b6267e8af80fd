package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"backdrop/formats/stream"
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
	Positive string  // of a network with one output: the class that it is the logit of, by name or, without names, by number; "": class 1
	Mean     float32 // the network sees (x-Mean)/Std
	Std      float32
	Training json.RawMessage // flags and results of training
	Version  string          // of the tool that wrote it; may be empty
	Params   []Param
	State    []Param         // of the optimiser; checkpoints only
	Progress json.RawMessage // where training stands; checkpoints only
}

const (
	metaName     = "__meta__/model.json"
	paramFolder  = "param/"
	stateFolder  = "optim/"
	suffix       = ".npy"
	newestFormat = 0 // major version of the newest tools whose models this package understands
)

// meta is the member model.json. Unknown keys are ignored.
type meta struct {
	Network  string          `json:"network"`
	Classes  []string        `json:"classes,omitempty"`
	Positive string          `json:"positive,omitempty"`
	Mean     float32         `json:"mean"`
	Std      float32         `json:"std"`
	Training json.RawMessage `json:"training,omitempty"`
	Version  string          `json:"version,omitempty"`
	Progress json.RawMessage `json:"progress,omitempty"`
}

// check says what is wrong with m, if anything.
func (m *Model) check() error {
	if m.Network == "" {
		return fmt.Errorf("%s: no network", metaName)
	}
	if !(m.Std > 0) || math.IsInf(float64(m.Std), 0) {
		return fmt.Errorf("%s: std must be positive, got %v", metaName, m.Std)
	}
	if mean := float64(m.Mean); math.IsNaN(mean) || math.IsInf(mean, 0) {
		return fmt.Errorf("%s: mean must be finite, got %v", metaName, mean)
	}
	if err := stream.CheckClasses(m.Classes); err != nil {
		return fmt.Errorf("%s: %w", metaName, err)
	}
	if err := checkVersion(m.Version); err != nil {
		return fmt.Errorf("%s: %w", metaName, err)
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
			return fmt.Errorf("element %v is %v", position(i, p.Shape), v)
		}
	}
	return nil
}

// position is the index along each axis of element i in C order.
func position(i int, shape []int) []int {
	at := make([]int, len(shape))
	for axis := len(shape) - 1; axis >= 0; axis-- {
		at[axis] = i % shape[axis]
		i /= shape[axis]
	}
	return at
}

var errNoModel = errors.New("model: no " + metaName + " in it: is this a data set?")
