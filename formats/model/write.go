package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"backdrop/formats/stream"
)

// Write writes the model, compressed. A model that Read would refuse by its default limits is an error.
func (m *Model) Write(w io.Writer) error { return m.WriteAs(w, stream.Zstd) }

// WriteAs is Write with any compression.
func (m *Model) WriteAs(w io.Writer, c stream.Compression) error {
	out, err := m.begin(w, c)
	if err != nil {
		return err
	}
	for _, p := range m.members() {
		if err := out.WriteArray(p.Name, p.Shape, slices.Values([][]float32{p.Data})); err != nil {
			return err
		}
	}
	return out.Close()
}

// Check returns the error that Write would return before it writes any array.
func (m *Model) Check() error {
	_, err := m.begin(io.Discard, stream.None)
	return err
}

// begin checks the model and writes everything but its arrays.
func (m *Model) begin(w io.Writer, c stream.Compression) (*stream.MemberWriter, error) {
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	text, err := m.encodeMeta()
	if err != nil {
		return nil, fmt.Errorf("model: %s: %w", metaName, err)
	}
	out, err := stream.NewMemberWriter(w, c)
	if err != nil {
		return nil, err
	}
	return out, out.Write(metaName, text)
}

// encodeMeta returns model.json as indented JSON, with the same bytes every time.
func (m *Model) encodeMeta() ([]byte, error) {
	if len(m.Training) > 0 && !json.Valid(m.Training) {
		return nil, errors.New("training is not JSON")
	}
	if len(m.Progress) > 0 && !json.Valid(m.Progress) {
		return nil, errors.New("progress is not JSON")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(meta{
		Network: m.Network, Classes: m.Classes, Positive: m.Positive, Mean: encodeNumbers(m.Mean), Std: encodeNumbers(m.Std),
		Min: encodeNumbers(m.Range.Min), Max: encodeNumbers(m.Range.Max), Magnitude: encodeNumbers(m.Range.Magnitude),
		Resize: m.Resize, Training: m.Training, Version: m.Version, Progress: m.Progress,
	})
	return b.Bytes(), err
}
