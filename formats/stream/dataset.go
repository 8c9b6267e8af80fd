package stream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Dataset says what a stream of samples is; it is the member __meta__/dataset.json. Unknown keys are ignored.
type Dataset struct {
	Tool    string          `json:"tool,omitempty"`    // what wrote the stream
	Version string          `json:"version,omitempty"` // of the tool
	Command []string        `json:"command,omitempty"` // its arguments
	Classes []string        `json:"classes,omitempty"` // names of the classes, by label
	Extra   json.RawMessage `json:"extra,omitempty"`   // whatever else the tool says of the data
}

const (
	datasetName = "__meta__/dataset.json"
	modelName   = "__meta__/model.json"
)

// named reports whether a member is the one wanted, in whatever folder it was packed.
func named(name, want string) bool {
	return name == want || strings.HasSuffix(name, "/"+want)
}

// add takes in what another dataset.json says. The first one counts, but for classes that only a later one names.
func (d *Dataset) add(data []byte, first bool) error {
	var next Dataset
	if err := json.Unmarshal(data, &next); err != nil {
		return fmt.Errorf("json: %w", err)
	}
	var extra bytes.Buffer
	json.Compact(&extra, next.Extra) // it was valid with what is round it
	next.Extra = extra.Bytes()
	switch {
	case first:
		*d = next
	case len(d.Classes) == 0:
		d.Classes = next.Classes
	case len(next.Classes) > 0 && !slices.Equal(d.Classes, next.Classes):
		return fmt.Errorf("classes %q differ from the classes %q of the stream before", next.Classes, d.Classes)
	}
	return nil
}

// encode writes d as text for people, with the same bytes every time.
func (d Dataset) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(d)
	return b.Bytes(), err
}
