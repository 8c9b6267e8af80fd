package draw

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"
)

// A Panel is one heat map of a sheet.
type Panel struct {
	Title    string
	Heatmap  Heatmap
	Bar      bool              // draw the colour bar with its numbers under the picture
	Ruler    bool              // write beside the picture which rows and columns it shows
	Outlines []image.Rectangle // of parts of the picture, in columns and rows of the field
	Captions []string          // paragraphs under it
}

type panelFaces struct{ title, caption, ruler typeface }

// body returns what stands under the panel's title, from top to bottom.
func (f panelFaces) body(p Panel, z zoom, width int) []block {
	blocks := []block{space(3), p.block(z)}
	if p.Ruler {
		blocks = append(blocks, p.Heatmap.ruler(f.ruler, z))
	}
	blocks = append(blocks, space(5))
	if p.Bar {
		blocks = append(blocks, p.Heatmap.bar(f.caption, z.size(p.Heatmap.H, p.Heatmap.W).X), space(3))
	}
	for _, c := range p.Captions {
		blocks = append(blocks, f.caption.block(c, width))
	}
	blocks = append(blocks, f.caption.block(p.Heatmap.missing(), width))
	return blocks
}

func space(height int) block {
	return block{image.Pt(0, height), func(*image.RGBA, image.Point) {}}
}

// block is the picture, with a frame of one pixel outside it so that it has an edge on white paper.
func (p Panel) block(z zoom) block {
	size := z.size(p.Heatmap.H, p.Heatmap.W)
	return block{size, func(dst *image.RGBA, at image.Point) {
		frame(dst, image.Rectangle{at, at.Add(size)})
		p.Heatmap.paint(dst, at, z)
		for _, r := range p.Outlines {
			outline(dst, z.rectangle(r).Add(at), image.Rectangle{at, at.Add(size)})
		}
	}}
}

var red = color.RGBA{0xff, 0x30, 0x30, 255}

// outline draws the edge of a rectangle, two pixels wide inside it, as far as it lies in the picture.
func outline(dst *image.RGBA, r, picture image.Rectangle) {
	const width = 2
	for _, edge := range []image.Rectangle{
		{r.Min, image.Pt(r.Max.X, r.Min.Y+width)}, {image.Pt(r.Min.X, r.Max.Y-width), r.Max},
		{r.Min, image.Pt(r.Min.X+width, r.Max.Y)}, {image.Pt(r.Max.X-width, r.Min.Y), r.Max},
	} {
		draw.Draw(dst, edge.Intersect(picture), image.NewUniform(red), image.Point{}, draw.Src)
	}
}

func frame(dst *image.RGBA, r image.Rectangle) {
	draw.Draw(dst, r.Inset(-1), image.NewUniform(color.RGBA{0xb0, 0xb0, 0xb0, 255}), image.Point{}, draw.Src)
}

// bar is the colour map laid out from left to right, with the values at its ends and in its middle.
func (h Heatmap) bar(t typeface, width int) block {
	const height, tick = 10, 3
	size := image.Pt(width, height+tick+t.line)
	return block{size, func(dst *image.RGBA, at image.Point) {
		frame(dst, image.Rectangle{at, at.Add(image.Pt(width, height))})
		for x := range width {
			c := h.Map.At((float64(x) + 0.5) / float64(width))
			for y := range height {
				dst.SetRGBA(at.X+x, at.Y+y, c)
			}
		}
		for i := range 3 {
			x := (width - 1) * i / 2
			for y := range tick {
				dst.SetRGBA(at.X+x, at.Y+height+1+y, pale)
			}
			s := number(h.value(float64(i)/2), h.Range.High-h.Range.Low)
			left := x - t.width(s)*i/2 // flush with the ends, centred in the middle
			t.write(dst, at.Add(image.Pt(left, height+tick)), s)
		}
	}}
}

// number writes v with three significant digits; what is nothing beside the span of the bar is 0.
func number(v, span float64) string {
	if math.Abs(v) < span/1e4 {
		v = 0
	}
	format := "%.3g"
	if v != 0 && (math.Abs(v) < 1e-3 || math.Abs(v) >= 1e5) {
		format = "%.2e"
	}
	return strings.ReplaceAll(fmt.Sprintf(format, v), "-", "−")
}
