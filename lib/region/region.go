// Package region holds sets of pixels as spans of columns, row by row.
//
// Backdrop's backward pass asks of every layer where a gradient can be nonzero. A mask intersects such a set, a convolution
// or pooling widens it to its receptive field, and work and memory grow with its area. A Region that is set again uses its
// memory again.
package region

import (
	"slices"

	"backdrop/lib/mask"
)

// Span is the columns Lo ≤ x < Hi.
type Span struct {
	Lo, Hi int32 // 0 ≤ Lo < Hi
}

// Region is a set of pixels of a plane of H rows and W columns. The spans of a row are in order and do not touch.
type Region struct {
	H, W  int     // of the plane
	start []int32 // index of the first span of each row; one more at the end
	spans []Span
}

// reset makes r a plane without rows yet.
func (r *Region) reset(h, w int) {
	r.H, r.W = h, w
	r.start = append(slices.Grow(r.start[:0], h+1), 0)
	r.spans = r.spans[:0]
}

// endRow closes the row that spans were appended to.
func (r *Region) endRow() { r.start = append(r.start, int32(len(r.spans))) }

// Row returns the spans of row y.
func (r *Region) Row(y int) []Span { return r.spans[r.start[y]:r.start[y+1]] }

// Index returns the number of spans in the rows before y: the index of the row's first span among those of all rows.
func (r *Region) Index(y int) int { return int(r.start[y]) }

// Spans returns the number of spans.
func (r *Region) Spans() int { return len(r.spans) }

// Area returns the number of pixels.
func (r *Region) Area() int {
	n := 0
	for _, s := range r.spans {
		n += int(s.Hi - s.Lo)
	}
	return n
}

// Empty reports whether there is no pixel.
func (r *Region) Empty() bool { return len(r.spans) == 0 }

// Bounds returns the smallest range of columns, lo ≤ x < hi, that holds all pixels of the rows from ≤ y < to; 0, 0 if there
// are none.
func (r *Region) Bounds(from, to int) (lo, hi int) {
	lo, hi = r.W, 0
	for _, s := range r.spans[r.start[from]:r.start[to]] {
		lo, hi = min(lo, int(s.Lo)), max(hi, int(s.Hi))
	}
	if hi == 0 {
		return 0, 0
	}
	return lo, hi
}

// SetFull makes r the whole plane.
func (r *Region) SetFull(h, w int) {
	r.reset(h, w)
	for range h {
		r.spans = append(r.spans, Span{0, int32(w)})
		r.endRow()
	}
}

// SetEmpty makes r a plane without pixels.
func (r *Region) SetEmpty(h, w int) {
	r.reset(h, w)
	for range h {
		r.endRow()
	}
}

// Window says which pixels of the padded input an output pixel sees: along each axis Kernel pixels, the first of them at
// Offset + Stride times the position of the output pixel.
type Window struct {
	Kernel, Stride, Offset int // in pixels of the input
}

// SetField makes r the receptive field of src, which is a set of output pixels of a window: the pixels of the padded input,
// of h rows and w columns, that some pixel of src sees.
func (r *Region) SetField(src *Region, win Window, h, w int) {
	r.reset(h, w)
	kernel, stride, offset := win.Kernel, win.Stride, win.Offset
	seen := [2]int{-1, -1} // the first and last row of src that see the last row of r
	for y := range h {
		y := y - offset
		first, last := max(0, (y-kernel+stride)/stride), min(y/stride, src.H-1)
		if y-kernel+1 < 0 {
			first = 0
		}
		if y < 0 {
			last = -1
		}
		if len(r.start) > 1 && seen == [2]int{first, last} {
			r.repeatRow()
			continue
		}
		seen = [2]int{first, last}
		begin := len(r.spans)
		for i := first; i <= last; i++ {
			for _, s := range src.Row(i) {
				lo := s.Lo*int32(stride) + int32(offset)
				r.spans = append(r.spans, Span{lo, min((s.Hi-1)*int32(stride)+int32(offset+kernel), int32(w))})
			}
		}
		r.merge(begin)
		r.endRow()
	}
}

// repeatRow appends the last row once more.
func (r *Region) repeatRow() {
	n := len(r.start)
	r.spans = append(r.spans, r.spans[r.start[n-2]:r.start[n-1]]...)
	r.endRow()
}

// merge puts the spans from index begin in order and joins those that touch.
func (r *Region) merge(begin int) {
	row := r.spans[begin:]
	slices.SortFunc(row, func(a, b Span) int { return int(a.Lo - b.Lo) })
	kept := 0
	for i, s := range row {
		if i > 0 && s.Lo <= row[kept-1].Hi {
			row[kept-1].Hi = max(row[kept-1].Hi, s.Hi)
			continue
		}
		row[kept] = s
		kept++
	}
	r.spans = r.spans[:begin+kept]
}

// SetUnion makes r the pixels of a or b, which lie on planes of the same size.
func (r *Region) SetUnion(a, b *Region) {
	r.reset(a.H, a.W)
	for y := range a.H {
		begin := len(r.spans)
		r.spans = append(append(r.spans, a.Row(y)...), b.Row(y)...)
		r.merge(begin)
		r.endRow()
	}
}

// SetIntersection makes r the pixels of both a and b, which lie on planes of the same size.
func (r *Region) SetIntersection(a, b *Region) {
	r.reset(a.H, a.W)
	for y := range a.H {
		p, q := a.Row(y), b.Row(y)
		for len(p) > 0 && len(q) > 0 {
			if lo, hi := max(p[0].Lo, q[0].Lo), min(p[0].Hi, q[0].Hi); lo < hi {
				r.spans = append(r.spans, Span{lo, hi})
			}
			if p[0].Hi < q[0].Hi {
				p = p[1:]
			} else {
				q = q[1:]
			}
		}
		r.endRow()
	}
}

// SetCrop makes r the part of src inside a border of the given width.
func (r *Region) SetCrop(src *Region, border int) {
	h, w := src.H-2*border, src.W-2*border
	r.reset(h, w)
	for y := range h {
		for _, s := range src.Row(y + border) {
			lo, hi := max(s.Lo-int32(border), 0), min(s.Hi-int32(border), int32(w))
			if lo < hi {
				r.spans = append(r.spans, Span{lo, hi})
			}
		}
		r.endRow()
	}
}

// SetMasked makes r the part of src where a mask lets the gradient of sample n through. A mask that tells channels
// apart lets a pixel through if it does so for any channel.
func (r *Region) SetMasked(src *Region, m *mask.Mask, n int) {
	r.reset(src.H, src.W)
	for y := range src.H {
		for _, s := range src.Row(y) {
			r.appendKept(s, m, n, y)
		}
		r.endRow()
	}
}

// appendKept appends the runs of a span that the mask keeps.
func (r *Region) appendKept(s Span, m *mask.Mask, n, y int) {
	if m.Axes&mask.W == 0 {
		if m.Passes(n, y, 0) {
			r.spans = append(r.spans, s)
		}
		return
	}
	for x := s.Lo; x < s.Hi; x++ {
		if !m.Passes(n, y, int(x)) {
			continue
		}
		from := x
		for x++; x < s.Hi && m.Passes(n, y, int(x)); x++ {
		}
		r.spans = append(r.spans, Span{from, x})
	}
}
