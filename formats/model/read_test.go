package model

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
)

func TestReadRefuses(t *testing.T) {
	meta := member{metaName, `{"network":"gap","std":1}`}
	x := array(npy.Float32, []int{2}, 1, 2)
	const noModel = "model: no __meta__/model.json in it: is this a data set?"
	for _, c := range []struct {
		name    string
		members []member
		want    string
		cut     bool
	}{
		{"nothing", nil, noModel, false},
		{"data set", []member{{"__meta__/dataset.json", "{}"}, {"000000.x.npy", x}}, noModel, false},
		{"data set without metadata", []member{{"000000.x.npy", x}}, noModel, false},
		{"parameters alone", []member{{"param/0.npy", x}}, noModel, false},
		{"no JSON", []member{{metaName, "{"}}, "model: member __meta__/model.json: JSON ends too early, after 1 bytes", false},
		{"no class", []member{{metaName, `{"network":"gap","std":1,"classes":["a",""]}`}}, `model: __meta__/model.json: class 1, "", is empty`, false},
		{"class of two lines", []member{{metaName, `{"network":"gap","std":1,"classes":["a\nb"]}`}}, `model: __meta__/model.json: class 0, "a\nb", has a control character`, false},
		{"mean no number", []member{{metaName, `{"network":"gap","std":1,"mean":"0"}`}}, `model: member __meta__/model.json: mean must be a number or a list of numbers, found "\"0\""`, false},
		{"list of lists", []member{{metaName, `{"network":"gap","std":[[1]]}`}}, `model: member __meta__/model.json: std must be a number or a list of numbers, found "[[1]]"`, false},
		{"one mean of two deviations", []member{{metaName, `{"network":"gap","mean":1,"std":[1,2]}`}}, "as many numbers of mean as of std, got 1 and 2", false},
		{"a deviation of 0", []member{{metaName, `{"network":"gap","mean":[1,2],"std":[1,0]}`}}, "std must be positive, got 0", false},
		{"no numbers", []member{{metaName, `{"network":"gap","mean":[],"std":[]}`}}, "no std", false},
		{"half a range", []member{{metaName, `{"network":"gap","std":1,"min":0}`}}, "as many numbers of min, max and magnitude, got 1, 0 and 0", false},
		{"network no text", []member{{metaName, `{"network":["gap"],"std":1}`}}, "model: member __meta__/model.json: network must be text, found a list", false},
		{"no network", []member{{metaName, `{"std":1}`}}, "model: __meta__/model.json: no network", false},
		{"no deviation", []member{{metaName, `{"network":"gap"}`}}, "model: __meta__/model.json: no std", false},
		{"mean too large", []member{{metaName, `{"network":"gap","std":1,"mean":1e99}`}}, `__meta__/model.json: mean: "1e99" is beyond the range of numbers there`, false},
		{"from the future", []member{{metaName, `{"network":"gap","std":1,"version":"7.1"}`}}, `version "7.1" is newer than 0.x`, false},
		{"two models", []member{meta, meta}, "model: member __meta__/model.json: there are two of them", false},
		{"two of one name", []member{meta, {"param/0.npy", x}, {"param/0.npy", x}}, "model: member param/0.npy: there are two of them", false},
		{"stranger", []member{meta, {"param/0.bin", x}}, "model: member param/0.bin: no part of a model", false},
		{"NaN", []member{meta, {"param/0.npy", array(npy.Float64, []int{1, 3}, 1, 2, float32(math.NaN()))}}, "member param/0.npy: element [0 2] is NaN", false},
		{"cut array", []member{meta, {"param/0.npy", x[:len(x)-1]}}, "member param/0.npy: npy: data ends after 7 of 8 bytes", true},
		{"no array", []member{meta, {"param/0.npy", ""}}, "member param/0.npy: npy: no data", true},
		{"two arrays", []member{meta, {"optim/0.npy", x + x}}, "member optim/0.npy: 136 bytes behind the array", false},
		{"too much state", []member{meta, {"optim/0.npy", array(npy.Float16, []int{250}, make([]float32, 250)...)}, {"optim/1.npy", array(npy.Float16, []int{250}, make([]float32, 250)...)},
			{"optim/2.npy", array(npy.Float16, []int{250}, make([]float32, 250)...)}, {"optim/3.npy", array(npy.Float16, []int{250}, make([]float32, 250)...)},
			{"optim/4.npy", array(npy.Float16, []int{250}, make([]float32, 250)...)}}, "member optim/4.npy: npy: shape (250,) needs 1000 bytes as f4, more than the limit of 96", false},
		{"too much together", []member{meta, {"param/0.npy", array(npy.Float16, []int{150}, make([]float32, 150)...)},
			{"param/1.npy", array(npy.Float16, []int{150}, make([]float32, 150)...)}}, "member param/1.npy: npy: shape (150,) needs 600 bytes as f4, more than the limit of 424", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			limit := int64(1024)
			if c.name == "too much together" {
				if _, err := Read(bytes.NewReader(pack(t, stream.None, c.members[:2]...)), stream.Limits{Member: limit}); err != nil {
					t.Errorf("one array alone: %v", err)
				}
			}
			_, err := Read(bytes.NewReader(pack(t, stream.None, c.members...)), stream.Limits{Member: limit})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if errors.Is(err, io.ErrUnexpectedEOF) != c.cut {
				t.Errorf("a cut is %v, want %v: %v", !c.cut, c.cut, err)
			}
		})
	}
}

func TestReadSomebodysModel(t *testing.T) {
	got, err := Read(bytes.NewReader(pack(t, stream.None,
		member{"__meta__/notes.txt", "by hand"},
		member{"param/0.weight.npy", array(npy.Float64, []int{1, 2}, 1, 2)},
		member{metaName, `{"network":"linear out=1","std":2,"extra":true}`},
	)), stream.Limits{})
	want := &Model{Network: "linear out=1", Mean: []float32{0}, Std: []float32{2}, Params: []Param{{"0.weight", []int{1, 2}, []float32{1, 2}}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestReadHoldsArraysOnce: a bad array is refused by its first bytes, however many follow. A good one is held once, and a
// part of it a second time while it is read.
func TestReadHoldsArraysOnce(t *testing.T) {
	const n = 16<<20 + 12345
	meta := member{metaName, `{"network":"gap","std":1}`}
	for _, c := range []struct {
		name, data, want string
		most             uint64
	}{
		{"in order", array(npy.Float32, []int{n}, make([]float32, n)...), "", 4*n*5/4 + 8<<20},
		{"zeros", strings.Repeat("\x00", 4*n), `member param/0.npy: npy: starts with "\x00`, 8 << 20},
	} {
		data := pack(t, stream.None, meta, member{"param/0.npy", c.data})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Read(bytes.NewReader(data), stream.Limits{})
		runtime.ReadMemStats(&after)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
		if cost := after.TotalAlloc - before.TotalAlloc; cost > c.most {
			t.Errorf("%s: %d bytes cost %d bytes, want at most %d", c.name, len(data), cost, c.most)
		}
	}
	_, err := Read(bytes.NewReader(pack(t, stream.None, member{"a/__meta__/x", strings.Repeat("x", 1<<20)})), stream.Limits{})
	if err != errNoModel {
		t.Errorf("1 MiB of metadata: %v", err)
	}
}
