// Package region holds sets of pixels as spans of columns, line by line.
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

// Size is a number of planes, of rows a plane and of columns, or something for each of these axes.
type Size = [3]int

// Region is a set of pixels of D planes of H rows and W columns. Row y of plane z is line z·H + y. The spans of a line are
// in order and do not touch.
type Region struct {
	D, H, W int
	start   []int32 // index of the first span of each line; one more at the end
	spans   []Span
}

// reset makes r planes without lines yet.
func (r *Region) reset(size Size) {
	r.D, r.H, r.W = size[0], size[1], size[2]
	r.start = append(slices.Grow(r.start[:0], r.D*r.H+1), 0)
	r.spans = r.spans[:0]
}

// Size is the extent of the planes.
func (r *Region) Size() Size { return Size{r.D, r.H, r.W} }

// lines is the number of lines.
func (r *Region) lines() int { return r.D * r.H }

// endLine closes the line that spans were appended to.
func (r *Region) endLine() { r.start = append(r.start, int32(len(r.spans))) }

// Line returns the spans of a line.
func (r *Region) Line(line int) []Span {
	at := r.start[line : line+2]
	return r.spans[at[0]:at[1]]
}

// All returns the spans of all lines, one line after the other.
func (r *Region) All() []Span { return r.spans }

// Index returns the number of spans in the lines before one: the spans of all lines are counted through.
func (r *Region) Index(line int) int { return int(r.start[line]) }

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

// EmptyIn reports whether there is no pixel in a part.
func (r *Region) EmptyIn(p Part) bool {
	if p.Empty() || r.start[p[0][0]*r.H] == r.start[p[0][1]*r.H] {
		return true
	}
	for z := p[0][0]; z < p[0][1]; z++ {
		for y := p[1][0]; y < p[1][1]; y++ {
			for _, s := range r.Line(z*r.H + y) {
				if lo, hi := p.Clip(s); lo < hi {
					return false
				}
			}
		}
	}
	return true
}

// Bounds returns the smallest part that holds the pixels in a part; the zero Part if there are none.
func (r *Region) Bounds(p Part) Part {
	if p.Empty() {
		return Part{}
	}
	b := Part{{p[0][1], p[0][0]}, {p[1][1], p[1][0]}, {p[2][1], p[2][0]}}
	for z := p[0][0]; z < p[0][1]; z++ {
		for y := p[1][0]; y < p[1][1]; y++ {
			for _, s := range r.Line(z*r.H + y) {
				if lo, hi := p.Clip(s); lo < hi {
					b[0] = [2]int{min(b[0][0], z), max(b[0][1], z+1)}
					b[1] = [2]int{min(b[1][0], y), max(b[1][1], y+1)}
					b[2] = [2]int{min(b[2][0], lo), max(b[2][1], hi)}
				}
			}
		}
	}
	if b.Empty() {
		return Part{}
	}
	return b
}

// SetFull makes r all pixels.
func (r *Region) SetFull(size Size) {
	r.reset(size)
	for range r.lines() {
		r.spans = append(r.spans, Span{0, int32(r.W)})
		r.endLine()
	}
}

// SetEmpty makes r planes without pixels.
func (r *Region) SetEmpty(size Size) {
	r.reset(size)
	for range r.lines() {
		r.endLine()
	}
}

// Window says which pixels of its padded input a pixel of an output sees: along each axis Kernel of them, Dilation apart,
// from Offset + Stride times its own position on.
type Window struct {
	Kernel, Stride, Dilation, Offset Size // in pixels of the input
}

// SetField makes r the receptive field of src, which lies on the output of a window: the pixels of the padded input, of the
// given size, that some pixel of src sees. Where windows are further apart than they are wide, the pixels between two of a
// line may be in it.
func (r *Region) SetField(src *Region, win Window, size Size) {
	r.reset(size)
	if r.H*r.W*src.H*src.W == 1 {
		r.appendSeenPlanes(src, win)
		return
	}
	planes, rows := win.seers(0, src.D), win.seers(1, src.H)
	var before, above [3]int
	for z := range r.D {
		plane := planes.at(z)
		if z > 0 && plane == before {
			r.repeatPlane()
			continue
		}
		before = plane
		for y := range r.H {
			row := rows.at(y)
			if y > 0 && row == above {
				r.repeatLine()
				continue
			}
			above = row
			begin := len(r.spans)
			for p := range planes.each(z) {
				for q := range rows.each(y) {
					r.appendSeen(src.Line(p*src.H+q), win)
				}
			}
			r.merge(begin)
			r.endLine()
		}
	}
}

// appendSeenPlanes appends the planes, of one pixel each, that those of src see.
func (r *Region) appendSeenPlanes(src *Region, win Window) {
	seen := r.start[:r.D+1] // of each plane 1 in the next element, then the number of spans up to it
	clear(seen)
	for p := range src.D {
		if len(src.Line(p)) == 0 {
			continue
		}
		for u := range win.Kernel[0] {
			if z := p*win.Stride[0] + win.Offset[0] + u*win.Dilation[0]; z < r.D {
				seen[z+1] = 1
			}
		}
	}
	for z := range r.D {
		seen[z+1] += seen[z]
	}
	r.start, r.spans = seen, slices.Grow(r.spans, int(seen[r.D]))
	for range seen[r.D] {
		r.spans = append(r.spans, Span{0, 1})
	}
}

// appendSeen appends the columns that the pixels of some spans see.
func (r *Region) appendSeen(spans []Span, win Window) {
	kernel, stride, dilation, offset := int32(win.Kernel[2]), int32(win.Stride[2]), int32(win.Dilation[2]), int32(win.Offset[2])
	for _, s := range spans {
		lo, hi := s.Lo*stride+offset, (s.Hi-1)*stride+offset
		if dilation == 1 {
			r.spans = append(r.spans, Span{lo, min(hi+kernel, int32(r.W))})
			continue
		}
		for v := range kernel {
			r.spans = append(r.spans, Span{lo + v*dilation, min(hi+v*dilation+1, int32(r.W))})
		}
	}
}

// seers finds the positions along an axis of an output, of which there are count, that see a position of its input.
type seers struct{ kernel, stride, dilation, offset, count int }

func (win Window) seers(axis, count int) seers {
	return seers{win.Kernel[axis], win.Stride[axis], win.Dilation[axis], win.Offset[axis], count}
}

// at returns the first and the last of them, by which two positions of the input can be compared; with a dilation, which
// lets some between them out, also the position itself.
func (s seers) at(y int) (key [3]int) {
	if s.dilation > 1 && s.kernel > 1 {
		key[2] = y
	}
	y -= s.offset
	if y < 0 {
		return [3]int{0, -1, key[2]}
	}
	span := (s.kernel-1)*s.dilation + 1
	key[0], key[1] = max(0, (y-span+s.stride)/s.stride), min(y/s.stride, s.count-1)
	if y-span+1 < 0 {
		key[0] = 0
	}
	return key
}

// each calls yield for them, in order.
func (s seers) each(y int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		key := s.at(y)
		for i := key[0]; i <= key[1]; i++ {
			if (y-s.offset-i*s.stride)%s.dilation == 0 && !yield(i) {
				return
			}
		}
	}
}

// repeatLine appends the last line once more.
func (r *Region) repeatLine() {
	n := len(r.start)
	r.spans = append(r.spans, r.spans[r.start[n-2]:r.start[n-1]]...)
	r.endLine()
}

// repeatPlane appends the last plane once more.
func (r *Region) repeatPlane() {
	first := len(r.start) - 1 - r.H
	for i := range r.H {
		r.spans = append(r.spans, r.Line(first+i)...)
		r.endLine()
	}
}

// merge puts the spans from index begin in order and joins those that touch.
func (r *Region) merge(begin int) {
	row := r.spans[begin:]
	sortSpans(row)
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

// sortSpans orders spans by where they begin. Most are few, or in order.
func sortSpans(row []Span) {
	const few = 40
	if len(row) > few {
		slices.SortFunc(row, func(a, b Span) int { return int(a.Lo - b.Lo) })
		return
	}
	for i := 1; i < len(row); i++ {
		s, j := row[i], i
		for ; j > 0 && row[j-1].Lo > s.Lo; j-- {
			row[j] = row[j-1]
		}
		row[j] = s
	}
}

// SetUnion makes r the pixels of a or b, which lie on planes of the same size.
func (r *Region) SetUnion(a, b *Region) {
	r.reset(a.Size())
	for line := range a.lines() {
		begin := len(r.spans)
		r.spans = append(append(r.spans, a.Line(line)...), b.Line(line)...)
		r.merge(begin)
		r.endLine()
	}
}

// SetIntersection makes r the pixels of both a and b, which lie on planes of the same size.
func (r *Region) SetIntersection(a, b *Region) {
	r.reset(a.Size())
	for line := range a.lines() {
		p, q := a.Line(line), b.Line(line)
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
		r.endLine()
	}
}

// SetCrop makes r the part of src inside a border, which is as wide on both sides.
func (r *Region) SetCrop(src *Region, border Size) {
	r.reset(Size{src.D - 2*border[0], src.H - 2*border[1], src.W - 2*border[2]})
	if border[1] == 0 && border[2] == 0 {
		starts := src.start[border[0]*src.H:][:r.lines()+1]
		for _, s := range starts[1:] {
			r.start = append(r.start, s-starts[0])
		}
		r.spans = append(r.spans, src.spans[starts[0]:starts[r.lines()]]...)
		return
	}
	left := int32(border[2])
	for z := range r.D {
		for y := range r.H {
			for _, s := range src.Line((z+border[0])*src.H + y + border[1]) {
				lo, hi := max(s.Lo-left, 0), min(s.Hi-left, int32(r.W))
				if lo < hi {
					r.spans = append(r.spans, Span{lo, hi})
				}
			}
			r.endLine()
		}
	}
}

// SetMasked makes r the part of src where a mask lets the gradient of sample n through. A mask that tells channels
// apart lets a pixel through if it does so for any channel.
func (r *Region) SetMasked(src *Region, m *mask.Mask, n int) {
	r.reset(src.Size())
	for z := range src.D {
		for y := range src.H {
			for _, s := range src.Line(z*src.H + y) {
				r.appendKept(s, m, n, z, y)
			}
			r.endLine()
		}
	}
}

// appendKept appends the runs of a span that the mask keeps.
func (r *Region) appendKept(s Span, m *mask.Mask, n, z, y int) {
	if m.Axes&mask.W == 0 {
		if m.Passes(n, z, y, 0) {
			r.spans = append(r.spans, s)
		}
		return
	}
	for x := s.Lo; x < s.Hi; x++ {
		if !m.Passes(n, z, y, int(x)) {
			continue
		}
		from := x
		for x++; x < s.Hi && m.Passes(n, z, y, int(x)); x++ {
		}
		r.spans = append(r.spans, Span{from, x})
	}
}
