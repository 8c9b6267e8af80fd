package draw

import (
	"image"
	"image/draw"
	"strconv"
)

// minRuled is the least length of an edge, in pixels, that has room for its numbers.
const minRuled = 64

// ruler writes the numbers of columns under the picture, and those of rows to the left of it, in the margin: at the ends and
// in the middle of each edge.
func (h Heatmap) ruler(t typeface, z zoom) block {
	const tick = 3
	size := z.size(h.H, h.W)
	return block{image.Pt(size.X, tick+t.line), func(dst *image.RGBA, at image.Point) {
		for _, i := range marks(h.W, size.X) {
			x := min(size.X*i/2, size.X-1)
			for y := range tick {
				dst.SetRGBA(at.X+x, at.Y+1+y, pale)
			}
			s := strconv.Itoa(h.W * i / 2)
			if i == 2 {
				s += " px"
			}
			t.write(dst, at.Add(image.Pt(x-t.width(s)*i/2, tick)), s)
		}
		for _, i := range marks(h.H, size.Y) {
			y := min(size.Y*i/2, size.Y-1)
			for x := range tick {
				dst.SetRGBA(at.X-2-x, at.Y-size.Y+y, pale)
			}
			s := strconv.Itoa(h.H * i / 2)
			t.writeUp(dst, at.Add(image.Pt(-tick-1, y-size.Y+t.width(s)*(2-i)/2)), s)
		}
	}}
}

// marks are where an edge of n values, drawn in that many pixels, has numbers, in halves of its length: nowhere if there is
// no room, and in the middle only if that lies between two values.
func marks(n, pixels int) []int {
	switch {
	case pixels < minRuled:
		return nil
	case n%2 != 0:
		return []int{0, 2}
	}
	return []int{0, 1, 2}
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
