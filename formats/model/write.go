package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"backdrop/formats/stream"
)

// Write writes the model, compressed. What Read would refuse is an error.
func (m *Model) Write(w io.Writer) error {
	if err := m.check(); err != nil {
		return fmt.Errorf("model: %w", err)
	}
	text, err := m.encodeMeta()
	if err != nil {
		return fmt.Errorf("model: %s: %w", metaName, err)
	}
	out, err := stream.NewMemberWriter(w, stream.Zstd)
	if err != nil {
		return err
	}
	if err := out.Write(metaName, text); err != nil {
		return err
	}
	for _, p := range m.members() {
		if err := out.WriteFloat32(p.Name, p.Shape, p.Data); err != nil {
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
