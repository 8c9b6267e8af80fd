package onnx

import (
	"bytes"
	"encoding/binary"
	"math"
	"reflect"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// fields is a message, decoded: the values of each field in their order, bytes or numbers.
type fields map[protowire.Number][]any

func decode(t *testing.T, b []byte) fields {
	t.Helper()
	f := fields{}
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		b = b[n:]
		var v any
		switch kind {
		case protowire.VarintType:
			v, n = protowire.ConsumeVarint(b)
		case protowire.Fixed32Type:
			v, n = protowire.ConsumeFixed32(b)
		case protowire.BytesType:
			v, n = protowire.ConsumeBytes(b)
		default:
			t.Fatalf("wire type %d", kind)
		}
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		b = b[n:]
		f[number] = append(f[number], v)
	}
	return f
}

// message is the i-th message in a field.
func (f fields) message(t *testing.T, number protowire.Number, i int) fields {
	t.Helper()
	return decode(t, f[number][i].([]byte))
}

func (f fields) text(number protowire.Number, i int) string { return string(f[number][i].([]byte)) }

func example() *Model {
	return &Model{
		Producer: "tool", Version: "1.2", Metadata: []Entry{{"a", "1"}, {"b", "ü"}},
		Graph: Graph{
			Name: "g",
			Nodes: []Node{
				{Name: "n", Op: "Conv", Inputs: []string{"x", "w"}, Outputs: []string{"h"}, Attributes: []Attribute{Ints("pads", []int{1, 0}), Int("group", 3)}},
				{Name: "m", Op: "LeakyRelu", Inputs: []string{"h"}, Outputs: []string{"y"}, Attributes: []Attribute{Float("alpha", 0.25)}},
			},
			Weights: []Tensor{{Name: "w", Shape: []int{2, 1}, Floats: []float32{1.5, -2}}, {Name: "axes", Shape: []int{2}, Ints: []int{0, -1}}},
			Inputs:  []Value{{Name: "x", Doc: "what", Shape: []Dimension{{Name: "N"}, {Size: 7}}}},
			Outputs: []Value{{Name: "y", Shape: []Dimension{{Size: 300}}}},
		},
	}
}

// Fields have the numbers and the types of onnx.proto.
func TestWrite(t *testing.T) {
	var b, again bytes.Buffer
	if err := example().Write(&b); err != nil {
		t.Fatal(err)
	}
	if err := example().Write(&again); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("other bytes, %v", err)
	}
	m := decode(t, b.Bytes())
	opset := m.message(t, 8, 0)
	if m[1][0] != uint64(IRVersion) || m.text(2, 0) != "tool" || m.text(3, 0) != "1.2" || opset[2][0] != uint64(Opset) || len(opset) != 1 {
		t.Errorf("model %v", m)
	}
	if e := m.message(t, 14, 1); e.text(1, 0) != "b" || e.text(2, 0) != "ü" || len(m[14]) != 2 {
		t.Errorf("metadata %v", e)
	}
	g := m.message(t, 7, 0)
	n := g.message(t, 1, 0)
	if len(g[1]) != 2 || g.text(2, 0) != "g" || n.text(1, 0) != "x" || n.text(1, 1) != "w" || n.text(2, 0) != "h" || n.text(3, 0) != "n" || n.text(4, 0) != "Conv" {
		t.Errorf("graph %v, node %v", g, n)
	}
	if a := n.message(t, 5, 0); a.text(1, 0) != "pads" || !reflect.DeepEqual(a[8], []any{uint64(1), uint64(0)}) || a[20][0] != uint64(7) {
		t.Errorf("whole numbers %v", a)
	}
	if a := n.message(t, 5, 1); a.text(1, 0) != "group" || a[3][0] != uint64(3) || a[20][0] != uint64(2) {
		t.Errorf("whole number %v", a)
	}
	if a := g.message(t, 1, 1).message(t, 5, 0); a.text(1, 0) != "alpha" || a[2][0] != math.Float32bits(0.25) || a[20][0] != uint64(1) {
		t.Errorf("number %v", a)
	}
	data, _ := binary.Append(nil, binary.LittleEndian, []float32{1.5, -2})
	if w := g.message(t, 5, 0); !reflect.DeepEqual(w[1], []any{uint64(2), uint64(1)}) || w[2][0] != uint64(1) || w.text(8, 0) != "w" || !bytes.Equal(w[9][0].([]byte), data) {
		t.Errorf("floats %v", w)
	}
	if w := g.message(t, 5, 1); w[2][0] != uint64(7) || !reflect.DeepEqual(w[7], []any{uint64(0), uint64(math.MaxUint64)}) || w.text(8, 0) != "axes" {
		t.Errorf("whole numbers %v", w)
	}
	in := g.message(t, 11, 0)
	tensor := in.message(t, 2, 0).message(t, 1, 0)
	shape := tensor.message(t, 2, 0)
	if in.text(1, 0) != "x" || in.text(3, 0) != "what" || tensor[1][0] != uint64(1) || shape.message(t, 1, 0).text(2, 0) != "N" || shape.message(t, 1, 1)[1][0] != uint64(7) {
		t.Errorf("input %v", in)
	}
	if out := g.message(t, 12, 0); out.text(1, 0) != "y" || len(out) != 2 {
		t.Errorf("output %v", out)
	}
}

// Arrays of any length, around that of the pieces in which they are written.
func TestWriteArrays(t *testing.T) {
	for _, size := range []int{0, 1, 1<<14 - 1, 1 << 14, 1<<14 + 1, 100_000} {
		v := make([]float32, size)
		for i := range v {
			v[i] = float32(i)
		}
		m := &Model{Graph: Graph{Weights: []Tensor{{Name: "v", Shape: []int{size}, Floats: v}, {Name: "one", Floats: []float32{1}}}}}
		var b bytes.Buffer
		if err := m.Write(&b); err != nil {
			t.Fatal(err)
		}
		g := decode(t, b.Bytes()).message(t, 7, 0)
		want, _ := binary.Append(nil, binary.LittleEndian, v)
		if got := g.message(t, 5, 0)[9][0].([]byte); !bytes.Equal(got, want) || g.message(t, 5, 1).text(8, 0) != "one" {
			t.Errorf("%d floats: %d bytes, want %d", size, len(got), len(want))
		}
	}
}

func TestWriteTooLarge(t *testing.T) {
	v := make([]float32, 1<<28) // 1 GiB that is not touched
	m := &Model{Graph: Graph{Weights: []Tensor{{Name: "a", Shape: []int{1 << 28}, Floats: v}, {Name: "b", Shape: []int{1 << 28}, Floats: v}}}}
	var b bytes.Buffer
	if err := m.Write(&b); err == nil || !strings.Contains(err.Error(), "onnx: a model of 21474837") || b.Len() > 0 {
		t.Errorf("got %v, and %d bytes", err, b.Len())
	}
}
