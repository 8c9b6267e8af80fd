package draw

import (
	"image"
	"image/color"
)

// A mosaic is a picture of a field in tiles, one a value, or one for the values that share a pixel.
type mosaic struct {
	of       Field // its size and cells
	z        zoom
	tile     image.Point       // the size of a tile in pixels: z.up×z.up, or longer
	outlines []image.Rectangle // in columns and rows of places

	// colours is called before the picture is painted, and returns the colour of each tile, row by row.
	colours func() func(i int) color.RGBA
}

// leastEdge is how many pixels high and wide a picture is at least: tiles of a few rows, or of a few columns, are made longer.
const leastEdge = 32

// legible returns the mosaic with tiles that are long enough to be seen.
func (m mosaic) legible() mosaic {
	h, w := m.tiles()
	m.tile.X, m.tile.Y = max(m.tile.X, (leastEdge+w-1)/w), max(m.tile.Y, (leastEdge+h-1)/h)
	return m
}

// tiles is the number of rows and columns of tiles.
func (m mosaic) tiles() (h, w int) {
	n := m.z.down
	return (m.of.H + n - 1) / n, (m.of.W + n - 1) / n
}

// size is that of the picture in pixels.
func (m mosaic) size() image.Point {
	h, w := m.tiles()
	return image.Pt(w*m.tile.X, h*m.tile.Y)
}

// blocks are the picture and, if it has one, its ruler.
func (m mosaic) blocks(t typeface, ruled bool) []block {
	blocks := []block{m.block()}
	if ruled {
		rows, columns := m.of.places()
		blocks = append(blocks, t.ruler(rows, columns, m.size()))
	}
	return append(blocks, space(5))
}

// block is the picture, with a frame of one pixel outside it so that it has an edge on white paper.
func (m mosaic) block() block {
	return block{m.size(), func(dst *image.RGBA, at image.Point) {
		picture := image.Rectangle{at, at.Add(m.size())}
		frame(dst, picture)
		m.paint(dst, at)
		for _, r := range m.outlines {
			outline(dst, m.rectangle(m.of.Cells.cover(r)).Add(at), picture)
		}
	}}
}

// rectangle returns where a part of the field is drawn; it has at least one tile.
func (m mosaic) rectangle(r image.Rectangle) image.Rectangle {
	n := m.z.down
	up := func(v int) int { return (v + n - 1) / n }
	return image.Rect(r.Min.X/n*m.tile.X, r.Min.Y/n*m.tile.Y, up(r.Max.X)*m.tile.X, up(r.Max.Y)*m.tile.Y)
}

// paint draws the tiles with their upper left corner at a point of dst.
func (m mosaic) paint(dst *image.RGBA, at image.Point) {
	colour := m.colours()
	h, w := m.tiles()
	width := 4 * w * m.tile.X
	for y := range h {
		first := dst.PixOffset(at.X, at.Y+y*m.tile.Y)
		row := dst.Pix[first : first+width]
		for x := range w {
			c := colour(y*w + x)
			for i := range m.tile.X {
				p := row[4*(x*m.tile.X+i):][:4]
				p[0], p[1], p[2], p[3] = c.R, c.G, c.B, c.A
			}
		}
		for i := 1; i < m.tile.Y; i++ {
			copy(dst.Pix[first+i*dst.Stride:][:width], row)
		}
	}
}
