package export

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"backdrop/cmd/internal/models"
	"backdrop/formats/model"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/internal/testkit/golden"
	"backdrop/internal/testkit/nettest"
	"backdrop/lib/net"
)

// modelCase is a model with a network, random weights and samples, in a folder.
type modelCase struct {
	dir     string
	net     *net.Network
	scale   bool // samples are not of order one, and the model says so
	outputs int
	samples int
}

// layerTexts are networks of all kinds of layers, in one to three dimensions, of odd sizes and of sizes of 1.
func layerTexts() []string {
	var texts []string
	for _, size := range []string{"d=7 h=5 w=9", "d=1 h=5 w=7", "d=5 h=7 w=1", "h=11 w=7", "h=1 w=9", "h=1 w=1", "w=31", "w=1"} {
		dimensions := strings.Count(size, "=")
		for _, lines := range []string{
			"conv out=5 kernel=1", "conv out=5 kernel=3 pad=1", "conv out=18 kernel=3x5x3 pad=1x2x2", "conv out=5 kernel=3x1x5 pad=1x0x2 stride=2x1x3",
			"conv out=5 kernel=2 stride=3 pad=1", "conv out=5 kernel=2x3x3 dilation=3x2x1 pad=3x3x1 stride=4x3x2", "conv out=5 kernel=3 dilation=2 pad=3 ws=true",
			"maxpool kernel=1", "maxpool kernel=3 stride=1 pad=1", "maxpool kernel=3x2x3 pad=1 stride=2x3x1", "maxpool kernel=3x2x3 dilation=2 pad=1",
			"avgpool kernel=1", "avgpool kernel=3 stride=1 pad=1", "avgpool kernel=3x2x3 pad=1 stride=2x3x1", "avgpool kernel=3x2x3 dilation=2 pad=1 stride=1",
			"groupnorm groups=1", "groupnorm groups=2", "groupnorm groups=6", "relu", "leakyrelu slope=0.2", "silu", "dropout p=0.4\nbackdrop name=m p=0.5 axes=N",
			"conv out=6 kernel=3 pad=1\nadd from=a", "conv out=4 kernel=3 pad=1\nconcat from=a", "relu name=b\nconv out=6 kernel=1\nadd from=b\nconcat from=a\nconcat from=b",
			"gap\nrelu\nconv out=3 kernel=1\ngmp", "gmp\ngroupnorm groups=1\nlinear out=2\nsilu\ndropout p=0.4\nlinear out=20",
			"gap name=b\nlinear out=6\nadd from=b\nconcat from=b\nmaxpool kernel=1\navgpool kernel=1\ngap\nflatten\ngroupnorm groups=2\nconv out=4 kernel=1 ws=true",
			"flatten\nlinear out=1", "flatten\nleakyrelu", "silu name=b\nconv out=6 kernel=3 pad=1\nsilu\nadd from=b",
		} {
			end := []string{"gap\nlinear out=3", "flatten\nlinear out=1", "gmp"}[len(texts)%3]
			text := "input c=3 " + size + "\nconv name=a out=6 kernel=1\n" + nettest.OfAxes(lines, dimensions) + "\n" + end + "\n"
			if _, err := net.Parse(text); err == nil || !strings.Contains(size, "=1") { // no window fits, or a group has one value
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// presetTexts are all presets, in one to three dimensions.
func presetTexts(t *testing.T) []string {
	var texts []string
	for _, name := range net.Presets {
		for _, in := range []net.Shape{{C: 1, W: 200}, {C: 3, H: 64, W: 64}, {C: 1, H: 45, W: 71}, {C: 2, D: 12, H: 17, W: 16}} {
			n, err := net.Preset(name, in, 4)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, n.String())
		}
	}
	return texts
}

// randomTexts are random networks that give scores.
func randomTexts(r *rand.Rand, count int) []string {
	var texts []string
	for len(texts) < count {
		n := nettest.Random(r, len(texts)%2 == 0)
		if k, err := n.Classes(); err != nil || k > 50 || len(n.Layers) == 0 {
			n.Layers = append(n.Layers, net.Layer{Op: []string{"gap", "gmp", "flatten"}[r.IntN(3)]}, net.Layer{Op: "linear", Out: 1 + r.IntN(4)})
		}
		if _, err := n.Shapes(); err == nil {
			texts = append(texts, n.String())
		}
	}
	return texts
}

// newModelCase writes model.tar, x.npy and x.f32 of a network into a folder. Weights keep the scale of a signal.
func newModelCase(t *testing.T, r *rand.Rand, text, dir string) *modelCase {
	t.Helper()
	n, err := net.Parse(text)
	if err != nil {
		t.Fatalf("%v, of\n%s", err, text)
	}
	w, err := net.NewWeights(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range w.Params {
		for i := range p.Data {
			p.Data[i] = p.Start + float32(r.NormFloat64()*math.Sqrt(2*float64(p.Shape[0])/float64(p.Size()))/math.Sqrt(float64(4-min(3, len(p.Shape)))))
		}
	}
	if n := len(w.Params); n > 0 && r.IntN(3) == 0 { // logits so far apart that some probabilities are tiny
		for i := range w.Params[n-2].Data {
			w.Params[n-2].Data[i] *= 10
		}
	}
	c := &modelCase{dir: dir, net: n, samples: 3, scale: r.IntN(2) == 0}
	if c.outputs, err = n.Classes(); err != nil {
		t.Fatal(err)
	}
	m := &model.Model{Network: text, Classes: models.NumberedClasses(max(2, c.outputs)), Mean: []float32{0}, Std: []float32{1}, Params: models.Params(w)}
	if c.scale {
		m.Mean, m.Std = nil, nil
		for range n.Input.C {
			m.Mean, m.Std = append(m.Mean, float32(300+r.NormFloat64())), append(m.Std, float32(20+r.Float64()))
		}
	}
	c.write(t, m)
	c.writeSamples(t, r, m)
	return c
}

func (c *modelCase) write(t *testing.T, m *model.Model) {
	t.Helper()
	if err := os.MkdirAll(c.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(c.dir, "model.tar"))
	if err == nil {
		err = m.WriteAs(f, stream.None)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// writeSamples writes samples as the model expects them.
func (c *modelCase) writeSamples(t *testing.T, r *rand.Rand, m *model.Model) {
	t.Helper()
	in := c.net.Input
	x := make([]float32, c.samples*in.Len())
	for i := range x {
		channel := 0
		if len(m.Mean) > 1 {
			channel = i / in.Size().Product() % in.C
		}
		x[i] = m.Mean[channel] + m.Std[channel]*float32(r.NormFloat64())
	}
	golden.Save(t, filepath.Join(c.dir, "x.npy"), npy.Float32, c.shape(), x)
	raw, err := binary.Append(nil, binary.LittleEndian, x)
	if err == nil {
		err = os.WriteFile(filepath.Join(c.dir, "x.f32"), raw, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// shape is that of the samples.
func (c *modelCase) shape() []int { return append([]int{c.samples}, c.net.Input.Axes()...) }

// axes is what --axes calls that.
func (c *modelCase) axes() string {
	return [4]string{1: "NCT", 2: "NCHW", 3: "NCDHW"}[c.net.Input.Dimensions()]
}

// output reads what ONNX Runtime made of the samples.
func (c *modelCase) output(t *testing.T, name string) []float32 {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(c.dir, name+".f32"))
	if err != nil {
		t.Fatal(err)
	}
	v := make([]float32, len(b)/4)
	if _, err := binary.Decode(b, binary.LittleEndian, v); err != nil {
		t.Fatal(err)
	}
	return v
}

func (c *modelCase) String() string { return fmt.Sprintf("%s of\n%s", c.dir, c.net) }

// readModel reads a case's model.
func readModel(t *testing.T, c *modelCase) *model.Model {
	t.Helper()
	f, err := os.Open(filepath.Join(c.dir, "model.tar"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := model.Read(f, stream.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}
