package draw

import (
	"image"
	"image/color"
	"image/draw"
	"slices"
	"strings"
)

// A Panel is one part of a sheet: a picture, or a few that belong together.
type Panel struct {
	Title    string    // above the pictures
	Pictures []Picture // beside each other as far as there is room, else one under the other
	Captions []string  // under them: paragraphs, or one paragraph of a panel as wide as the sheet
}

// A Picture is a Heatmap of a field, a Photo of three, the Views of a volume, or a Strip or Curves of a sequence.
type Picture interface {
	check()                             // panics if the picture cannot be drawn
	lay(f panelFaces, width int) figure // within that many pixels
	note() string                       // a caption that it needs; "" for none
	wide() bool                         // takes all the width that it is given
}

type panelFaces struct{ title, caption, ruler typeface }

func newPanelFaces() panelFaces {
	return panelFaces{newTypeface(bold, 15, ink), newTypeface(regular, 13, pale), newTypeface(regular, 11, pale)}
}

// A figure is a group of blocks; those of a sheet are put where the figure is.
type figure struct {
	size  image.Point
	parts []placed
}

// put adds a block at a point of the figure, which grows to hold it.
func (f *figure) put(at image.Point, b block) {
	f.parts = append(f.parts, placed{b, at})
	f.size = image.Pt(max(f.size.X, at.X+b.size.X), max(f.size.Y, at.Y+b.size.Y))
}

// stack puts blocks one under the other.
func stack(blocks ...block) figure {
	var f figure
	for _, b := range blocks {
		f.put(image.Pt(0, f.size.Y), b)
	}
	return f
}

// figureGap is the distance of two pictures of a panel, in pixels: room for the numbers of the second.
const figureGap = 24

// lay lays out the pictures of the panel.
func (p Panel) lay(f panelFaces, width int) figure {
	var whole figure
	at := image.Point{}
	for _, picture := range p.Pictures {
		g := picture.lay(f, width)
		if at.X > 0 && at.X+g.size.X > width {
			at = image.Pt(0, whole.size.Y)
		}
		for _, part := range g.parts {
			whole.put(at.Add(part.at), part.block)
		}
		at.X += g.size.X + figureGap
	}
	return whole
}

// captions are the paragraphs under or beside the pictures, and their notes.
func (p Panel) captions(f panelFaces, width int, notes []string) []block {
	var blocks []block
	captions := p.Captions
	if p.wide() {
		captions = []string{strings.Join(captions, " · ")}
	}
	for _, c := range captions {
		blocks = append(blocks, f.caption.block(c, width))
	}
	for _, note := range notes {
		blocks = append(blocks, f.caption.block(note, width))
	}
	return blocks
}

// wide reports whether a picture takes all the width that it is given.
func (p Panel) wide() bool { return slices.ContainsFunc(p.Pictures, Picture.wide) }

func space(height int) block {
	return block{image.Pt(0, height), func(*image.RGBA, image.Point) {}}
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
