package draw

import "image"

// Cells says that the values of a picture stand for cells of a larger one, whose places are too many to hold: Size along each axis,
// fewer at the far edges. Sizes and numbers that a picture names are those of places.
type Cells struct {
	Size    int // along each axis; 0 or 1 if values are places
	D, H, W int // places along each axis; of a field H and W

	Missing int // places whose values are not numbers
	First   int // number of the first of them
}

func (c Cells) size() int { return max(1, c.Size) }

// cover returns the cells that a part of the places lies in.
func (c Cells) cover(r image.Rectangle) image.Rectangle {
	n := c.size()
	up := func(v int) int { return (v + n - 1) / n }
	return image.Rect(r.Min.X/n, r.Min.Y/n, up(r.Max.X), up(r.Max.Y))
}

// missing says how many values are not numbers and where the first of them is; "" if all are. Those of places are in parts.
func (c Cells) missing(place func(i int) string, parts ...[]float32) string {
	if c.Size <= 1 {
		return missing(place, parts...)
	}
	return missingOf(c.Missing, max(1, c.D)*c.H*c.W*max(1, len(parts)), c.First, place)
}

// places is the number of rows and columns that the values stand for.
func (f Field) places() (h, w int) {
	if f.Cells.Size <= 1 {
		return f.H, f.W
	}
	return f.Cells.H, f.Cells.W
}
