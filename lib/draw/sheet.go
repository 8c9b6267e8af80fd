package draw

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
)

// A Sheet is a grid of panels under a title.
type Sheet struct {
	Title   string   // in the first line
	Notes   []string // paragraphs under the title
	Group   int      // how many panels stay together in a row, one after the other; 0: each may stand alone
	Columns int      // panels in a row; 0: as they make the sheet most like a screen (Arrange), which sets Beside, too
	Beside  bool     // captions stand beside their pictures, not below them
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
	notes := s.panelNotes()
	if s.Columns == 0 {
		s.arrange(notes)
	}
	size, placed := s.layout(notes)
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
