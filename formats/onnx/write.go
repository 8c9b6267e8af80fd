package onnx

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// MaxBytes is the size of the largest protobuf message.
const MaxBytes = math.MaxInt32

// Write writes the model. One of more than MaxBytes is an error, and nothing is written of it.
func (m *Model) Write(w io.Writer) error {
	all := m.encode()
	if all.size > MaxBytes {
		return fmt.Errorf("onnx: a model of %d bytes; a protobuf message has at most %d", all.size, MaxBytes)
	}
	return all.write(w)
}

// Numbers of fields are those of onnx.proto, whose messages they are named after.

func (m *Model) encode() *message {
	graph := m.Graph.encode()
	opset := &message{}
	opset.number(2, Opset) // OperatorSetIdProto.version; no domain is ai.onnx
	all := &message{}      // ModelProto
	all.number(1, IRVersion)
	all.text(2, m.Producer)
	all.text(3, m.Version)
	all.message(7, graph)
	all.message(8, opset)
	for _, e := range m.Metadata {
		entry := &message{} // StringStringEntryProto
		entry.text(1, e.Key)
		entry.text(2, e.Value)
		all.message(14, entry)
	}
	return all
}

func (g *Graph) encode() *message {
	all := &message{} // GraphProto
	for _, n := range g.Nodes {
		all.message(1, n.encode())
	}
	all.text(2, g.Name)
	for _, t := range g.Weights {
		all.message(5, t.encode())
	}
	for _, v := range g.Inputs {
		all.message(11, v.encode())
	}
	for _, v := range g.Outputs {
		all.message(12, v.encode())
	}
	return all
}

func (n Node) encode() *message {
	all := &message{} // NodeProto
	for _, name := range n.Inputs {
		all.text(1, name)
	}
	for _, name := range n.Outputs {
		all.text(2, name)
	}
	all.text(3, n.Name)
	all.text(4, n.Op)
	for _, a := range n.Attributes {
		all.message(5, a.encode())
	}
	return all
}

func (a Attribute) encode() *message {
	all := &message{} // AttributeProto
	all.text(1, a.name)
	switch a.kind {
	case floatAttribute:
		all.float(2, a.f)
	case intAttribute:
		all.number(3, a.i[0])
	case intsAttribute:
		all.numbers(8, a.i)
	}
	all.number(20, int(a.kind))
	return all
}

func (t Tensor) encode() *message {
	const float, int64s = 1, 7 // TensorProto.DataType
	all := &message{}          // TensorProto
	all.numbers(1, t.Shape)
	if t.Floats != nil {
		all.number(2, float)
		all.text(8, t.Name)
		all.floats(9, t.Floats)
		return all
	}
	all.number(2, int64s)
	all.numbers(7, t.Ints)
	all.text(8, t.Name)
	return all
}

func (v Value) encode() *message {
	shape := &message{} // TensorShapeProto
	for _, d := range v.Shape {
		dimension := &message{}
		if d.Name != "" {
			dimension.text(2, d.Name)
		} else {
			dimension.number(1, d.Size)
		}
		shape.message(1, dimension)
	}
	tensor, kind, all := &message{}, &message{}, &message{} // TypeProto.Tensor, TypeProto, ValueInfoProto
	tensor.number(1, 1)                                     // float
	tensor.message(2, shape)
	kind.message(1, tensor)
	all.text(1, v.Name)
	all.message(2, kind)
	if v.Doc != "" {
		all.text(3, v.Doc)
	}
	return all
}

// message is an encoded protobuf message. Arrays of floats are encoded when it is written.
type message struct {
	parts []part
	size  int64
}

// part is bytes, or floats that become bytes.
type part struct {
	bytes  []byte
	floats []float32
}

// last is the bytes at the end, for more to be appended.
func (m *message) last() *[]byte {
	if n := len(m.parts); n == 0 || m.parts[n-1].floats != nil {
		m.parts = append(m.parts, part{})
	}
	return &m.parts[len(m.parts)-1].bytes
}

// append adds what add appends.
func (m *message) append(add func(b []byte) []byte) {
	b := m.last()
	before := len(*b)
	*b = add(*b)
	m.size += int64(len(*b) - before)
}

// tag begins a field of that many bytes.
func (m *message) tag(field protowire.Number, size int64) {
	m.append(func(b []byte) []byte {
		return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.BytesType), uint64(size))
	})
}

func (m *message) text(field protowire.Number, v string) {
	m.append(func(b []byte) []byte {
		return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), v)
	})
}

func (m *message) number(field protowire.Number, v int) {
	m.append(func(b []byte) []byte {
		return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(v))
	})
}

// numbers is a repeated field, not packed, as proto2 has it.
func (m *message) numbers(field protowire.Number, v []int) {
	for _, v := range v {
		m.number(field, v)
	}
}

func (m *message) float(field protowire.Number, v float32) {
	m.append(func(b []byte) []byte {
		return protowire.AppendFixed32(protowire.AppendTag(b, field, protowire.Fixed32Type), math.Float32bits(v))
	})
}

// floats is a field of bytes that hold numbers, the lowest byte first.
func (m *message) floats(field protowire.Number, v []float32) {
	size := 4 * int64(len(v))
	m.tag(field, size)
	m.parts, m.size = append(m.parts, part{floats: v}), m.size+size
}

func (m *message) message(field protowire.Number, v *message) {
	m.tag(field, v.size)
	for _, p := range v.parts {
		if p.floats != nil {
			m.parts = append(m.parts, p)
			continue
		}
		b := m.last()
		*b = append(*b, p.bytes...)
	}
	m.size += v.size
}

func (m *message) write(w io.Writer) error {
	const chunk = 1 << 14
	for _, p := range m.parts {
		if _, err := w.Write(p.bytes); err != nil {
			return err
		}
		for floats := range slices.Chunk(p.floats, chunk) {
			if err := binary.Write(w, binary.LittleEndian, floats); err != nil {
				return err
			}
		}
	}
	return nil
}
