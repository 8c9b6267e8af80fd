package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/mask"
	"backdrop/lib/net"
)

func TestWriteStream(t *testing.T) {
	keep := []bool{true, false, false, false, true, true, false, true}
	st := newTestStep(t, twoMasks, 2, net.Masks{
		1: mask.New(mask.N|mask.H|mask.W, [5]int{2, 2, 1, 2, 2}, keep),
		3: nil,
	})
	var b bytes.Buffer
	if err := st.writeStream(&b, stream.Zstd); err != nil {
		t.Fatal(err)
	}
	r, err := stream.NewMemberReader(&b, stream.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var meta header
	arrays := map[string]*npy.Array{}
	var names []string
	for {
		m, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, m.Name)
		if m.Name == "__meta__/masks.json" {
			if err := json.Unmarshal(m.Data, &meta); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if arrays[m.Name], err = npy.Read(bytes.NewReader(bytes.Clone(m.Data)), 1<<20); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"__meta__/masks.json", "mask/fine.npy", "mask/coarse.npy", "mask/product.npy"}; !slices.Equal(names, want) {
		t.Fatalf("members: got %q, want %q", names, want)
	}
	if meta.Network != st.net.String() || meta.Seed != 1 || meta.Batch != 2 || !slices.Equal(meta.Layers, []string{"fine", "coarse"}) {
		t.Errorf("masks.json: got %+v", meta)
	}
	for name, want := range map[string]struct {
		shape []int
		data  []float32
	}{
		"mask/fine.npy":   {[]int{2, 1, 2, 2}, []float32{2, 0, 0, 0, 2, 2, 0, 2}}, // 4 of 8 kept
		"mask/coarse.npy": {[]int{1, 1, 1, 1}, []float32{1}},
		"mask/product.npy": {[]int{2, 1, 4, 4}, []float32{
			2, 2, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
			2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 2, 2, 0, 0, 2, 2}},
	} {
		a := arrays[name]
		data, err := a.Float32()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.Shape, want.shape) || !slices.Equal(data, want.data) {
			t.Errorf("%s: got %v %v, want %v %v", name, a.Shape, data, want.shape, want.data)
		}
	}
}

func TestWriteStreamRefusesProduct(t *testing.T) {
	st := newTestStep(t, "input c=1 h=2 w=2\nbackdrop name=product p=0.5 axes=HW\ngap\nlinear out=2", 1, nil)
	if err := st.writeStream(io.Discard, stream.Zstd); err == nil || !strings.Contains(err.Error(), "a layer is named product") {
		t.Errorf("got %v", err)
	}
}
