package draw

import (
	"image"
	"image/color"
	"math"

	"backdrop/lib/finite"
)

// A Scale says how values are laid along a colour map.
type Scale uint8

const (
	Linear Scale = iota // the value itself
	Sqrt                // the square root of the value: for magnitudes that span a few decades, with exact zeros among them
)

// A Heatmap shows every value of a field as a colour.
type Heatmap struct {
	Field
	Map   ColourMap  // the colours of the Range
	Range Range      // values outside have the colours of the ends
	Scale Scale      // between the ends of the Range
	Of    Projection // what a pixel shows of the values that share it: their mean, or the largest
	Lit   Field      // how much of its colour a value has, from 0 to 1, the rest being a dark grey; the zero Field lights all

	Bar      bool              // draw the colour bar with its numbers under the picture
	Ruler    bool              // write beside the picture which rows and columns it shows
	Outlines []image.Rectangle // of parts of the picture, in columns and rows of places
}

// lay lays out the picture and what stands under it.
func (h Heatmap) lay(f panelFaces, width int) figure {
	m := h.mosaic(fit(h.H, h.W, width)).legible()
	blocks := m.blocks(f.ruler, h.Ruler)
	if h.Bar {
		blocks = append(blocks, h.bar(f.caption, m.size().X), space(3))
	}
	return stack(blocks...)
}

func (h Heatmap) note() string { return h.missing() }

func (h Heatmap) wide() bool { return false }

// mosaic is the picture in a zoom.
func (h Heatmap) mosaic(z zoom) mosaic {
	return mosaic{of: h.Field, z: z, tile: image.Pt(z.up, z.up), outlines: h.Outlines, colours: func() func(i int) color.RGBA {
		f, lit := h.shrink(z.down, h.Of), h.Lit.Shrink(z.down)
		return func(i int) color.RGBA {
			v := float64(f.Data[i])
			c := h.colour(v)
			if lit.Data != nil && v == v {
				c = mix(Greys.At(shade*h.position(v)), c, lit.Data[i])
			}
			return c
		}
	}}
}

func (h Heatmap) check() {
	if h.H <= 0 || h.W <= 0 || len(h.Data) != h.H*h.W {
		panic("draw: field whose data do not match its size")
	}
	if h.Lit.Data != nil && (h.Lit.H != h.H || h.Lit.W != h.W || len(h.Lit.Data) != len(h.Data)) {
		panic("draw: light of another size than the field")
	}
	if !finite.Is(h.Range.Low) || !finite.Is(h.Range.High) || h.Range.Low > h.Range.High {
		panic("draw: impossible range of values")
	}
}

// position returns where on the colour map v lies, which must not be NaN. An empty range has all in the middle.
func (h Heatmap) position(v float64) float64 {
	if h.Range.High == h.Range.Low {
		return 0.5
	}
	t := (v - h.Range.Low) / (h.Range.High - h.Range.Low)
	if h.Scale == Sqrt {
		t = math.Sqrt(max(0, t))
	}
	return t
}

// value is the inverse of position.
func (h Heatmap) value(t float64) float64 {
	if h.Scale == Sqrt {
		t *= t
	}
	return h.Range.Low + t*(h.Range.High-h.Range.Low)
}

// A zoom draws a value as up×up pixels, or down×down values as a pixel; one of them is 1.
type zoom struct{ up, down int }

// maxMagnified is how wide and high a magnified field may be drawn, in pixels.
const maxMagnified = 512

// fit returns the zoom that draws an h×w field within a square of side pixels. A field is magnified as far as it stays
// within maxMagnified. A larger one is made smaller, as little as needed, and if possible by a divisor of the size, which
// keeps the edges of cells sharp.
func fit(h, w, side int) zoom {
	size := max(h, w)
	if up := min(side, maxMagnified) / size; up > 1 {
		return zoom{up, 1}
	}
	return zoom{1, divisor((size+side-1)/side, h, w)}
}

// divisor returns the first number from least on, but less than twice that, which divides both sizes; else least.
func divisor(least, h, w int) int {
	for down := least; down < 2*least; down++ {
		if h%down == 0 && w%down == 0 {
			return down
		}
	}
	return least
}

// size returns the size in pixels of an h×w field.
func (z zoom) size(h, w int) image.Point {
	return image.Pt((w+z.down-1)/z.down*z.up, (h+z.down-1)/z.down*z.up)
}

// shade is how bright the grey of an unlit value may be: as dark as the lower half of a colour map.
const shade = 0.45

// mix returns the colour at a share of the way from a to b.
func mix(a, b color.RGBA, share float32) color.RGBA {
	between := func(a, b uint8) uint8 { return uint8(float32(a) + share*(float32(b)-float32(a)) + 0.5) }
	return color.RGBA{between(a.R, b.R), between(a.G, b.G), between(a.B, b.B), 255}
}

func (h Heatmap) colour(v float64) color.RGBA {
	if math.IsNaN(v) {
		return Missing
	}
	return h.Map.At(h.position(v))
}
