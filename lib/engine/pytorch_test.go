package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
	"backdrop/internal/testkit/nettest"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// Outputs and all gradients of random networks of one to three dimensions, with masks, are PyTorch's in float64, by the
// module of examples/pytorch.
func TestAgainstPyTorch(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	var texts []string
	seen := map[string]int{}
	for len(texts) < 300 {
		n := nettest.Random(r, len(texts)%2 == 0)
		if len(n.Layers) == 0 {
			continue
		}
		for _, l := range n.Layers {
			seen[l.Op]++
		}
		seen[fmt.Sprint(n.Input.Dimensions(), " dimensions")]++
		texts = append(texts, n.String())
	}
	for _, what := range []string{"conv", "maxpool", "avgpool", "gap", "gmp", "add", "concat", "groupnorm", "silu", "backdrop", "1 dimensions", "2 dimensions", "3 dimensions"} {
		if seen[what] < 10 {
			t.Errorf("only %d times %s", seen[what], what)
		}
	}
	againstPyTorch(t, r, texts)
}

// Every layer in one to three dimensions, of odd sizes and of sizes of 1, with and without masks that leave single pixels.
func TestLayersAgainstPyTorch(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	var texts []string
	for _, size := range []string{"d=7 h=5 w=9", "d=1 h=5 w=7", "d=5 h=1 w=7", "d=5 h=7 w=1", "d=1 h=1 w=1", "h=11 w=7", "h=1 w=9", "h=9 w=1", "h=1 w=1", "w=31", "w=1"} {
		axes := "DHW"[3-strings.Count(size, "="):]
		for _, lines := range []string{
			"conv out=5 kernel=1", "conv out=5 kernel=3 pad=1", "conv out=18 kernel=3x5x3 pad=1x2x2", "conv out=5 kernel=3x1x5 pad=1x0x2 stride=2x1x3",
			"conv out=5 kernel=1 stride=3x2x4", "conv out=5 kernel=2 stride=3 pad=1", "conv out=5 kernel=3 dilation=2 pad=2", "conv out=5 kernel=2x3x3 dilation=3x2x1 pad=3x3x1 stride=4x3x2",
			"conv out=5 kernel=3 pad=1 ws=true", "conv out=5 kernel=1 stride=2 ws=true", "conv out=5 kernel=3 dilation=2 pad=3 ws=true",
			"maxpool kernel=1", "maxpool kernel=3 stride=1 pad=1", "maxpool kernel=2 stride=3 pad=1", "maxpool kernel=3x2x3 pad=1 stride=2x3x1", "maxpool kernel=3x2x3 dilation=2 pad=1",
			"avgpool kernel=1", "avgpool kernel=3 stride=1 pad=1", "avgpool kernel=2 stride=3 pad=1", "avgpool kernel=3x2x3 pad=1 stride=2x3x1", "avgpool kernel=3x2x3 dilation=2 pad=1 stride=1",
			"groupnorm groups=1", "groupnorm groups=2", "groupnorm groups=6", "relu", "leakyrelu slope=0.2", "silu", "dropout p=0.4",
			"conv out=6 kernel=3 pad=1\nadd from=a", "conv out=4 kernel=3 pad=1\nconcat from=a", "add from=a", "concat from=a", "relu name=b\nconv out=6 kernel=1\nadd from=b\nconcat from=a\nconcat from=b",
			"gap\nlinear out=3", "gmp\nlinear out=3", "flatten\nlinear out=3", "gap\nrelu\nconv out=3 kernel=1\ngmp", "gmp\ngroupnorm groups=3\nlinear out=2\nsilu\ndropout p=0.4\nlinear out=20",
		} {
			for _, masks := range []string{"", "backdrop name=m p=0.7 axes=NC" + axes + "\n"} {
				text := "input c=3 " + size + "\nconv name=a out=6 kernel=1\n" + nettest.OfAxes(lines, len(axes)) + "\n" + masks
				if _, err := net.Parse(text); err != nil && strings.Contains(size, "=1") && (strings.Contains(lines, "pool kernel=3x2x3 dilation") || lines == "groupnorm groups=6") {
					continue // no window fits, or a group has one value
				}
				texts = append(texts, text)
			}
		}
	}
	againstPyTorch(t, r, texts)
}

// Masks on every set of axes, 31 of them in volumes, between convolutions.
func TestMasksAgainstPyTorch(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	var texts []string
	for _, size := range []string{"d=5 h=3 w=7", "d=1 h=5 w=1", "h=7 w=5", "h=1 w=7", "w=13", "w=1"} {
		all := "NC" + "DHW"[3-strings.Count(size, "="):]
		for set := 1; set < 1<<len(all); set++ {
			axes := ""
			for i, axis := range all {
				if set>>i&1 == 1 {
					axes += string(axis)
				}
			}
			texts = append(texts, "input c=2 "+size+"\nconv out=5 kernel=3 pad=1\nbackdrop name=m p=0.6 axes="+axes+"\nsilu\nconv name=a out=4 kernel=3 pad=1\n"+
				"backdrop name=k p=0.4 axes="+axes+"\nconv out=4 kernel=3 pad=1 ws=true\nadd from=a\n")
		}
	}
	againstPyTorch(t, r, texts)
}

// againstPyTorch compares what the engine, in bands and whole, and PyTorch make of networks.
func againstPyTorch(t *testing.T, r *rand.Rand, texts []string) {
	t.Helper()
	if testing.Short() {
		t.Skip("it takes PyTorch a while")
	}
	python := golden.Python(t, "torch", "numpy")
	script, err := filepath.Abs("testdata/pytorch.py")
	if err != nil {
		t.Fatal(err)
	}
	golden.Sources(t, script, "../../examples/pytorch/network.py")
	var cases []*pytorchCase
	root := t.TempDir()
	whole := smallTensor
	for i, text := range texts {
		inBands(t, []int{16, whole}[r.IntN(2)])
		cases = append(cases, newPyTorchCase(t, r, text, filepath.Join(root, fmt.Sprint(i))))
	}
	golden.Run(t, root, nil, python, script)
	for _, c := range cases {
		c.compare(t)
	}
}

// pytorchCase is a network with inputs, a gradient of its outputs and masks, and what the engine makes of them.
type pytorchCase struct {
	n      *net.Network
	dir    string
	y, dx  [][]float32
	params []*net.Param
}

const pytorchBatch = 3

func newPyTorchCase(t *testing.T, r *rand.Rand, text, dir string) *pytorchCase {
	t.Helper()
	n, err := net.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	shapes, _ := n.Shapes()
	w, err := net.NewWeights(n)
	if err == nil {
		err = os.MkdirAll(dir, 0o777)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "net.txt"), []byte(text), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	c := &pytorchCase{n: n, dir: dir, params: w.Params}
	for _, p := range w.Params {
		for i := range p.Data {
			p.Data[i] = float32(r.NormFloat64() / math.Sqrt(float64(p.Size()/p.Shape[0])))
		}
		c.save(t, p.Name, p.Shape, p.Data)
	}
	masks, err := n.DrawMasks(r.Uint64(), 0, pytorchBatch)
	if err != nil {
		t.Fatal(err)
	}
	for layer, m := range masks { // PyTorch spreads them over the other axes, and finds the factor
		keep := make([]float32, len(m.Keep))
		for i, kept := range m.Keep {
			if kept {
				keep[i] = 1
			}
		}
		c.save(t, fmt.Sprint("mask", layer), m.Shape[:], keep)
	}
	engine, err := NewRunner(n, w, 2)
	if err != nil {
		t.Fatal(err)
	}
	out := shapes[len(shapes)-1]
	x, dy := c.random(t, r, "x", n.Input), c.random(t, r, "dy", out)
	c.dx = split(make([]float32, pytorchBatch*n.Input.Len()), pytorchBatch)
	for _, y := range engine.Forward(pixels.InMemory(x, n.Input.C), masks) {
		c.y = append(c.y, slices.Clone(y))
	}
	engine.Backward(dy, pixels.Sinks(c.dx, n.Input.C))
	return c
}

// random makes an array for a batch, saves and returns it.
func (c *pytorchCase) random(t *testing.T, r *rand.Rand, name string, s net.Shape) [][]float32 {
	v := make([]float32, pytorchBatch*s.Len())
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	c.save(t, name, append([]int{pytorchBatch}, s.Axes()...), v)
	return split(v, pytorchBatch)
}

// save writes an array as float64.
func (c *pytorchCase) save(t *testing.T, name string, shape []int, data []float32) {
	t.Helper()
	golden.Save(t, filepath.Join(c.dir, name+".npy"), npy.Float64, shape, data)
}

// load returns an array that PyTorch made.
func (c *pytorchCase) load(t *testing.T, name string) []float64 {
	t.Helper()
	data := golden.Load(t, filepath.Join(c.dir, "got_"+name+".npy"))
	wide := make([]float64, len(data))
	for i, v := range data {
		wide[i] = float64(v)
	}
	return wide
}

func (c *pytorchCase) compare(t *testing.T) {
	t.Helper()
	check := func(name string, got []float32, others ...float64) {
		if want := c.load(t, name); len(want) != len(got) || !near(c.n, got, want, others...) {
			t.Errorf("%s is not PyTorch's, of\n%s", name, c.n)
		}
	}
	check("y", join(c.y))
	check("dx", join(c.dx))
	for _, p := range c.params {
		layer, _, _ := strings.Cut(p.Name, ".")
		check("d"+p.Name, p.Grad, slices.Concat(c.load(t, "d"+layer+".weight"), c.load(t, "d"+layer+".bias"))...)
	}
}
