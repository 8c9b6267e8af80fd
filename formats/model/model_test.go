package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
)

func testModel() *Model {
	return &Model{
		Network:  "input c=1 h=8 w=8\nconv out=2 kernel=1\ngap\nlinear out=2\n",
		Classes:  []string{"9.5-80", "a<b"},
		Mean:     []float32{-0.1},
		Std:      []float32{1.5},
		Training: json.RawMessage(`{"epochs":3,"loss":[1.5,0.25]}`),
		Version:  "0.1.0",
		Params: []Param{
			{"0.weight", []int{2, 1, 1, 1}, []float32{0.1, -2}},
			{"0.bias", []int{2}, []float32{0, math.MaxFloat32}},
			{"2.weight", []int{2, 2}, []float32{1, 2, 3, 0x1p-149}},
			{"scale", []int{}, []float32{5}},
			{"none", []int{0, 3}, []float32{}},
		},
	}
}

func testCheckpoint() *Model {
	m := testModel()
	m.State = []Param{{"m/0.weight", []int{2, 1, 1, 1}, []float32{3, 4}}, {"0.weight", []int{1}, []float32{1}}}
	m.Progress = json.RawMessage(`{"epoch":2,"seed":18446744073709551615}`)
	return m
}

// perChannel returns a model of samples with two channels.
func perChannel() *Model {
	m := testModel()
	m.Mean, m.Std = []float32{0.5, 20000}, []float32{0.25, 141.4}
	m.Range = Range{Min: []float32{0, 18000.5}, Max: []float32{1, 22000}, Magnitude: []float32{0.5, 20000}}
	return m
}

func encode(t testing.TB, m *Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	resized := testModel()
	resized.Resize = Area
	for _, m := range []*Model{testModel(), testCheckpoint(), {Network: "gap", Mean: []float32{0}, Std: []float32{1}}, perChannel(), resized} {
		got, err := Read(bytes.NewReader(encode(t, m)), stream.Limits{})
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("got %+v, %v; want %+v", got, err, m)
		}
	}
}

// A model whose samples are resized in a way that this program does not know is refused: it would see other samples.
func TestOtherResize(t *testing.T) {
	m := testModel()
	m.Resize = "lanczos"
	if err := m.Write(io.Discard); err == nil || !strings.Contains(err.Error(), `samples are resized by "lanczos", this program knows "area" only`) {
		t.Errorf("writing: %v", err)
	}
}

// TestReadParams: the state of a checkpoint is checked, but its values are not returned.
func TestReadParams(t *testing.T) {
	want := testCheckpoint()
	data := encode(t, want)
	for i := range want.State {
		want.State[i].Data = nil
	}
	got, err := ReadParams(bytes.NewReader(data), stream.Limits{})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	bad := pack(t, stream.None, member{metaName, `{"network":"gap","std":1}`}, member{"optim/0.m.npy", array(npy.Float32, []int{2}, 1, float32(math.Inf(1)))})
	if _, err := ReadParams(bytes.NewReader(bad), stream.Limits{}); err == nil || err.Error() != "model: member optim/0.m.npy: element [1] is +Inf" {
		t.Errorf("state that is not finite: %v", err)
	}
}

// TestOneNumberForAllChannels: models with one mean and deviation are written as all models once were.
func TestOneNumberForAllChannels(t *testing.T) {
	text, err := testModel().encodeMeta()
	if err != nil || !strings.Contains(string(text), "\"mean\": -0.1,\n  \"std\": 1.5,\n  \"training\"") {
		t.Errorf("%s, %v", text, err)
	}
	text, err = perChannel().encodeMeta()
	if err != nil || !strings.Contains(string(text), "\"mean\": [\n    0.5,\n    20000\n  ],\n  \"std\": [") {
		t.Errorf("%s, %v", text, err)
	}
}

func TestSameBytes(t *testing.T) {
	m := testCheckpoint()
	m.Params = append(m.Params, Param{"large", []int{1 << 20}, make([]float32, 1<<20)}) // several jobs of the encoder
	for i := range 1 << 20 {
		m.Params[5].Data[i] = float32(math.Sin(float64(i)))
	}
	want := encode(t, m)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again, err := Read(bytes.NewReader(want), stream.Limits{})
	if err != nil || !bytes.Equal(encode(t, again), want) {
		t.Errorf("other bytes on one processor, %v", err)
	}
}

func TestMembers(t *testing.T) {
	in, err := stream.NewMemberReader(bytes.NewReader(encode(t, testCheckpoint())), stream.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for {
		m, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, m.Name)
		if m.Name != metaName {
			continue
		}
		want := `{
  "network": "input c=1 h=8 w=8\nconv out=2 kernel=1\ngap\nlinear out=2\n",
  "classes": [
    "9.5-80",
    "a<b"
  ],
  "mean": -0.1,
  "std": 1.5,
  "training": {
    "epochs": 3,
    "loss": [
      1.5,
      0.25
    ]
  },
  "version": "0.1.0",
  "progress": {
    "epoch": 2,
    "seed": 18446744073709551615
  }
}
`
		if string(m.Data) != want {
			t.Errorf("model.json is %s", m.Data)
		}
	}
	want := "__meta__/model.json param/0.weight.npy param/0.bias.npy param/2.weight.npy param/scale.npy param/none.npy optim/m/0.weight.npy optim/0.weight.npy"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("members %s, want %s", got, want)
	}
}

func TestCutAtEveryByte(t *testing.T) {
	data := encode(t, testCheckpoint())
	for n := range data {
		if _, err := Read(bytes.NewReader(data[:n]), stream.Limits{}); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("cut after %d of %d bytes: %v", n, len(data), err)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	nan := float32(math.NaN())
	inf := float32(math.Inf(1))
	zeros := make([]float32, 1<<28) // never touched
	for _, c := range []struct {
		change func(*Model)
		want   string
	}{
		{func(m *Model) { m.Network = "" }, "model: __meta__/model.json: no network"},
		{func(m *Model) { m.Std[0] = 0 }, "std must be positive, got 0"},
		{func(m *Model) { m.Std[0] = nan }, "std must be positive, got NaN"},
		{func(m *Model) { m.Std[0] = inf }, "std must be positive, got +Inf"},
		{func(m *Model) { m.Mean[0] = -inf }, "mean must be finite, got -Inf"},
		{func(m *Model) { m.Mean, m.Std = nil, nil }, "model: __meta__/model.json: no std"},
		{func(m *Model) { m.Std = append(m.Std, 1) }, "as many numbers of mean as of std, got 1 and 2"},
		{func(m *Model) { m.Range.Min = []float32{1} }, "as many numbers of min, max and magnitude, got 1, 0 and 0"},
		{func(m *Model) { m.Range = Range{[]float32{2}, []float32{1}, []float32{0}} }, "min must be at most max, and both finite, got 2 and 1"},
		{func(m *Model) { m.Range = Range{[]float32{nan}, []float32{1}, []float32{0}} }, "min must be at most max, and both finite, got NaN and 1"},
		{func(m *Model) { m.Range = Range{[]float32{0}, []float32{inf}, []float32{0}} }, "min must be at most max, and both finite, got 0 and +Inf"},
		{func(m *Model) { m.Range = Range{[]float32{0}, []float32{1}, []float32{-1}} }, "magnitude must not be negative, got -1"},
		{func(m *Model) { m.State = make([]Param, MaxArrays) }, "model: 10005 arrays, the limit is 10000"},
		{func(m *Model) { m.Params[0].Data = zeros[:1<<28] }, "model: 1073741852 bytes of parameters, the limit is 1073741824"},
		{func(m *Model) { m.State = slices.Repeat([]Param{{Data: zeros[:1<<28]}}, 5) }, "model: 5368709120 bytes of state, the limit is 4294967296"},
		{func(m *Model) { m.Version = "1.0.0" }, `version "1.0.0" is newer than 0.x`},
		{func(m *Model) { m.Version = "new" }, `version "new" is no version number`},
		{func(m *Model) { m.Training = json.RawMessage("{") }, "model: __meta__/model.json: training is not JSON"},
		{func(m *Model) { m.Progress = json.RawMessage("{") }, "model: __meta__/model.json: progress is not JSON"},
		{func(m *Model) { m.Training = json.RawMessage(`"` + strings.Repeat("x", 1<<20) + `"`) }, "stream: member __meta__/model.json: 1048"},
		{func(m *Model) { m.Classes[1] = m.Classes[0] }, `model: __meta__/model.json: classes 0 and 1 are both named "9.5-80"`},
		{func(m *Model) { m.Classes[1] = "a\xff" }, `model: __meta__/model.json: class 1, "a\xff", is not UTF-8`},
		{func(m *Model) { m.Params[1].Name = "0.weight" }, "model: member param/0.weight.npy: there are two of them"},
		{func(m *Model) { m.Params[2].Data[3] = nan }, "model: member param/2.weight.npy: element [1 1] is NaN"},
		{func(m *Model) { m.State[0].Data[1] = inf }, "model: member optim/m/0.weight.npy: element [1 0 0 0] is +Inf"},
		{func(m *Model) { m.Params[1].Name = "../0" }, `stream: member param/../0.npy: name with ".."`},
	} {
		m := testCheckpoint()
		c.change(m)
		var b bytes.Buffer
		if err := m.Write(&b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
		if _, err := Read(&b, stream.Limits{}); err == nil {
			t.Errorf("%s: what was written looks whole", c.want)
		}
	}
}

// member is a member of a stream that Write would not write.
type member struct{ name, data string }

func pack(t testing.TB, c stream.Compression, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := stream.NewMemberWriter(&b, c)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members {
		if err := w.Write(m.name, []byte(m.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func array(dtype npy.DType, shape []int, data ...float32) string {
	var b bytes.Buffer
	npy.WriteAs(&b, dtype, shape, data)
	return b.String()
}
