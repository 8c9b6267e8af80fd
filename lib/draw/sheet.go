package draw

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"slices"
)

// A Sheet is a grid of panels under a title.
type Sheet struct {
	Title   string   // in the first line
	Notes   []string // paragraphs under the title
	Columns int      // 0: one row of up to three panels; of more, about as many rows as columns; few of sequences, which are wide
	Side    int      // the greatest width and height of a picture, in pixels; 0: as it fits
	Panels  []Panel  // row by row
}

// Distances on a sheet, in pixels.
const (
	sheetWidth = 1600 // a sheet is wider only if its pictures had to be smaller than minSide
	minSide    = 96
	minColumn  = 240 // columns are widened to it for the sake of the text, where there is room
	margin     = 16
	gap        = 16 // between columns
	rowGap     = 20
)

// maxPixels bounds the memory that a sheet takes, four bytes a pixel.
const maxPixels = 64 << 20

// encoder takes a third of the time of the default; its files are up to half as large again.
var encoder = png.Encoder{CompressionLevel: png.BestSpeed}

// Encode writes the sheet as PNG.
func (s *Sheet) Encode(w io.Writer) error {
	img, err := s.Image()
	if err != nil {
		return err
	}
	if err := encoder.Encode(w, img); err != nil {
		return fmt.Errorf("writing PNG: %w", err)
	}
	return nil
}

// Image draws the sheet.
func (s *Sheet) Image() (*image.RGBA, error) {
	size, placed := s.layout()
	if float64(size.X)*float64(size.Y) > maxPixels {
		return nil, fmt.Errorf("draw: a sheet of %d panels has %d×%d pixels, the limit is %d pixels; draw fewer panels",
			len(s.Panels), size.X, size.Y, maxPixels)
	}
	dst := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(dst, dst.Bounds(), image.White, image.Point{}, draw.Src)
	for _, p := range placed {
		p.paint(dst, p.at)
	}
	return dst, nil
}

// A block is a part of a sheet: its size is known before it is painted.
type block struct {
	size  image.Point
	paint func(dst *image.RGBA, at image.Point)
}

type placed struct {
	block
	at image.Point
}

// layout returns the size of the sheet and where each of its parts goes.
func (s *Sheet) layout() (image.Point, []placed) {
	columns := s.columns()
	side := max(minSide, (sheetWidth-2*margin-(columns-1)*gap)/columns)
	if s.Side > 0 {
		side = min(side, s.Side)
	}
	faces := panelFaces{newTypeface(bold, 15, ink), newTypeface(regular, 13, pale), newTypeface(regular, 11, pale)}
	figures := make([]figure, len(s.Panels))
	column := min(side, minColumn)
	for i, p := range s.Panels {
		for _, picture := range p.Pictures {
			picture.check()
		}
		figures[i] = p.lay(faces, side)
		column = max(column, figures[i].size.X)
	}
	width := columns*(column+gap) - gap

	var parts []placed
	y := margin
	put := func(x int, b block) {
		parts = append(parts, placed{b, image.Pt(x, y)})
		y += b.size.Y
	}
	put(margin, newTypeface(bold, 20, ink).block(s.Title, width))
	y += 3
	notes := newTypeface(regular, 14, pale)
	for _, note := range s.Notes {
		put(margin, notes.block(note, width))
	}
	for first := 0; first < len(s.Panels); first += columns {
		top := y + rowGap
		row := s.Panels[first:min(first+columns, len(s.Panels))]
		head := 0
		for _, p := range row {
			head = max(head, faces.title.block(p.Title, column).size.Y)
		}
		bottom := top
		for i, p := range row {
			x := margin + i*(column+gap)
			y = top
			put(x, faces.title.block(p.Title, column))
			y = top + head + 3
			for _, part := range figures[first+i].parts {
				parts = append(parts, placed{part.block, part.at.Add(image.Pt(x, y))})
			}
			y += figures[first+i].size.Y
			for _, b := range p.captions(faces, column) {
				put(x, b)
			}
			bottom = max(bottom, y)
		}
		y = bottom
	}
	return image.Pt(width+2*margin, y+margin), parts
}

func (s *Sheet) columns() int {
	switch n := len(s.Panels); {
	case s.Columns > 0:
		return s.Columns
	case slices.ContainsFunc(s.Panels, Panel.wide):
		return min(3, 1+n/16)
	case n <= 3:
		return max(1, n)
	case n == 4:
		return 2
	case n <= 9:
		return 3
	default:
		return 4
	}
}
