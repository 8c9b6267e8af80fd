package draw

import (
	"image"
	"image/draw"
	"strconv"
)

// minRuled is the least length of an edge, in pixels, that has room for its numbers.
const minRuled = 64

// tick is the length of a line from an edge to its number, in pixels.
const tick = 3

// A mark is a number beside an edge of a picture.
type mark struct {
	at    int // where its line is, in pixels from the beginning of the edge
	share int // how much of the number stands before the line, in halves of its length
	text  string
}

// ruler writes the numbers of columns under a picture of that size, and those of rows to the left of it, in the margin: at the
// ends and in the middle of each edge.
func (t typeface) ruler(rows, columns int, size image.Point) block {
	return block{image.Pt(size.X, tick+t.line), func(dst *image.RGBA, at image.Point) {
		t.across(dst, at, halves(columns, size.X, " px"))
		t.upward(dst, image.Pt(at.X, at.Y-size.Y), halves(rows, size.Y, ""))
	}}
}

// halves are the marks of an edge of n values, drawn in that many pixels, at its ends and in its middle: nowhere if there is
// no room, and in the middle only if that lies between two values. The last has the unit.
func halves(n, pixels int, unit string) []mark {
	var marks []mark
	for i := range 3 {
		if pixels >= minRuled && (i != 1 || n%2 == 0) {
			marks = append(marks, mark{min(pixels*i/2, pixels-1), i, strconv.Itoa(n * i / 2)})
		}
	}
	if len(marks) > 0 {
		marks[len(marks)-1].text += unit
	}
	return marks
}

// across writes the marks of the edge of a picture that begins above a point.
func (t typeface) across(dst *image.RGBA, at image.Point, marks []mark) {
	for _, m := range marks {
		for y := range tick {
			dst.SetRGBA(at.X+m.at, at.Y+1+y, pale)
		}
		t.write(dst, at.Add(image.Pt(m.at-t.width(m.text)*m.share/2, tick)), m.text)
	}
}

// upward writes the marks of the left edge of a picture, whose upper end is at a point.
func (t typeface) upward(dst *image.RGBA, at image.Point, marks []mark) {
	for _, m := range marks {
		for x := range tick {
			dst.SetRGBA(at.X-2-x, at.Y+m.at, pale)
		}
		t.writeUp(dst, at.Add(image.Pt(-tick-1, m.at+t.width(m.text)*(2-m.share)/2)), m.text)
	}
}

// writeUp sets one line from bottom to top, with the lower end of its base line at a point.
func (t typeface) writeUp(dst *image.RGBA, at image.Point, s string) {
	line := image.NewRGBA(image.Rect(0, 0, t.width(s), t.line))
	draw.Draw(line, line.Bounds(), image.White, image.Point{}, draw.Src)
	t.write(line, image.Point{}, s)
	for x := range line.Rect.Max.X {
		for y := range t.ascent {
			dst.SetRGBA(at.X-t.ascent+y, at.Y-1-x, line.RGBAAt(x, y))
		}
	}
}
