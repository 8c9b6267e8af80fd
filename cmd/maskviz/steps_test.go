package main

import (
	"slices"
	"testing"

	"backdrop/formats/stream"
	"backdrop/internal/testkit/drawtest"
	"backdrop/lib/draw"
	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// Of four steps, two so far reached the first pixel, one the second, none the last.
func TestCoverage(t *testing.T) {
	st := newTestStep(t, "input c=1 h=1 w=3\nbackdrop name=a p=0.5 axes=W\ngap\nlinear out=2", 1, nil)
	c := newCoverage(st.net.Input, 4)
	for _, keep := range [][]bool{{true, true, false}, {true, false, false}} {
		st.masks[0] = mask.New(mask.W, [5]int{1, 1, 1, 1, 3}, keep)
		c.add(st.product(0))
	}
	p := c.panel(3)
	h := p.Pictures[0].(draw.Heatmap)
	if want := []float32{0.5, 0.25, 0}; !slices.Equal(h.Data, want) {
		t.Errorf("shares: got %v, want %v", h.Data, want)
	}
	if want := (draw.Range{High: 0.75}); h.Range != want {
		t.Errorf("range: got %v, want %v: three of four steps reach some pixel in the end", h.Range, want)
	}
	if want := []string{"share of the 4 steps that reached a pixel", "66.7 % of the area were reached so far", "mean share 0.25"}; !slices.Equal(p.Captions, want) || p.Title != "coverage · 2 of 4 steps" {
		t.Errorf("got %q, %q", p.Title, p.Captions)
	}
}

// overlayOf reads the samples of an overlay.
func overlayOf(t *testing.T, in *input) *overlay {
	o, err := newOverlay(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// The mean of two channels, in colour where both masks pass.
func TestGoldenOverlay(t *testing.T) {
	const text = "input c=2 h=4 w=4\nbackdrop name=fine p=0.5 axes=HW\nmaxpool kernel=2\nbackdrop name=coarse p=0.5 axes=W\ngap\nlinear out=2"
	st := newTestStep(t, text, 1, net.Masks{
		0: mask.New(mask.H|mask.W, [5]int{1, 2, 1, 4, 4}, slices.Repeat([]bool{true, false, true, true, false}, 4)[:16]),
		2: mask.New(mask.W, [5]int{1, 2, 1, 2, 2}, []bool{true, false}),
	})
	x := make([]float32, 32)
	for i := range x {
		x[i] = float32(i)
	}
	o := overlayOf(t, &input{net: st.net, classes: []string{"a", "b"}, samples: []*stream.Sample{{Key: "key", Shape: []int{2, 4, 4}, X: x, Label: 1, HasLabel: true}}})
	if got, want := o.views[0].values.Data[:3], []float32{8, 9, 10}; !slices.Equal(got, want) { // (0+16)/2, (1+17)/2, …
		t.Errorf("mean over channels: got %v, want %v", got, want)
	}
	drawtest.Golden(t, "testdata/overlay.png", picture(t, st, o))
}

// Of a volume, the light falls on the slices through the centre, and the projections are what share of it there is; of a
// sequence on the lines, as many as are drawn.
func TestOverlayOfOtherDimensions(t *testing.T) {
	st := newTestStep(t, "input c=2 d=2 h=2 w=4\nbackdrop name=a p=0.5 axes=DW\ngap\nlinear out=2", 1, net.Masks{
		0: mask.New(mask.D|mask.W, [5]int{1, 2, 2, 2, 4}, []bool{true, true, false, false, false, true, false, true}),
	})
	x := make([]float32, 32)
	for i := range x {
		x[i] = float32(i)
	}
	o := overlayOf(t, &input{net: st.net, samples: []*stream.Sample{{Shape: []int{2, 2, 2, 4}, X: x}}})
	pictures := o.panel(st, 0).Pictures
	slice := pictures[0].(draw.Views).Along[net.D] // plane 1: (8+24)/2, …
	if want := []float32{16, 17, 18, 19, 20, 21, 22, 23}; !slices.Equal(slice.Data, want) || !slices.Equal(slice.Lit.Data, []float32{0, 1, 0, 1, 0, 1, 0, 1}) {
		t.Errorf("slice: got %v, lit %v", slice.Data, slice.Lit.Data)
	}
	for axis, want := range [][]float32{{0.5, 1, 0, 0.5, 0.5, 1, 0, 0.5}, {1, 1, 0, 0, 0, 1, 0, 1}, {0.5, 0.5, 0.5, 0.5}} {
		if got := pictures[1].(draw.Views).Along[axis]; !slices.Equal(got.Data, want) || got.Range != (draw.Range{High: 1}) {
			t.Errorf("projection along axis %d: got %v of %v, want %v", axis, got.Data, got.Range, want)
		}
	}

	st = newTestStep(t, "input c=20 w=3\nbackdrop name=a p=0.5 axes=W\ngap\nlinear out=2", 1, net.Masks{
		0: mask.New(mask.W, [5]int{1, 20, 1, 1, 3}, []bool{true, false, true}),
	})
	x = make([]float32, 60)
	for i := range x {
		x[i] = float32(i)
	}
	o = overlayOf(t, &input{net: st.net, samples: []*stream.Sample{{Shape: []int{20, 3}, X: x}}})
	pictures = o.panel(st, 0).Pictures
	c := pictures[0].(draw.Curves)
	if len(pictures) != 1 || len(c.Lines) != maxCurves || !slices.Equal(c.Lines[15], []float32{45, 46, 47}) || c.Names[15] != "channel 15" || !slices.Equal(c.Lit, []float32{1, 0, 1}) {
		t.Errorf("got %d pictures, lines %v named %v, lit %v", len(pictures), c.Lines, c.Names, c.Lit)
	}
	if want := "The step learns from the stretches in colour, on yellow; grey ones are blocked. The lines are the first 16 of 20 channels."; o.note() != want {
		t.Errorf("got %q, want %q", o.note(), want)
	}
}
