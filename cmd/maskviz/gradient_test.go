package main

import (
	"fmt"
	"math"
	"testing"

	"backdrop/formats/stream"
	"backdrop/lib/draw"
	"backdrop/lib/net"
	"backdrop/lib/scale"
)

// support returns the first and last row and column where the field is not zero.
func support(f draw.Field) (rows, cols [2]int) {
	rows, cols = [2]int{f.H, -1}, [2]int{f.W, -1}
	for i, v := range f.Data {
		if v != 0 {
			rows = [2]int{min(rows[0], i/f.W), max(rows[1], i/f.W)}
			cols = [2]int{min(cols[0], i%f.W), max(cols[1], i%f.W)}
		}
	}
	return rows, cols
}

// gradientOf takes the gradient of one step.
func gradientOf(in *input, st *step) (*gradient, error) {
	g, err := newGradient(in, st, st.batch, 1)
	if err != nil {
		return nil, err
	}
	return g, g.look(st)
}

// Where one cell is pinned, the gradient reaches what that cell sees and no other pixel, and the picture of the mask
// has the cell in the middle of it. With all weights 1 and no layer that is not linear, nothing cancels.
func TestGradientOfPinnedCell(t *testing.T) {
	conv := func(layers, kernel, pad int) (text string) {
		for range layers {
			text += fmt.Sprintf("conv out=2 kernel=%d stride=2 pad=%d\n", kernel, pad)
		}
		return text
	}
	for name, layers := range map[string]string{
		"crisp":   "conv out=2 kernel=5 stride=2 pad=2\n" + conv(3, 2, 0),
		"overlap": "conv out=2 kernel=5 stride=2 pad=2\n" + conv(3, 3, 1),
		"pooled":  "conv out=2 kernel=5 pad=2\navgpool kernel=2\nconv out=2 kernel=3 pad=1\navgpool kernel=2\n",
		"valid":   "conv out=2 kernel=5\navgpool kernel=2\nconv out=2 kernel=3\n",
	} {
		network := network(t, "input c=1 h=128 w=128\n"+layers+"backdrop name=cell p=0.5 axes=HW\ngap\nlinear out=2\n")
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

		zeros := &stream.Sample{Key: "zeros", Shape: []int{128, 128}, X: make([]float32, 128*128)} // scores 0, so p = 1/2
		in := &input{net: network, weights: weights, samples: []*stream.Sample{zeros}}
		st, err := newStep(in, &config{request: request{batch: 1}, pinned: []pin{{"cell", 3, 4}}})
		if err != nil {
			t.Fatal(err)
		}
		g, err := gradientOf(in, st)
		if err != nil {
			t.Fatal(err)
		}
		geometry := st.geometry[layer][net.H] // along both axes
		rows, cols := support(g.fields[0])
		drawnRows, drawnCols := support(st.project(layer, 0))
		for axis, c := range []struct {
			cell        int
			seen, drawn [2]int
		}{{3, rows, drawnRows}, {4, cols, drawnCols}} {
			from := c.cell*geometry.Stride + geometry.Offset
			if want := [2]int{from, from + geometry.Field - 1}; c.seen != want {
				t.Errorf("%s, axis %d: gradient reaches %v, the cell sees %v", name, axis, c.seen, want)
			}
			if size := c.drawn[1] - c.drawn[0] + 1; size != geometry.Stride {
				t.Errorf("%s, axis %d: cell is drawn as %d pixels, want %d", name, axis, size, geometry.Stride)
			}
			if off := c.drawn[0] + c.drawn[1] - c.seen[0] - c.seen[1]; off < -1 || off > 1 {
				t.Errorf("%s, axis %d: cell is drawn at %v, but sees %v", name, axis, c.drawn, c.seen)
			}
		}
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
		if got := float64(g.fields[0].Data[0]); !(math.Abs(got-c.want) <= 1e-6) {
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
