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
	"backdrop/lib/net"
)

// Outputs and all gradients of random networks of one to three dimensions, with masks, are PyTorch's in float64, by the
// module of examples/pytorch.
func TestAgainstPyTorch(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes PyTorch a while")
	}
	python := golden.Python(t, "torch", "numpy")
	script, err := filepath.Abs("testdata/pytorch.py")
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(11, 12))
	var cases []*pytorchCase
	root := t.TempDir()
	seen := map[string]int{}
	for len(cases) < 150 {
		n := randomNetwork(r, len(cases)%2 == 0)
		text := n.String()
		if len(n.Layers) == 0 || pytorchLacks(n) {
			continue
		}
		for _, l := range n.Layers {
			seen[l.Op]++
		}
		seen[fmt.Sprint(n.Input.Dimensions(), " dimensions")]++
		c := newPyTorchCase(t, r, text, filepath.Join(root, fmt.Sprint(len(cases))))
		cases = append(cases, c)
	}
	for _, what := range []string{"conv", "maxpool", "avgpool", "gap", "gmp", "add", "concat", "groupnorm", "silu", "backdrop", "1 dimensions", "2 dimensions", "3 dimensions"} {
		if seen[what] < 10 {
			t.Errorf("only %d times %s", seen[what], what)
		}
	}
	golden.Run(t, root, nil, python, script)
	for _, c := range cases {
		c.compare(t)
	}
}

// pytorchLacks reports whether a network has what PyTorch has not: average pools with a dilation, or of volumes that are
// smaller than their window without its padding.
func pytorchLacks(n *net.Network) bool {
	shapes, _ := n.Shapes()
	in := n.Input
	for i, l := range n.Layers {
		if l.Op == "avgpool" && l.Dilate.Product() > 1 {
			return true
		}
		for axis, extent := range in.Size() {
			if l.Op == "avgpool" && in.Dimensions() == 3 && l.Kernel[axis] > extent {
				return true
			}
		}
		in = shapes[i]
	}
	return false
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
	for layer, m := range masks {
		s, z := shapes[layer], shapes[layer].Size()
		var factors []float32
		for sample := range pytorchBatch {
			for channel := range s.C {
				for d := range z[net.D] {
					for h := range z[net.H] {
						for w := range z[net.W] {
							factors = append(factors, m.At(sample, channel, d, h, w))
						}
					}
				}
			}
		}
		c.save(t, fmt.Sprint("mask", layer), append([]int{pytorchBatch}, s.Axes()...), factors)
	}
	engine, err := NewRunner(n, w, 2)
	if err != nil {
		t.Fatal(err)
	}
	out := shapes[len(shapes)-1]
	x, dy := c.random(t, r, "x", n.Input), c.random(t, r, "dy", out)
	c.dx = split(make([]float32, pytorchBatch*n.Input.Len()), pytorchBatch)
	for _, y := range engine.Forward(x, masks) {
		c.y = append(c.y, slices.Clone(y))
	}
	engine.Backward(dy, c.dx)
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
	f, err := os.Create(filepath.Join(c.dir, name+".npy"))
	if err == nil {
		err = npy.WriteAs(f, npy.Float64, shape, data)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// load returns an array that PyTorch made.
func (c *pytorchCase) load(t *testing.T, name string) []float64 {
	t.Helper()
	f, err := os.Open(filepath.Join(c.dir, "got_"+name+".npy"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := npy.Read(f, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	data, err := a.Float32()
	if err != nil {
		t.Fatal(err)
	}
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
