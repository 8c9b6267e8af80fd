package models

import (
	"bytes"
	"testing"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/internal/testkit/hostile"
	"backdrop/lib/net"
)

// packed is a model as an archive that is not compressed.
func packed(tb testing.TB, meta string, params ...hostile.Entry) []byte {
	return hostile.Archive(append([]hostile.Entry{{Name: "__meta__/model.json", Data: meta}}, params...)...)
}

// param is the member of a parameter, all ones.
func param(tb testing.TB, name string, shape ...int) hostile.Entry {
	tb.Helper()
	size := 1
	for _, n := range shape {
		size *= n
	}
	x := make([]float32, size)
	for i := range x {
		x[i] = 1
	}
	var b bytes.Buffer
	if err := npy.WriteFloat32(&b, shape, x); err != nil {
		tb.Fatal(err)
	}
	return hostile.Entry{Name: "param/" + name + ".npy", Data: b.String()}
}

// FuzzLoad: what is loaded has the parameters that its network needs, and is the same when it is loaded again.
func FuzzLoad(f *testing.F) {
	f.Add(packed(f, `{"network":"input c=1 h=2 w=2\nconv out=2 kernel=2\nflatten\nlinear out=2","classes":["a","b"],"std":1}`,
		param(f, "0.weight", 2, 1, 2, 2), param(f, "0.bias", 2), param(f, "2.weight", 2, 2), param(f, "2.bias", 2)))
	f.Add(packed(f, `{"network":"input c=1 h=1 w=1\nlinear out=1","positive":"b","classes":["a","b"],"std":1}`, param(f, "0.weight", 1, 1), param(f, "0.bias", 1)))
	f.Add(packed(f, `{"network":"input c=1 h=1 w=1\nlinear out=16777216","std":1}`, param(f, "0.weight", 1, 1)))
	hostile.Seed(f, hostile.Streams())
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, data := range [][]byte{data, hostile.RepairTar(data)} {
			frames := int64(bytes.Count(data, []byte("\x28\xb5\x2f\xfd")))
			if frames > 0 {
				return // package stream's tests do that
			}
			var m *Loaded
			var err error
			hostile.Cheap(t, 3<<20+100*int64(len(data)), func() { m, err = Load("-", bytes.NewReader(data), stream.Limits{}) })
			if err != nil {
				hostile.OneLine(t, err)
				continue
			}
			need, err := net.ParamShapes(m.Net)
			if err != nil || len(need) != len(m.Weights.Params) {
				t.Fatalf("%d parameters, the network needs %d, %v", len(m.Weights.Params), len(need), err)
			}
			m.PositiveClass()
			m.Seed()
			var b bytes.Buffer
			if m.File.Write(&b) != nil {
				continue // package model's tests say when
			}
			again, err := Load("-", &b, stream.Limits{})
			if err != nil || again.Net.String() != m.Net.String() || again.PositiveClass() != m.PositiveClass() {
				t.Fatalf("%q came back as %v, %v", m.Net, again, err)
			}
			for i, p := range m.Weights.Params {
				if q := again.Weights.Params[i]; p.Name != q.Name || !bytes.Equal(bits(p.Data), bits(q.Data)) {
					t.Fatalf("parameter %s came back as %s, or with other values", p.Name, q.Name)
				}
			}
		}
	})
}

func bits(x []float32) []byte {
	var b bytes.Buffer
	npy.WriteFloat32(&b, []int{len(x)}, x)
	return b.Bytes()
}
