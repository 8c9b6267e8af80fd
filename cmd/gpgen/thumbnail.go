package main

import (
	"slices"

	pictures "backdrop/lib/draw" // draw is what this tool does
)

// A thumbnail is a sample as it is shown, made of its values as they come: an image; the slice in the middle of a volume; a
// sequence as a band.
type thumbnail struct {
	height, width int
	shrink        int // the side of the squares whose mean is shown
	skip, left    int // values before the picture, and those of it that are still to come
	rows          []float32
	small         []float32 // the rows that are done
	band          bool
}

// shrink is the side of the squares of a picture whose mean is a pixel.
func shrink(height, width int) int { return (max(height, width) + maxPreviewSide - 1) / maxPreviewSide }

// newThumbnail begins the picture of a sample of a shape.
func newThumbnail(shape []int) *thumbnail {
	t := &thumbnail{height: 1, width: shape[len(shape)-1], band: len(shape) == 1}
	if len(shape) > 1 {
		t.height = shape[len(shape)-2]
	}
	t.left = t.height * t.width
	if len(shape) > 2 {
		t.skip = shape[0] / 2 * t.left
	}
	if t.shrink = shrink(t.height, t.width); t.band {
		t.shrink = 1 // as a whole, at the end
	}
	return t
}

// add takes the next values.
func (t *thumbnail) add(values []float32) {
	n := min(t.skip, len(values))
	t.skip -= n
	for values = values[n:]; len(values) > 0 && t.left > 0; values = values[n:] {
		n = min(len(values), t.left, t.shrink*t.width-len(t.rows))
		t.rows = append(t.rows, values[:n]...)
		if t.left -= n; t.left == 0 || len(t.rows) == t.shrink*t.width {
			part := pictures.Field{H: len(t.rows) / t.width, W: t.width, Data: t.rows}
			t.small = append(t.small, part.Shrink(t.shrink).Data...)
			t.rows = t.rows[:0]
		}
	}
}

// field returns the picture of the sample, all of which was added.
func (t *thumbnail) field() pictures.Field {
	if !t.band {
		width := (t.width + t.shrink - 1) / t.shrink
		return pictures.Field{H: len(t.small) / width, W: width, Data: t.small}
	}
	height := max(1, t.width/8)
	f := pictures.Field{H: height, W: t.width, Data: slices.Repeat(t.small, height)}
	return f.Shrink(shrink(height, t.width))
}

// picture returns the picture of a sample.
func picture(x []float32, shape []int) pictures.Field {
	t := newThumbnail(shape)
	t.add(x)
	return t.field()
}
