package models

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/model"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/net"
)

const smallNetwork = "input c=1 h=4 w=4\nconv out=2 kernel=3\nbackdrop name=fine p=0.5 axes=HW\nbackdrop name=coarse p=0 axes=N\ngap\nlinear out=3\n"

// whole returns a model with nothing wrong; parameter i is filled with i+1.
func whole() *model.Model {
	m := &model.Model{Network: smallNetwork, Classes: []string{"a", "b", "c"}, Mean: []float32{3}, Std: []float32{2},
		Training: []byte(`{"settings":{"net":"pooled","batch":10,"seed":18446744073709551615},"epochs":2}`)}
	for i, p := range []model.Param{
		{Name: "0.weight", Shape: []int{2, 1, 3, 3}}, {Name: "0.bias", Shape: []int{2}},
		{Name: "4.weight", Shape: []int{3, 2}}, {Name: "4.bias", Shape: []int{3}},
	} {
		size := 1
		for _, n := range p.Shape {
			size *= n
		}
		p.Data = slices.Repeat([]float32{float32(i + 1)}, size)
		m.Params = append(m.Params, p)
	}
	return m
}

func write(t *testing.T, m *model.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func save(t *testing.T, name string, content []byte) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// What a model says of its training decides which masks its steps had; whatever else is in its place is as if nothing were.
func TestSeedAndBatch(t *testing.T) {
	for _, c := range []struct {
		training string
		seed     uint64
		known    bool
		batch    int // of step 2
	}{
		{`{"settings":{"seed":7,"batch":10},"last":{"samples":25}}`, 7, true, 5},
		{`{"settings":{"seed":0,"batch":0},"last":{"samples":25}}`, 0, true, 25},
		{`{"settings":{"batch":10}}`, 0, false, 10},
		{`{"settings":{"batch":"ten"}}`, 0, false, 0},
		{`{"settings":{"batch":-3},"last":{"samples":-3}}`, 0, false, 0},
		{``, 0, false, 0}, {`null`, 0, false, 0}, {`7`, 0, false, 0},
	} {
		m := &Loaded{Training: []byte(c.training)}
		if seed, known := m.Seed(); seed != c.seed || known != c.known || m.Batch(2) != c.batch {
			t.Errorf("%s: seed %d, %v, batch %d", c.training, seed, known, m.Batch(2))
		}
	}
}

func TestLoad(t *testing.T) {
	want := whole()
	content := write(t, want)
	slices.Reverse(want.Params) // their order in the file does not matter
	for _, c := range []struct {
		name  string
		stdin io.Reader
	}{{save(t, "m.tar.zst", content), nil}, {"-", bytes.NewReader(content)}, {save(t, "reversed", write(t, want)), nil}} {
		m, err := Load(c.name, c.stdin, stream.Limits{})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if m.Net.String() != smallNetwork || !slices.Equal(m.Classes, want.Classes) || m.Scale.Mean[0] != 3 || m.Scale.Std[0] != 2 || m.Range.Known() {
			t.Errorf("%s: network %q, classes %q, normalisation %v, range %v", c.name, m.Net, m.Classes, m.Scale, m.Range)
		}
		for i, p := range Params(m.Weights) {
			if ref := whole().Params[i]; p.Name != ref.Name || !slices.Equal(p.Shape, ref.Shape) || !slices.Equal(p.Data, ref.Data) {
				t.Errorf("%s: parameter %d is %v, want %v", c.name, i, p, ref)
			}
		}
		if seed, ok := m.Seed(); !ok || seed != 1<<64-1 {
			t.Errorf("%s: seed %d, %v", c.name, seed, ok)
		}
	}
}

// A checkpoint of the largest network has as many arrays as are read: the parameters, two moments of each, its values after
// the last epoch and the best ones.
func TestArraysOfTheLargestNetwork(t *testing.T) {
	text := "input c=1 h=1 w=1\n" + strings.Repeat("linear out=1\n", 1000)
	if _, err := net.Parse(text + "relu\n"); err == nil {
		t.Error("there is a larger network")
	}
	network, err := net.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	params, err := net.ParamShapes(network)
	if err != nil || model.MaxArrays != 5*len(params) {
		t.Errorf("%d parameters, %v; a file has at most %d arrays", len(params), err, model.MaxArrays)
	}
}

func TestLoadErrors(t *testing.T) {
	for what, c := range map[string]struct {
		spoil func(*model.Model)
		want  string
	}{
		"missing":       {func(m *model.Model) { m.Params = m.Params[1:] }, "the network has 4 parameters, the file holds 3"},
		"extra":         {func(m *model.Model) { m.Params = append(m.Params, model.Param{Name: "5.bias", Shape: []int{0}}) }, "the network has 4 parameters, the file holds 5"},
		"other name":    {func(m *model.Model) { m.Params[2].Name = "3.weight" }, "parameter 4.weight is missing"},
		"other shape":   {func(m *model.Model) { m.Params[2].Shape = []int{2, 3} }, "parameter 4.weight has shape [2 3], the network needs [3 2]"},
		"other size":    {func(m *model.Model) { m.Params[3] = model.Param{Name: "4.bias", Shape: []int{1}, Data: []float32{1}} }, "parameter 4.bias has shape [1], the network needs [3]"},
		"few classes":   {func(m *model.Model) { m.Classes = m.Classes[1:] }, "the network has 3 outputs, but there are 2 class names"},
		"no classes":    {func(m *model.Model) { m.Classes = nil }, "the network has 3 outputs, but there are 0 class names"},
		"many classes":  {func(m *model.Model) { m.Classes = append(m.Classes, "d") }, "the network has 3 outputs, but there are 4 class names"},
		"no network":    {func(m *model.Model) { m.Network = "perceptron" }, "net: network line 1: the first line must be the input, such as `input c=1 h=128 w=128`; got \"perceptron\""},
		"huge":          {func(m *model.Model) { m.Network = strings.Replace(smallNetwork, "out=3", "out=16777216", 1) }, "has 16777216 outputs, but there are 3 class names"},
		"no classifier": {func(m *model.Model) { m.Network = "input c=1 h=4 w=4\nrelu\n" }, "net: the network ends in 1×4×4, not in one score a class; end it with gap or flatten, and linear"},
	} {
		m := whole()
		c.spoil(m)
		content := write(t, m)
		for _, name := range []string{save(t, "m", content), ""} {
			_, err := Load(name, bytes.NewReader(content), stream.Limits{})
			if err == nil || !strings.HasPrefix(err.Error(), "reading model "+tool.InputName(name)+": ") || !strings.HasSuffix(err.Error(), c.want) {
				t.Errorf("%s: got %v, want %s", what, err, c.want)
			}
		}
	}

	content := write(t, whole())
	if _, err := Load("-", bytes.NewReader(content[:len(content)-9]), stream.Limits{}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut: %v", err)
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none"), nil, stream.Limits{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// A data set is told from a model by what it says of itself, or by its first sample.
func TestLoadOfADataSet(t *testing.T) {
	for _, d := range []stream.Metadata{{}, {Tool: "gpgen", Classes: []string{"a", "b", "c"}}} {
		var b bytes.Buffer
		w, err := stream.NewWriter(&b, stream.Zstd)
		if err == nil && d.Tool != "" {
			err = w.WriteMetadata(d)
		}
		if err == nil {
			err = w.WriteSample(&stream.Sample{Key: "0", Shape: []int{4, 4}, X: make([]float32, 16), HasLabel: true}, npy.Float32)
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Load("", &b, stream.Limits{}); err == nil || !strings.Contains(err.Error(), "is this a data set?") {
			t.Errorf("got %v", err)
		}
	}
}

// One output has no class names to agree with.
func TestLoadOfOneOutput(t *testing.T) {
	m := &model.Model{Network: "input c=1 h=1 w=1\nlinear out=1\n", Mean: []float32{0}, Std: []float32{1}, Params: []model.Param{
		{Name: "0.weight", Shape: []int{1, 1}, Data: []float32{1}}, {Name: "0.bias", Shape: []int{1}, Data: []float32{0}},
	}}
	for _, m.Classes = range [][]string{nil, {"rest", "cat"}} {
		if _, err := Load("-", bytes.NewReader(write(t, m)), stream.Limits{}); err != nil {
			t.Errorf("classes %q: %v", m.Classes, err)
		}
	}
}

func TestClassNumber(t *testing.T) {
	for _, c := range []struct {
		class   string
		classes []string
		want    int // -1: an error
	}{
		{"2", nil, 2}, {"-1", nil, -1}, {"a", nil, -1},
		{"b", []string{"a", "b"}, 1}, {"1", []string{"a", "b"}, 1}, {"2", []string{"a", "b"}, -1}, {"-1", []string{"a", "b"}, 0}, {"-1", []string{"0", "1"}, 0},
		{"2", []string{"0", "1", "10", "2"}, 3}, {"3", []string{"0", "1", "10", "2"}, -1}, {"10", []string{"0", "1", "10", "2"}, 2},
		{"0", []string{"1", "2"}, -1}, {"1", []string{"1", "2"}, 0}, {"2000", []string{"1990", "2000"}, 1}, {"1", []string{"1990", "2000"}, -1}, {"1", []string{"00", "01"}, 1},
	} {
		got, err := ClassNumber(c.class, c.classes)
		if err != nil {
			got = -1
		}
		if got != c.want {
			t.Errorf("%s of %q is %d, %v, want %d", c.class, c.classes, got, err, c.want)
		}
	}
}

func TestNetwork(t *testing.T) {
	network, err := Network("crisp", net.Shape{C: 2, H: 64, W: 64}, 5)
	if err != nil {
		t.Fatal(err)
	}
	if classes, err := network.Classes(); err != nil || classes != 5 || network.Input != (net.Shape{C: 2, H: 64, W: 64}) || !IsPreset("crisp") {
		t.Errorf("crisp has input %v and %d classes, %v", network.Input, classes, err)
	}
	name := save(t, "net.txt", []byte(smallNetwork))
	if network, err = Network(name, net.Shape{}, 0); err != nil || network.String() != smallNetwork || IsPreset(name) {
		t.Errorf("network %q, %v", network, err)
	}

	// As large as may be, and a byte more.
	text := smallNetwork + strings.Repeat("#", maxNetworkText-len(smallNetwork))
	if network, err = Network(save(t, "net.txt", []byte(text)), net.Shape{}, 0); err != nil || network.String() != smallNetwork {
		t.Errorf("largest: %v", err)
	}
	name = save(t, "net.txt", []byte(text+"#"))
	if _, err := Network(name, net.Shape{}, 0); err == nil || err.Error() != "reading "+name+": a network text has at most 102400 bytes" {
		t.Errorf("too large: %v", err)
	}

	name = save(t, "net.txt", []byte("input c=1 h=4 w=4\nlinaer out=2\n"))
	if _, err := Network(name, net.Shape{}, 0); err == nil || !strings.HasPrefix(err.Error(), "reading "+name+`: net: network line 2: there is no layer "linaer" (linear?), only add, `) {
		t.Errorf("bad text: %v", err)
	}
	_, err = Network("net.none", net.Shape{}, 0)
	if exit := (*tool.ExitError)(nil); !errors.Is(err, os.ErrNotExist) || errors.As(err, &exit) {
		t.Errorf("no file: %v", err)
	}
	_, err = Network("crips", net.Shape{}, 0)
	expectUsage(t, err, `there is no network "crips": neither a preset (pooled, crisp, overlap, residual) nor a file`)
	if _, err = Network(t.TempDir(), net.Shape{}, 0); err == nil {
		t.Error("a folder: no error")
	}
}
