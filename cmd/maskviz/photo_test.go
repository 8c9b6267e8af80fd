package main

import (
	"math"
	"slices"
	"testing"

	"backdrop/formats/stream"
	"backdrop/internal/testkit/drawtest"
	"backdrop/lib/draw"
	"backdrop/lib/mask"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// Three channels are a picture if their values are from 0 to 1, or bytes.
func TestPhotoOfBytesAndShares(t *testing.T) {
	shape, nan := net.Shape{C: 3, H: 1, W: 2}, float32(math.NaN())
	for _, c := range []struct {
		x    []float32
		want []float32 // of red
		ok   bool
	}{
		{[]float32{0, 1, 0.5, 0.25, 0, 0}, []float32{0, 1}, true},
		{[]float32{255, 51, 0, 3, 2, 1}, []float32{1, 0.2}, true},
		{[]float32{0, 0, 0, 0, 0, 0}, []float32{0, 0}, true},
		{[]float32{255, 51.5, 0, 3, 2, 1}, nil, false}, // no bytes
		{[]float32{256, 0, 0, 0, 0, 0}, nil, false},
		{[]float32{0, 0, -0.1, 0, 0, 0}, nil, false},
		{[]float32{0, 0, 0, 0, 0, nan}, nil, false},
	} {
		r := &reader{source: &pixels.Memory{Values: c.x, Count: 2}, shape: shape, stopped: func() bool { return false }}
		channels, ok := r.photo()
		if ok != c.ok || ok && !slices.Equal(channels[0].Data, c.want) {
			t.Errorf("%v: %v, %v", c.x, channels[0].Data, ok)
		}
	}
	for shape, want := range map[net.Shape]bool{shape: true, {C: 1, H: 4, W: 4}: false, {C: 3, W: 9}: false, {C: 3, D: 4, H: 4, W: 4}: false, {C: 4, H: 4, W: 4}: false} {
		if coloured(shape) != want {
			t.Errorf("%v: %v", shape, !want)
		}
	}
}

// The patches of a colour picture that survive keep their colours; of other images the panel says what is shown.
func TestOverlayOfColours(t *testing.T) {
	st := newTestStep(t, "input c=3 h=2 w=2\nbackdrop name=a p=0.5 axes=W\ngap\nlinear out=2", 1, net.Masks{0: mask.New(mask.W, [5]int{1, 3, 1, 2, 2}, []bool{true, false})})
	x := []float32{1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0} // red
	of := func(x []float32) draw.Panel {
		return overlayOf(t, &input{net: st.net, samples: []*stream.Sample{{Key: "key", Shape: []int{3, 2, 2}, X: x}}}).panel(st, 0)
	}
	p := of(slices.Clone(x))
	if _, ok := p.Pictures[0].(draw.Photo); !ok || !slices.Equal(p.Captions, []string{"sample key", "all masks keep 50 % of the area"}) {
		t.Errorf("got %T, %q", p.Pictures[0], p.Captions)
	}
	sheet := draw.Sheet{Panels: []draw.Panel{p}}
	img, err := sheet.Image()
	if err != nil {
		t.Fatal(err)
	}
	red, dark := 0, 0
	for y := range img.Rect.Max.Y {
		for x := range img.Rect.Max.X {
			switch c := drawtest.At(img, x, y); {
			case c.R == 255 && c.G == 0:
				red++
			case c.R == 34 && c.G == 34 && c.B == 34:
				dark++
			}
		}
	}
	if red < 256*512 || dark < 256*512*9/10 {
		t.Errorf("%d red pixels and %d grey ones", red, dark)
	}
	grey := slices.Repeat([]float32{0.9, 0.1, 0.5, 0.5}, 3)
	grey[0] -= 0.05
	if p = of(grey); !slices.Contains(p.Captions, "mean over 3 channels") {
		t.Errorf("grey samples: %q", p.Captions)
	}
	if _, ok := p.Pictures[0].(draw.Heatmap); !ok {
		t.Errorf("grey samples: %T", p.Pictures[0])
	}
	x[0] = 290 // kelvin
	p = of(x)
	if _, ok := p.Pictures[0].(draw.Heatmap); !ok || !slices.Contains(p.Captions, "mean over 3 channels") {
		t.Errorf("got %T, %q", p.Pictures[0], p.Captions)
	}
}
