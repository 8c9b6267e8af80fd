package draw

import (
	"image"
	"image/color"
	"image/draw"
)

// A Panel is one heat map of a sheet.
type Panel struct {
	Title    string            // above the picture
	Heatmap  Heatmap           // the picture
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
