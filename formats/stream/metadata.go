package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Metadata describes a stream of samples: who made it, and what the classes are called. It is the member
// __meta__/dataset.json; keys that are unknown are ignored.
type Metadata struct {
	Tool    string          `json:"tool,omitempty"`    // the program that wrote the stream
	Version string          `json:"version,omitempty"` // of that program
	Command []string        `json:"command,omitempty"` // its arguments
	Classes []string        `json:"classes,omitempty"` // names of the classes, by label
	Axes    string          `json:"axes,omitempty"`    // what the axes of a sample's array are, by letters such as CHW; see package dataset
	Extra   json.RawMessage `json:"extra,omitempty"`   // whatever else the program says about the data
}

// MetadataName is the member that holds it.
const MetadataName = "__meta__/dataset.json"

const (
	datasetName = MetadataName
	modelName   = "__meta__/model.json"
)

// named reports whether a member has the wanted name, alone or below the folder that was packed.
func named(name, want string) bool {
	return name == want || strings.HasSuffix(name, "/"+want)
}

// add adds what another dataset.json says. The first one counts, except that a later one may be the first to name classes, and must not contradict it.
func (d *Metadata) add(data []byte, first bool) error {
	var next Metadata
	if err := ParseJSON(data, &next); err != nil {
		return err
	}
	if err := CheckClasses(next.Classes); err != nil {
		return err
	}
	var extra bytes.Buffer
	json.Compact(&extra, next.Extra) // valid, because all of data was
	next.Extra = extra.Bytes()
	if !first && next.Axes != "" && d.Axes != "" && next.Axes != d.Axes {
		return fmt.Errorf("axes are %s, but %s in the stream before", Quote(next.Axes), Quote(d.Axes))
	}
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

// encode returns d as indented JSON, with the same bytes every time.
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
