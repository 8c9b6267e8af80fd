package main

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"backdrop/formats/stream"
	"backdrop/lib/dims"
	"backdrop/lib/draw"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
)

// support returns the first and last place along each axis where the volume is not zero.
func support(v draw.Volume) [3][2]int {
	size := [3]int{v.D, v.H, v.W}
	var all [3][2]int
	for axis, n := range size {
		all[axis] = [2]int{n, -1}
	}
	for i, value := range v.Data {
		if value == 0 {
			continue
		}
		for axis, at := range dims.Index(i, size[:]) {
			all[axis] = [2]int{min(all[axis][0], at), max(all[axis][1], at)}
		}
	}
	return all
}

// gradientOf takes the gradient of one step.
func gradientOf(in *input, st *step) (*gradient, error) {
	g, err := newGradient(in, st, st.batch, plan{threads: 1})
	if err != nil {
		return nil, err
	}
	return g, g.look(st)
}

// Where one cell is pinned, the gradient reaches what that cell sees and nothing else, and the picture of the mask has the
// cell in the middle of it, in any number of dimensions. With all weights 1 and no layer that is not linear, nothing cancels.
func TestGradientOfPinnedCell(t *testing.T) {
	conv := func(layers, kernel, pad int) (text string) {
		for range layers {
			text += fmt.Sprintf("conv out=2 kernel=%d stride=2 pad=%d\n", kernel, pad)
		}
		return text
	}
	overlap := "conv out=2 kernel=5 stride=2 pad=2\n" + conv(3, 3, 1)
	const dilated = "conv out=2 kernel=3 pad=2 dilation=2\navgpool kernel=2\nconv out=2 kernel=3 pad=3 dilation=3\n"
	for _, c := range []struct {
		name, input, layers, axes string
		cell                      []int
	}{
		{"crisp", "h=128 w=128", "conv out=2 kernel=5 stride=2 pad=2\n" + conv(3, 2, 0), "HW", []int{3, 4}},
		{"overlap", "h=128 w=128", overlap, "HW", []int{3, 4}},
		{"pooled", "h=128 w=128", "conv out=2 kernel=5 pad=2\navgpool kernel=2\nconv out=2 kernel=3 pad=1\navgpool kernel=2\n", "HW", []int{3, 4}},
		{"valid", "h=128 w=128", "conv out=2 kernel=5\navgpool kernel=2\nconv out=2 kernel=3\n", "HW", []int{3, 4}},
		{"sequence", "w=128", overlap, "W", []int{3}},
		{"odd sequence", "w=101", "conv out=2 kernel=5 stride=3\navgpool kernel=2\n", "W", []int{7}},
		{"dilated image", "h=40 w=31", dilated, "HW", []int{9, 7}},
		{"dilated sequence", "w=97", dilated, "W", []int{21}},
		{"volume", "d=16 h=32 w=16", "conv out=2 kernel=3 stride=2 pad=1\nconv out=2 kernel=3 pad=1\n", "DHW", []int{4, 9, 3}},
		{"anisotropic volume", "d=5 h=40 w=60", "conv out=2 kernel=3x5x5 stride=1x2x3 pad=1x2x2\navgpool kernel=1x2x2\n", "DHW", []int{2, 4, 6}},
		{"dilated volume", "d=20 h=21 w=22", dilated, "DHW", []int{5, 5, 5}},
	} {
		network := network(t, "input c=1 "+c.input+"\n"+c.layers+"backdrop name=cell p=0.5 axes="+c.axes+"\ngap\nlinear out=2\n")
		layer := network.Backdrops()[0]
		weights, err := net.NewWeights(network)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range weights.Params {
			if len(p.Shape) > 1 { // biases stay 0
				for i := range p.Data {
					p.Data[i] = 1
				}
			}
		}
		last := weights.Params[len(weights.Params)-2] // of the linear layer: class 1 gets no score
		clear(last.Data[len(last.Data)/2:])

		zeros := &stream.Sample{Key: "zeros", Shape: network.Input.Axes(), X: make([]float32, network.Input.Len())} // scores 0, so p = 1/2
		in := &input{net: network, weights: weights, samples: []*stream.Sample{zeros}}
		st, err := newStep(in, &config{request: request{batch: 1}, pinned: []pin{{"cell", c.cell}}})
		if err != nil {
			t.Fatal(err)
		}
		g, err := gradientOf(in, st)
		if err != nil {
			t.Fatal(err)
		}
		reached, drawn, box := support(g.norms[0].Volume), support(st.project(layer, 0)), st.field(layer, 0)
		first := 3 - len(c.cell)
		for i, cell := range c.cell {
			axis := first + i
			geometry := st.geometry[layer][axis]
			from := cell*geometry.Stride + geometry.Offset
			// A dilated kernel sees nothing between its points, but its ends, and those are inside.
			if want := [2]int{from, from + geometry.Field - 1}; reached[axis] != want {
				t.Errorf("%s, axis %d: gradient reaches %v, the cell sees %v", c.name, axis, reached[axis], want)
			}
			if want := [2]int{from, from + geometry.Field}; box == nil || box[axis] != want {
				t.Errorf("%s, axis %d: the red frame is %v, the cell sees %v", c.name, axis, box, want)
			}
			if size := drawn[axis][1] - drawn[axis][0] + 1; size != geometry.Stride {
				t.Errorf("%s, axis %d: cell is drawn on %d places, want %d", c.name, axis, size, geometry.Stride)
			}
			if off := drawn[axis][0] + drawn[axis][1] - reached[axis][0] - reached[axis][1]; off < -1 || off > 1 {
				t.Errorf("%s, axis %d: cell is drawn at %v, but sees %v", c.name, axis, drawn[axis], reached[axis])
			}
		}
	}
}

// Of sequences there are the samples themselves, before normalisation, lit where the gradient is not zero, above its strength.
func TestGradientOfSequence(t *testing.T) {
	shape := net.Shape{C: 2, W: 3}
	g := &gradient{shape: shape, names: []string{"name"}, x: pixels.InMemory([][]float32{{-1, 0, 1, 0.5, 0, 0}}, 2), scale: scale.Normalisation{Mean: []float32{5, 1}, Std: []float32{2, 4}},
		norms: []*norms{newNorms(shape, scale.Normalisation{})}}
	g.norms[0].Set(0, 3, []float32{0, 0, 0.3, 0.4, 2, 0}, 2)
	p := g.panel(nil, 0)
	c, strip := p.Pictures[0].(draw.Curves), p.Pictures[1].(draw.Strip)
	if len(c.Lines) != 2 || !slices.Equal(c.Lines[0], []float32{3, 5, 7}) || !slices.Equal(c.Lines[1], []float32{3, 1, 1}) || !slices.Equal(c.Lit, []float32{0, 1, 1}) {
		t.Errorf("curves: got %v, lit %v", c.Lines, c.Lit)
	}
	if !slices.Equal(strip.Data, []float32{0, 0.5, 2}) || strip.Lit.Data != nil {
		t.Errorf("strip: got %v, lit %v", strip.Data, strip.Lit)
	}
	if want := "not zero in 66.7 % of the points"; p.Captions[1] != want {
		t.Errorf("got %q, want %q", p.Captions[1], want)
	}
}

// The gradient is with respect to the inputs themselves, before normalisation, and its length over the channels.
func TestGradientByHand(t *testing.T) {
	network := network(t, "input c=2 h=1 w=1\nbackdrop name=all p=0 axes=C\nlinear out=2")
	weights, err := net.NewWeights(network)
	if err != nil {
		t.Fatal(err)
	}
	copy(weights.Params[0].Data, []float32{3, 4, 0, 0}) // class 0: 3x+4y; class 1: 0
	for _, c := range []struct {
		scale scale.Normalisation
		x     []float32
		want  float64
	}{
		// Both scores are 0: loss ln 2, d loss/d score 0 = 1/2, length of (3,4)/2 is 5/2, halved by the deviation 2.
		{scale.Normalisation{Mean: []float32{5}, Std: []float32{2}}, []float32{5, 5}, 1.25},
		{scale.Normalisation{Mean: []float32{5, 7}, Std: []float32{2, 4}}, []float32{5, 7}, math.Hypot(3.0/4, 4.0/8)},
		{scale.Normalisation{}, []float32{0, 0}, 2.5},
	} {
		in := &input{net: network, weights: weights, scale: c.scale, classes: []string{"a", "b"},
			samples: []*stream.Sample{{Key: "k", Shape: []int{2, 1, 1}, X: c.x, Label: 1, HasLabel: true}}}
		st, err := newStep(in, &config{request: request{batch: 1}})
		if err != nil {
			t.Fatal(err)
		}
		g, err := gradientOf(in, st)
		if err != nil {
			t.Fatal(err)
		}
		if got := float64(g.norms[0].Data[0]); !(math.Abs(got-c.want) <= 1e-6) {
			t.Errorf("gradient: got %v, want %v", got, c.want)
		}
		if !(math.Abs(g.loss-math.Ln2) <= 1e-6) {
			t.Errorf("loss: got %v, want ln 2", g.loss)
		}
		if g.names[0] != "sample k of class b" {
			t.Errorf("name: got %q", g.names[0])
		}
	}
}
