package draw

import (
	"image"
	"math"
	"strconv"
)

// A Strip shows the values of a sequence as colours: a heat map of one row, as wide as there is room, and high enough to be
// seen. Strips and Curves of one length have their places one under the other.
type Strip struct{ Heatmap }

// Sizes of pictures of sequences, in pixels.
const (
	stripHeight = 32
	beside      = 68  // room to the right for words and numbers
	maxBar      = 512 // a colour bar is no wider
)

func (s Strip) check() {
	s.Heatmap.check()
	if s.H != 1 {
		panic("draw: a strip with more than one row")
	}
}

func (s Strip) note() string {
	return s.Cells.missing(func(i int) string { return "point " + strconv.Itoa(i) }, s.Data)
}

func (s Strip) wide() bool { return true }

// lay lays out the strip, its ruler and its bar.
func (s Strip) lay(f panelFaces, width int) figure {
	z := stretch(s.W, width-beside)
	m := s.mosaic(z)
	m.tile.Y = stripHeight
	blocks := []block{m.block()}
	if s.Ruler {
		blocks = append(blocks, f.ruler.places(s.Field, z))
	}
	blocks = append(blocks, space(5))
	if s.Bar {
		blocks = append(blocks, s.bar(f.caption, min(maxBar, width-beside)), space(3))
	}
	return stack(blocks...)
}

// stretch returns the zoom that draws n values in at most width pixels, along which they may be magnified any number of times.
func stretch(n, width int) zoom {
	if up := width / n; up > 0 {
		return zoom{up, 1}
	}
	return zoom{1, divisor((n+width-1)/width, n, n)}
}

// places is the ruler of the values of a sequence: each number stands where its place begins.
func (t typeface) places(f Field, z zoom) block {
	size := z.size(1, f.W)
	return block{image.Pt(size.X, tick+t.line), func(dst *image.RGBA, at image.Point) {
		_, n := f.places()
		t.across(dst, at, t.points(n, zoom{z.up, z.down * f.Cells.size()}, size.X))
	}}
}

// points are the marks of n values, in that many pixels, at round numbers of them.
func (t typeface) points(n int, z zoom, pixels int) []mark {
	if pixels < minRuled {
		return nil
	}
	var marks []mark
	for _, v := range (round{least: 1}).Ticks(0, float64(n)) {
		at := int(math.Round(v.Value * float64(z.up) / float64(z.down)))
		marks = append(marks, mark{min(at, pixels-1), 1, v.Label})
	}
	last := &marks[len(marks)-1]
	last.text += " points"
	if last.at+t.width(last.text)/2 > pixels {
		last.share = 2
	}
	marks[0].share = 0
	return marks
}
