package draw

import (
	"image"
	"image/color"
	"math"
	"testing"
)

func TestFit(t *testing.T) {
	for _, c := range []struct {
		h, w, side int
		want       zoom
	}{
		{1024, 1024, 512, zoom{1, 2}},
		{1024, 1024, 1568, zoom{1, 1}},
		{1024, 1024, 400, zoom{1, 4}}, // 3 would do, 4 divides
		{1000, 1000, 400, zoom{1, 4}},
		{1021, 1021, 400, zoom{1, 3}}, // a prime number
		{128, 128, 512, zoom{4, 1}},
		{128, 128, 1568, zoom{4, 1}}, // magnified no further
		{128, 64, 400, zoom{3, 1}},
		{1, 700, 512, zoom{1, 2}},
		{1, 1, 96, zoom{96, 1}},
	} {
		got := fit(c.h, c.w, c.side)
		if got != c.want {
			t.Errorf("%d×%d in %d: got %v, want %v", c.h, c.w, c.side, got, c.want)
		}
		if size := got.size(c.h, c.w); size.X > c.side || size.Y > c.side {
			t.Errorf("%d×%d in %d: drawn as %v", c.h, c.w, c.side, size)
		}
	}
}

func TestPaintMagnified(t *testing.T) {
	h := Heatmap{Field: Field{H: 2, W: 3, Data: []float32{0, 1, 2, 3, nan, inf}}, Map: Greys, Range: Range{0, 4}}
	dst := image.NewRGBA(image.Rect(0, 0, 20, 20))
	h.mosaic(zoom{3, 1}).paint(dst, image.Pt(4, 5))
	grey := func(v uint8) color.RGBA { return color.RGBA{v, v, v, 255} }
	want := []color.RGBA{grey(0), grey(64), grey(128), grey(192), Missing, grey(255)} // 256·v/4
	for y := range 20 {
		for x := range 20 {
			expected := color.RGBA{}
			if p := image.Pt(x, y); p.In(image.Rect(4, 5, 13, 11)) {
				expected = want[(y-5)/3*3+(x-4)/3]
			}
			if got := dst.RGBAAt(x, y); got != expected {
				t.Fatalf("pixel %d,%d: got %v, want %v", x, y, got, expected)
			}
		}
	}
}

// A value without light is a grey: 256·0.45·v/4 for v of 0..4, as dark as that; one half lit is the mean of the two; one
// that is not a number has its own colour in any light.
func TestPaintLit(t *testing.T) {
	h := Heatmap{Field: Field{H: 1, W: 4, Data: []float32{2, 2, 2, nan}}, Map: Viridis, Range: Range{0, 4}, Lit: Field{H: 1, W: 4, Data: []float32{0, 0.5, 1, 0}}}
	dst := image.NewRGBA(image.Rect(0, 0, 4, 1))
	h.mosaic(zoom{1, 1}).paint(dst, image.Point{})
	// The middle of viridis is 33,145,140 (TestPublishedColours), the grey 57.
	for x, want := range []color.RGBA{{57, 57, 57, 255}, {45, 101, 99, 255}, {33, 145, 140, 255}, Missing} {
		if got := dst.RGBAAt(x, 0); got != want {
			t.Errorf("light %v: got %v, want %v", h.Lit.Data[x], got, want)
		}
	}
}

func TestPaintDiminished(t *testing.T) {
	h := Heatmap{Field: Field{H: 2, W: 4, Data: []float32{0, 2, 3, 3, 0, 2, 3, nan}}, Map: Greys, Range: Range{0, 4}}
	dst := image.NewRGBA(image.Rect(0, 0, 2, 1))
	h.mosaic(zoom{1, 2}).paint(dst, image.Point{})
	if got, want := dst.RGBAAt(0, 0), (color.RGBA{64, 64, 64, 255}); got != want {
		t.Errorf("mean 1 of 0..4: got %v, want %v", got, want)
	}
	if got := dst.RGBAAt(1, 0); got != Missing {
		t.Errorf("a pixel with a missing value: got %v, want %v", got, Missing)
	}
}

func TestPosition(t *testing.T) {
	linear := Heatmap{Range: Range{-2, 6}}
	root := Heatmap{Range: Range{0, 16}, Scale: Sqrt}
	for _, c := range []struct {
		h       Heatmap
		v, want float64
	}{{linear, -2, 0}, {linear, 0, 0.25}, {linear, 6, 1}, {root, 0, 0}, {root, 1, 0.25}, {root, 4, 0.5}, {root, 16, 1}} {
		if got := c.h.position(c.v); !(math.Abs(got-c.want) <= 1e-15) {
			t.Errorf("position of %v in %v: got %v, want %v", c.v, c.h.Range, got, c.want)
		}
		if got := c.h.value(c.want); !(math.Abs(got-c.v) <= 1e-14) {
			t.Errorf("value at %v in %v: got %v, want %v", c.want, c.h.Range, got, c.v)
		}
	}
	if got := root.position(-1); got != 0 {
		t.Errorf("root of a value below the range: got %v, want 0", got)
	}
	if got := (Heatmap{Range: Range{3, 3}}).position(3); got != 0.5 {
		t.Errorf("a field of one value: got %v, want 0.5", got)
	}
}
