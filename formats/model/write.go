package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
)

// Write writes the model, compressed. What Read would refuse is an error.
func (m *Model) Write(w io.Writer) error { return m.WriteAs(w, stream.Zstd) }

// WriteAs is Write with the compression of one's choice.
func (m *Model) WriteAs(w io.Writer, c stream.Compression) error {
	if err := m.check(); err != nil {
		return fmt.Errorf("model: %w", err)
	}
	text, err := m.encodeMeta()
	if err != nil {
		return fmt.Errorf("model: %s: %w", metaName, err)
	}
	out, err := stream.NewMemberWriter(w, c)
	if err != nil {
		return err
	}
	if err := out.Write(metaName, text); err != nil {
		return err
	}
	var b bytes.Buffer
	for _, p := range m.members() {
		b.Reset()
		npy.WriteFloat32(&b, p.Shape, p.Data) // a bytes.Buffer takes everything
		if err := out.Write(p.Name, b.Bytes()); err != nil {
			return err
		}
	}
	return out.Close()
}

// encodeMeta writes model.json as text for people, with the same bytes every time.
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
	err := e.Encode(meta{m.Network, m.Classes, m.Positive, m.Mean, m.Std, m.Training, m.Version, m.Progress})
	return b.Bytes(), err
}
