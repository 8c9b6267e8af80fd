package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"backdrop/lib/dims"
)

// Array is a named array in C order.
type Array struct {
	Name  string
	Shape []int // none for a single number
	Data  []float32
}

// Entry is a pair of texts of the metadata.
type Entry struct{ Key, Value string }

const (
	metadataName = "__metadata__" // no array is called so
	alignment    = 8
)

// Write writes arrays, in their order, with metadata. Names are distinct, and keys are.
func Write(w io.Writer, metadata []Entry, arrays []Array) error {
	header, err := encodeHeader(metadata, arrays)
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	if err := binary.Write(w, binary.LittleEndian, uint64(len(header))); err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	const chunk = 1 << 14
	for _, a := range arrays {
		for part := range slices.Chunk(a.Data, chunk) {
			if err := binary.Write(w, binary.LittleEndian, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// description is what the header says of an array.
type description struct {
	Type    string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"` // of its first byte, and of that behind its last one
}

func encodeHeader(metadata []Entry, arrays []Array) ([]byte, error) {
	var texts, all []member
	for _, e := range metadata {
		texts = append(texts, member{e.Key, e.Value})
	}
	text, err := object(texts)
	if err != nil {
		return nil, err
	}
	all = append(all, member{metadataName, text})
	offset := int64(0)
	for _, a := range arrays {
		if dims.Count(a.Shape) != len(a.Data) {
			panic("safetensors: an array whose data are not of its shape")
		}
		end := offset + 4*int64(len(a.Data))
		all = append(all, member{a.Name, description{"F32", append([]int{}, a.Shape...), [2]int64{offset, end}}})
		offset = end
	}
	header, err := object(all)
	if err != nil {
		return nil, err
	}
	return append(header, bytes.Repeat([]byte(" "), -len(header)&(alignment-1))...), nil
}

// member is a member of a JSON object.
type member struct {
	name  string
	value any
}

// object is a JSON object whose members keep their order.
func object(members []member) (json.RawMessage, error) {
	text := []byte("{")
	seen := map[string]bool{}
	for i, m := range members {
		if seen[m.name] {
			return nil, fmt.Errorf("the name %.100q is there twice", m.name)
		}
		seen[m.name] = true
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(append(text, name...), ':'), value...)
	}
	return append(text, '}'), nil
}
