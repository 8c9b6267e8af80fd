package safetensors

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	reader "github.com/nlpodyssey/safetensors"
)

// Arrays and metadata come back, read by a library that others wrote.
func TestWrite(t *testing.T) {
	long := make([]float32, 100_000)
	for i := range long {
		long[i] = float32(i) / 7
	}
	arrays := []Array{
		{"b.weight", []int{2, 3}, []float32{1, -2, 3, float32(math.Inf(1)), 5e-40, 6}},
		{"a", nil, []float32{7}},
		{"long", []int{10, 1, 10_000}, long},
		{"none", []int{0, 4}, nil},
		{`"<ü>"`, []int{1}, []float32{8}},
	}
	metadata := []Entry{{"format", "pt"}, {"text", "two\nlines, \"quoted\", <&> ü"}, {"", ""}}
	for n := range arrays {
		for m := range metadata {
			var b bytes.Buffer
			if err := Write(&b, metadata[:m], arrays[:n+1]); err != nil {
				t.Fatal(err)
			}
			header := binary.LittleEndian.Uint64(b.Bytes())
			if header%8 != 0 || b.Bytes()[8] != '{' {
				t.Errorf("a header of %d bytes that begins with %q", header, b.Bytes()[8])
			}
			got, err := reader.Deserialize(b.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if got.Len() != n+1 {
				t.Errorf("%d arrays, want %d", got.Len(), n+1)
			}
			for _, a := range arrays[:n+1] {
				v, ok := got.Tensor(a.Name)
				data, err := binary.Append(nil, binary.LittleEndian, a.Data)
				if err != nil {
					t.Fatal(err)
				}
				var shape []int
				for _, n := range v.Shape() {
					shape = append(shape, int(n))
				}
				if !ok || fmt.Sprint(v.DType()) != "F32" || !slices.Equal(shape, a.Shape) || !bytes.Equal(v.Data(), data) {
					t.Errorf("%s: type %v, shape %v", a.Name, v.DType(), v.Shape())
				}
			}
			_, about, err := reader.ReadMetadata(b.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			for _, e := range metadata[:m] {
				want[e.Key] = e.Value
			}
			if got := about.Metadata(); len(got) != len(want) || m > 0 && !reflect.DeepEqual(got, want) {
				t.Errorf("metadata %v, want %v", got, want)
			}
		}
	}
}

func TestWriteNames(t *testing.T) {
	one := []float32{1}
	for _, c := range []struct {
		metadata []Entry
		arrays   []Array
		want     string
	}{
		{nil, []Array{{"a", nil, one}, {"a", nil, one}}, `safetensors: the name "a" is there twice`},
		{nil, []Array{{"__metadata__", nil, one}}, `safetensors: the name "__metadata__" is there twice`},
		{[]Entry{{"a", "1"}, {"a", "2"}}, nil, `safetensors: the name "a" is there twice`},
	} {
		var b bytes.Buffer
		if err := Write(&b, c.metadata, c.arrays); err == nil || err.Error() != c.want || b.Len() > 0 {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
