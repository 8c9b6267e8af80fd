package draw

import (
	"image"
	"strconv"
)

// Views is a volume seen along each of its axes, all of it in one scale, laid out as in a technical drawing: along D in
// the upper left corner, along W to the right of it, and along H under it. Numbers beside it say which edge is which axis.
type Views struct {
	Along   [3]Heatmap // along D, [H, W]; along H, [D, W]; along W, [H, D]; with the colours of the first
	Bar     bool       // draw the colour bar with its numbers under the picture
	Caption string     // a paragraph under it
	Missing string     // what is said of values that are no numbers; "" if there are none
}

// viewGap is the distance of two views, in pixels.
const viewGap = 6

func (v Views) check() {
	for _, h := range v.Along {
		h.check()
	}
	front, top, side := v.Along[axisD], v.Along[axisH], v.Along[axisW]
	if front.H != side.H || front.W != top.W || side.W != top.H {
		panic("draw: views of different volumes")
	}
}

func (v Views) note() string { return v.Missing }

func (v Views) wide() bool { return false }

// lay lays the views out in one zoom.
func (v Views) lay(f panelFaces, width int) figure {
	h, w, d := v.Along[axisD].H, v.Along[axisD].W, v.Along[axisH].H
	z := fit(h+d, w+d, max(1, min(width, maxMagnified+viewGap)-viewGap))
	whole := z.size(h, w)
	thick := z.size(d, d).X
	at := [3]image.Point{axisD: {}, axisH: {0, whole.Y + viewGap}, axisW: {whole.X + viewGap, 0}}
	var fig figure
	for axis, p := range at {
		fig.put(p, v.Along[axis].mosaic(z).block())
	}
	size := image.Pt(whole.X+viewGap+thick, whole.Y+viewGap+thick)
	h, w = v.Along[axisD].places()
	d, _ = v.Along[axisH].places()
	fig.put(image.Pt(0, size.Y), f.ruler.views([3]int{d, h, w}, whole, thick))
	y := size.Y + tick + f.ruler.line + 5
	if v.Bar {
		b := v.Along[axisD].bar(f.caption, size.X)
		fig.put(image.Pt(0, y), b)
		y += b.size.Y + 3
	}
	caption := f.caption.block(v.Caption, max(size.X, min(width, minColumn)))
	fig.put(image.Pt(0, y), caption)
	y += caption.size.Y
	if v.Caption != "" {
		y += 5
	}
	fig.put(image.Pt(0, y), space(0))
	return fig
}

// views is the ruler of views: the front one has that size in pixels, and the volume that many along D. Its corner is the lower
// left one of the whole drawing.
func (t typeface) views(n [3]int, front image.Point, thick int) block {
	d, h, w := n[axisD], n[axisH], n[axisW]
	return block{image.Pt(front.X+viewGap+thick, tick+t.line), func(dst *image.RGBA, at image.Point) {
		top := at.Y - thick - viewGap - front.Y
		t.across(dst, at, t.named("W", w, front.X))
		t.across(dst, image.Pt(at.X+front.X+viewGap, top+front.Y), t.named("D", d, thick))
		t.upward(dst, image.Pt(at.X, top), t.named("H", h, front.Y))
		t.upward(dst, image.Pt(at.X, at.Y-thick), t.named("D", d, thick))
	}}
}

// named are the marks of an edge of n values that is an axis of that name: what halves says, or one mark in the middle of an
// edge that is too short, or none.
func (t typeface) named(name string, n, pixels int) []mark {
	marks := halves(n, pixels, "")
	text := name + " " + strconv.Itoa(n)
	switch {
	case len(marks) > 0:
		marks[len(marks)-1].text = text
	case t.width(text) <= pixels:
		marks = []mark{{at: pixels / 2, share: 1, text: text}}
	}
	return marks
}
