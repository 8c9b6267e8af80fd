package draw

import (
	"image"
	"image/color"

	"backdrop/lib/finite"
)

// A Photo shows three fields of one size as the red, green and blue of a picture. Values are finite, from 0 to 1.
type Photo struct {
	Channels [3]Field
	Lit      Field // how much of its colour a place has, from 0 to 1, the rest being a dark grey; the zero Field lights all

	Ruler    bool              // write beside the picture which rows and columns it shows
	Outlines []image.Rectangle // of parts of the picture, in columns and rows of places
}

func (p Photo) check() {
	for _, f := range p.Channels {
		Heatmap{Field: f, Lit: p.Lit}.check()
		if f.H != p.Channels[0].H || f.W != p.Channels[0].W {
			panic("draw: channels of different sizes")
		}
	}
}

func (p Photo) note() string { return "" }

func (p Photo) wide() bool { return false }

// lay lays out the picture and its ruler.
func (p Photo) lay(f panelFaces, width int) figure {
	c := p.Channels[0]
	return stack(p.mosaic(fit(c.H, c.W, width)).legible().blocks(f.ruler, p.Ruler)...)
}

// mosaic is the picture in a zoom.
func (p Photo) mosaic(z zoom) mosaic {
	return mosaic{of: p.Channels[0], z: z, tile: image.Pt(z.up, z.up), outlines: p.Outlines, colours: func() func(i int) color.RGBA {
		var rgb [3]Field
		for c, f := range p.Channels {
			rgb[c] = f.Shrink(z.down)
		}
		lit := p.Lit.Shrink(z.down)
		return func(i int) color.RGBA {
			r, g, b := rgb[0].Data[i], rgb[1].Data[i], rgb[2].Data[i]
			c := color.RGBA{eight(r), eight(g), eight(b), 255}
			if lit.Data != nil {
				luma := 0.299*r + 0.587*g + 0.114*b // ITU-R BT.601, section 2.5.1
				c = mix(Greys.At(shade*float64(luma)), c, lit.Data[i])
			}
			return c
		}
	}}
}

// eight is a value from 0 to 1 in eight bits.
func eight(v float32) uint8 {
	if !finite.Is(float64(v)) {
		return 0
	}
	return uint8(max(0, min(1, v))*255 + 0.5)
}
