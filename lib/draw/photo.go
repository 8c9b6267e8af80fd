package draw

import (
	"image"
	"image/color"
)

// A Photo shows three fields of one size as the red, green and blue of a picture. Values are finite, from 0 to 1.
type Photo struct{ Channels [3]Field }

func (p Photo) check() {
	for _, f := range p.Channels {
		if f.H <= 0 || f.W <= 0 || len(f.Data) != f.H*f.W || f.H != p.Channels[0].H || f.W != p.Channels[0].W {
			panic("draw: channels of different sizes, or whose data do not match theirs")
		}
	}
}

func (p Photo) note() string { return "" }

func (p Photo) wide() bool { return false }

// lay lays out the picture.
func (p Photo) lay(_ panelFaces, width int) figure {
	h, w := p.Channels[0].H, p.Channels[0].W
	z := fit(h, w, width)
	size := z.size(h, w)
	return stack(block{size, func(dst *image.RGBA, at image.Point) {
		frame(dst, image.Rectangle{at, at.Add(size)})
		p.paint(dst, at, z)
	}}, space(5))
}

// paint draws the picture with its upper left corner at a point of dst.
func (p Photo) paint(dst *image.RGBA, at image.Point, z zoom) {
	var rgb [3]Field
	for i, f := range p.Channels {
		rgb[i] = f.Shrink(z.down)
	}
	eight := func(v float32) uint8 { return uint8(max(0, min(1, v))*255 + 0.5) }
	for y := range rgb[0].H * z.up {
		for x := range rgb[0].W * z.up {
			i := y/z.up*rgb[0].W + x/z.up
			dst.SetRGBA(at.X+x, at.Y+y, color.RGBA{eight(rgb[0].Data[i]), eight(rgb[1].Data[i]), eight(rgb[2].Data[i]), 255})
		}
	}
}
