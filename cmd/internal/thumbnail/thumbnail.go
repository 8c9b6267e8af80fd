// Package thumbnail makes small pictures of samples, which may be too large to be in memory.
package thumbnail

import (
	"slices"

	"backdrop/lib/draw"
)

// A Thumbnail is one channel of a sample as it is shown, made of its values as they come: an image; the slice in the middle of a
// volume; a sequence as a band.
type Thumbnail struct {
	height, width int
	side          int // the greatest height and width, in pixels
	shrink        int // the side of the squares whose mean is shown
	skip, left    int // values before the picture, and those of it that are still to come
	rows          []float32
	small         []float32 // the rows that are done
	band          bool
}

// Shrink is the side of the squares whose mean is a pixel where a picture is to have at most that many pixels a side.
func Shrink(height, width, side int) int { return (max(height, width) + side - 1) / side }

// New begins the picture of a channel of a shape, W, H,W or D,H,W, of at most that many pixels a side.
func New(shape []int, side int) *Thumbnail {
	t := &Thumbnail{height: 1, width: shape[len(shape)-1], side: side, band: len(shape) == 1}
	if len(shape) > 1 {
		t.height = shape[len(shape)-2]
	}
	t.left = t.height * t.width
	if len(shape) > 2 {
		t.skip = shape[0] / 2 * t.left
	}
	if t.shrink = Shrink(t.height, t.width, side); t.band {
		t.shrink = 1 // as a whole, at the end
	}
	return t
}

// Add takes the next values.
func (t *Thumbnail) Add(values []float32) {
	n := min(t.skip, len(values))
	t.skip -= n
	for values = values[n:]; len(values) > 0 && t.left > 0; values = values[n:] {
		n = min(len(values), t.left, t.shrink*t.width-len(t.rows))
		t.rows = append(t.rows, values[:n]...)
		if t.left -= n; t.left == 0 || len(t.rows) == t.shrink*t.width {
			part := draw.Field{H: len(t.rows) / t.width, W: t.width, Data: t.rows}
			t.small = append(t.small, part.Shrink(t.shrink).Data...)
			t.rows = t.rows[:0]
		}
	}
}

// Field returns the picture of the channel, all of which was added.
func (t *Thumbnail) Field() draw.Field {
	if !t.band {
		width := (t.width + t.shrink - 1) / t.shrink
		return draw.Field{H: len(t.small) / width, W: width, Data: t.small}
	}
	height := max(1, t.width/8)
	f := draw.Field{H: height, W: t.width, Data: slices.Repeat(t.small, height)}
	return f.Shrink(Shrink(height, t.width, t.side))
}
