package draw

import (
	"fmt"
	"image"
)

// A Volume is numbers in three dimensions: D planes of H rows of W values each, in Data one plane after the other.
type Volume struct {
	D, H, W int       // planes, rows and columns
	Data    []float32 // [D, H, W]
	Cells   Cells     // what the values stand for; zero for themselves
}

// The axes of a volume, as they index a place, a box or its views.
const (
	axisD = iota
	axisH
	axisW
)

// NewVolume returns a volume of zeros.
func NewVolume(d, h, w int) Volume { return Volume{D: d, H: h, W: w, Data: make([]float32, d*h*w)} }

// Row returns all values in one row, as they lie there.
func (v Volume) Row() Field { return Field{H: 1, W: len(v.Data), Data: v.Data} }

// Field returns the values as a field, one plane under the other.
func (v Volume) Field() Field { return Field{H: v.D * v.H, W: v.W, Data: v.Data, Cells: v.Cells} }

// A Projection says what one value stands for all those along an axis.
type Projection uint8

const (
	Average Projection = iota // the mean of all values
	Largest                   // the largest of all values
)

// A view is a field [rows, columns] of a volume, seen along an axis: from the front H×W, from the side H×D, from above
// D×W. Its value at a row and column, and the n values behind each other there, begin at start(row, column).
type view struct {
	h, w, n        int
	dy, dx, behind int // distances in Data between neighbours
	cells          Cells
}

// along returns the view along an axis.
func (v Volume) along(axis int) view {
	c := v.Cells
	switch axis {
	case axisD:
		return view{v.H, v.W, v.D, v.W, 1, v.H * v.W, Cells{Size: c.Size, D: 1, H: c.H, W: c.W}}
	case axisW:
		return view{v.H, v.D, v.W, v.W, v.H * v.W, 1, Cells{Size: c.Size, D: 1, H: c.H, W: c.D}}
	}
	return view{v.D, v.W, v.H, v.H * v.W, 1, v.W, Cells{Size: c.Size, D: 1, H: c.D, W: c.W}}
}

// slice returns the values at one number of an axis.
func (v Volume) slice(axis, at int) Field {
	s := v.along(axis)
	f := NewField(s.h, s.w)
	f.Cells = s.cells
	for y := range s.h {
		for x := range s.w {
			f.Data[y*s.w+x] = v.Data[y*s.dy+x*s.dx+at*s.behind]
		}
	}
	return f
}

// project returns one value for all along an axis; NaN if one of them is.
func (v Volume) project(axis int, p Projection) Field {
	s := v.along(axis)
	f := NewField(s.h, s.w)
	f.Cells = s.cells
	for y := range s.h {
		for x := range s.w {
			first := y*s.dy + x*s.dx
			if p == Largest {
				largest := v.Data[first]
				for i := 1; i < s.n; i++ {
					largest = max(largest, v.Data[first+i*s.behind])
				}
				f.Data[y*s.w+x] = largest
				continue
			}
			sum := 0.0
			for i := range s.n {
				sum += float64(v.Data[first+i*s.behind])
			}
			f.Data[y*s.w+x] = float32(sum / float64(s.n))
		}
	}
	return f
}

// Project returns one value for all along each axis, D, H and W.
func (v Volume) Project(p Projection) [3]Field {
	return [3]Field{v.project(axisD, p), v.project(axisH, p), v.project(axisW, p)}
}

// missing says how many values are not numbers and where the first of them is; "" if all are.
func (v Volume) missing() string {
	h, w := v.H, v.W
	if v.Cells.Size > 1 {
		h, w = v.Cells.H, v.Cells.W
	}
	return v.Cells.missing(func(i int) string {
		return fmt.Sprintf("plane %d, row %d, column %d", i/(h*w), i/w%h, i%w)
	}, v.Data)
}

// A Box is a part of a volume: along D, H and W from the first number up to but without the second.
type Box [3][2]int

// Seen is what the box looks like along an axis, 0 for D, 1 for H, 2 for W: along D, in columns and rows.
func (b Box) Seen(axis int) image.Rectangle {
	x, y := axisW, axisH
	switch axis {
	case axisH:
		y = axisD
	case axisW:
		x = axisD
	}
	return image.Rect(b[x][0], b[y][0], b[x][1], b[y][1])
}

// Slices shows of a volume what lies at one place of each axis, D, H and W. The heat map says how; it has no field, light or
// outlines yet, and gets the outlines of the boxes that a slice cuts. A zero lit lights all.
func (v Volume) Slices(h Heatmap, at [3]int, lit Volume, boxes []Box) Views {
	views := Views{Bar: h.Bar, Missing: v.missing()}
	for axis := range 3 {
		s := h
		s.Field = v.slice(axis, at[axis]/v.Cells.size())
		if lit.Data != nil {
			s.Lit = lit.slice(axis, at[axis]/v.Cells.size())
		}
		for _, b := range boxes {
			if b[axis][0] <= at[axis] && at[axis] < b[axis][1] {
				s.Outlines = append(s.Outlines, b.Seen(axis))
			}
		}
		views.Along[axis] = s
	}
	return views
}

// Projections shows the fields that Project returned, and the outlines of boxes.
func Projections(h Heatmap, fields [3]Field, boxes []Box) Views {
	views := Views{Bar: h.Bar}
	for axis, f := range fields {
		s := h
		s.Field = f
		for _, b := range boxes {
			s.Outlines = append(s.Outlines, b.Seen(axis))
		}
		views.Along[axis] = s
	}
	return views
}
