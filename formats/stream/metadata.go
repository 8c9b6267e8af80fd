package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// Metadata says what a stream of samples is; it is the member __meta__/dataset.json. Unknown keys are ignored.
type Metadata struct {
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
func (d *Metadata) add(data []byte, first bool) error {
	var next Metadata
	if err := ParseJSON(data, &next); err != nil {
		return err
	}
	if err := CheckClasses(next.Classes); err != nil {
		return err
	}
	var extra bytes.Buffer
	json.Compact(&extra, next.Extra) // it was valid with what is round it
	next.Extra = extra.Bytes()
	switch {
	case first:
		*d = next
	case len(d.Classes) == 0:
		d.Classes = next.Classes
	case len(next.Classes) > 0:
		return checkSame(next.Classes, d.Classes)
	}
	return nil
}

// encode writes d as text for people, with the same bytes every time.
func (d Metadata) encode() ([]byte, error) {
	if err := CheckClasses(d.Classes); err != nil {
		return nil, err
	}
	if len(d.Extra) > 0 && !json.Valid(d.Extra) {
		return nil, errors.New("extra is not JSON")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(d)
	return b.Bytes(), err
}
