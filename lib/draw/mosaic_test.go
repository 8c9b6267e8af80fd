package draw

import (
	"image"
	"image/color"
	"testing"
)

// Colours of a photo are those of its channels where it is lit, and a dark grey of their luminance elsewhere: 0.299·100 % red is
// 256·0.45·0.299 = 34.
func TestPhoto(t *testing.T) {
	field := func(v ...float32) Field { return Field{H: 1, W: len(v), Data: v} }
	p := Photo{Channels: [3]Field{field(1, 1, 0), field(0, 0, 0.5), field(0, 0, 1)}, Lit: field(1, 0, 1)}
	p.check()
	dst := image.NewRGBA(image.Rect(0, 0, 3, 1))
	p.mosaic(zoom{1, 1}).paint(dst, image.Point{})
	for x, want := range []color.RGBA{{255, 0, 0, 255}, {34, 34, 34, 255}, {0, 128, 255, 255}} {
		if got := dst.RGBAAt(x, 0); got != want {
			t.Errorf("pixel %d: got %v, want %v", x, got, want)
		}
	}
	p.Lit = Field{}
	p.mosaic(zoom{1, 1}).paint(dst, image.Point{})
	if got := dst.RGBAAt(1, 0); got != (color.RGBA{255, 0, 0, 255}) {
		t.Errorf("in full light: %v", got)
	}
}

// Pictures of a few rows or columns are high and wide enough to be seen.
func TestLegibleEdges(t *testing.T) {
	faces := newPanelFaces()
	for _, c := range []struct {
		h, w int
		want image.Point
	}{{2, 500, image.Pt(500, 32)}, {6, 500, image.Pt(500, 36)}, {500, 6, image.Pt(36, 500)}, {1, 2000, image.Pt(1000, 32)}, {100, 100, image.Pt(500, 500)}, {40, 500, image.Pt(500, 40)}} {
		h := Heatmap{Field: NewField(c.h, c.w), Map: Greys, Outlines: []image.Rectangle{image.Rect(0, 0, c.w, 1)}}
		f := h.lay(faces, 1200)
		if got := f.parts[0].size; got != c.want {
			t.Errorf("%d×%d: drawn as %v, want %v", c.h, c.w, got, c.want)
		}
		if m := h.mosaic(fit(c.h, c.w, 1200)).legible(); m.rectangle(image.Rect(0, 0, c.w, c.h)).Size() != m.size() {
			t.Errorf("%d×%d: all of it is %v of %v", c.h, c.w, m.rectangle(image.Rect(0, 0, c.w, c.h)), m.size())
		}
	}
}
