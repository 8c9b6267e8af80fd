package export

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/onnx"
	"backdrop/internal/testkit/golden"
	"backdrop/lib/net"
)

// tolerance is relative to the largest logit of a network's samples.
const tolerance = 1e-5

// Every kind of layer has an entry here.
func TestKinds(t *testing.T) {
	for _, kind := range net.Kinds() {
		if kinds[kind] == nil {
			t.Errorf("%s cannot be exported", kind)
		}
	}
}

// The logits of presets, of all layers and of random networks are those of bdeval, in ONNX Runtime, and so are those of samples of
// other sizes where sizes are free. The reference implementation of ONNX finds nothing wrong with the models.
func TestONNX(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes ONNX Runtime a while")
	}
	golden.Node(t, "onnxruntime-node")
	python := golden.Python(t, "onnx")
	golden.Sources(t, "testdata/run.js", "testdata/check.py")
	bin, root := t.TempDir(), t.TempDir()
	golden.Run(t, ".", nil, "go", "build", "-o", bin+"/", "../../bdtrain", "../../bdeval")
	r := rand.New(rand.NewPCG(21, 22))
	var cases []*modelCase
	for i, text := range slices.Concat(presetTexts(t), layerTexts(), randomTexts(r, 150)) {
		c := newModelCase(t, r, text, filepath.Join(root, fmt.Sprint(i)))
		golden.Run(t, c.dir, nil, bin+"/bdtrain", "export", "model.tar", "-o", "model.onnx")
		cases = append(cases, c)
		if sizesFree(c.net) {
			cases = append(cases, c.resized(t, r))
		}
	}
	runONNX(t, cases)
	used := map[string]int{}
	for _, c := range cases {
		golden.Run(t, c.dir, nil, bin+"/bdeval", "-m", "model.tar", "x.npy", "--axes", c.axes(), "--metrics", "none", "--scores-out", "scores.npy")
		c.compare(t)
		used[fmt.Sprint(c.net.Input.Dimensions(), " dimensions")]++
		for _, l := range c.net.Layers {
			used[l.Op]++
		}
	}
	for _, what := range append(net.Kinds(), "1 dimensions", "2 dimensions", "3 dimensions") {
		if used[what] < 20 {
			t.Errorf("only %d times %s", used[what], what)
		}
	}
	checkONNX(t, python, cases)
}

// resized is the same model for samples of another size, which the graph is to take as it is.
func (c *modelCase) resized(t *testing.T, r *rand.Rand) *modelCase {
	t.Helper()
	other := c.net.Clone()
	for range 20 {
		in := &other.Input
		for _, side := range []*int{&in.D, &in.H, &in.W} {
			if *side > 0 {
				*side += r.IntN(12)
			}
		}
		if _, err := other.Shapes(); err == nil && *in != c.net.Input {
			break
		}
		*in = c.net.Input
	}
	m := readModel(t, c)
	m.Network = other.String()
	resized := &modelCase{dir: c.dir + "-resized", net: other, outputs: c.outputs, samples: 2, scale: c.scale}
	resized.write(t, m)
	resized.writeSamples(t, r, m)
	return resized
}

// graph is the file of the model's graph: that of the first size.
func (c *modelCase) graph() string {
	return filepath.Join(strings.TrimSuffix(c.dir, "-resized"), "model.onnx")
}

// runONNX takes all cases through ONNX Runtime.
func runONNX(t *testing.T, cases []*modelCase) {
	t.Helper()
	type run struct {
		Model string `json:"model"`
		X     string `json:"x"`
		Shape []int  `json:"shape"`
		Out   string `json:"out"`
	}
	var runs []run
	for _, c := range cases {
		runs = append(runs, run{c.graph(), filepath.Join(c.dir, "x.f32"), c.shape(), c.dir})
	}
	text, err := json.Marshal(runs)
	if err != nil {
		t.Fatal(err)
	}
	golden.Run(t, ".", text, "node", "testdata/run.js")
}

// compare compares the logits with those of bdeval, and the probabilities with the softmax of the logits.
func (c *modelCase) compare(t *testing.T) {
	t.Helper()
	got := c.output(t, logits)
	golden.Close(t, c.String(), got, golden.Load(t, filepath.Join(c.dir, "scores.npy")), tolerance)
	p, columns := c.output(t, probabilities), max(2, c.outputs)
	if len(p) != c.samples*columns {
		t.Fatalf("%d probabilities of %v", len(p), c)
	}
	for i := range c.samples {
		row := got[i*c.outputs:][:c.outputs]
		if c.outputs == 1 {
			row = []float32{0, row[0]}
		}
		sum, top := 0.0, float64(slices.Max(row))
		for _, v := range row {
			sum += math.Exp(float64(v) - top)
		}
		for j, v := range row {
			want := math.Exp(float64(v)-top) / sum
			if got := float64(p[i*columns+j]); !(math.Abs(got-want) <= tolerance*want+1e-37) {
				t.Errorf("sample %d: class %d has probability %v, want %v, of logits %v", i, j, got, want, row)
			}
		}
	}
}

// checkONNX checks the models with the package onnx.
func checkONNX(t *testing.T, python string, cases []*modelCase) {
	t.Helper()
	var args []string
	var checked []*modelCase
	for _, c := range cases {
		if !strings.HasSuffix(c.dir, "-resized") {
			args, checked = append(args, c.graph()), append(checked, c)
		}
	}
	lines := strings.Split(strings.TrimSpace(string(golden.Run(t, ".", nil, python, append([]string{"testdata/check.py"}, args...)...))), "\n")
	if len(lines) != len(checked) {
		t.Fatalf("%d models checked of %d", len(lines), len(checked))
	}
	for i, c := range checked {
		var found struct {
			Opset           [][2]any
			IR              int
			Producer        string
			Inputs, Outputs map[string][]any
			About           map[string]string
			Ops             []string
		}
		if err := json.Unmarshal([]byte(lines[i]), &found); err != nil {
			t.Fatal(err)
		}
		if v := fmt.Sprintf("%v %d %s", found.Opset, found.IR, found.Producer); v != fmt.Sprintf("[[ %d]] %d bdtrain", onnx.Opset, onnx.IRVersion) {
			t.Errorf("versions %s", v)
		}
		in := []any{"N", c.net.Input.C}
		for j, size := range c.net.Input.Axes()[1:] {
			if sizesFree(c.net) {
				in = append(in, axisNames(c.net.Input)[j])
			} else {
				in = append(in, size)
			}
		}
		if got, want := fmt.Sprint(found.Inputs), fmt.Sprint(map[string]any{input: in}); got != want {
			t.Errorf("inputs %s, want %s", got, want)
		}
		if got, want := fmt.Sprint(found.Outputs), fmt.Sprint(map[string]any{logits: []any{"N", c.outputs}, probabilities: []any{"N", max(2, c.outputs)}}); got != want {
			t.Errorf("outputs %s, want %s, of %v", got, want, c)
		}
		if found.About["network"] != c.net.String() || !strings.HasPrefix(found.About["classes"], `["0","1"`) {
			t.Errorf("about %v", found.About)
		}
		if slices.Contains(found.Ops, "Sigmoid") {
			t.Errorf("operators %v", found.Ops)
		}
	}
}
