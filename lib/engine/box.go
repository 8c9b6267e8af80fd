package engine

import "backdrop/lib/region"

// box is a part of a tensor: some planes, rows and columns of it, channels last.
type box struct {
	data     []float32
	lo, size size
	channels int
}

// newBox returns a box of a part, without data.
func newBox(p part, channels int) box {
	b := box{size: p.Size(), channels: channels}
	for axis, r := range p {
		b.lo[axis] = r[0]
	}
	return b
}

// part is the part of the tensor that it is.
func (b *box) part() (p part) {
	for axis, n := range b.size {
		p[axis] = [2]int{b.lo[axis], b.lo[axis] + n}
	}
	return p
}

// at is the place of a pixel.
func (b *box) at(z, y, x int) int {
	return (((z-b.lo[0])*b.size[1]+y-b.lo[1])*b.size[2] + x - b.lo[2]) * b.channels
}

// line and plane are the elements of one.
func (b *box) line() int  { return b.size[2] * b.channels }
func (b *box) plane() int { return b.size[1] * b.line() }

// scratch is room for a pixel that is not wanted, behind all others.
func (b *box) scratch() int { return b.size[0] * b.plane() }

// elements is the number of values, and of those of a pixel that is not wanted.
func (b *box) elements() int { return b.scratch() + b.channels }

// set gives b an extent, with undefined content, and room for any that it can come to have.
func (b *box) set(extent box, room int) {
	data := b.data
	*b = extent
	n := b.elements()
	if b.data = data; cap(data) < n {
		b.data = make([]float32, max(n, room))
	}
	b.data = b.data[:n]
}

// clearOutside sets b to zero everywhere but at the pixels of a region in a part.
func (b *box) clearOutside(r *region.Region, p part) {
	at := 0
	eachSpan(r, p, func(z, y, lo, hi int) {
		clear(b.data[at:b.at(z, y, lo)])
		at = b.at(z, y, hi)
	})
	clear(b.data[at:])
}

// clearRegion sets the pixels of a region in a part to zero.
func (b *box) clearRegion(r *region.Region, p part) {
	eachSpan(r, p, func(z, y, lo, hi int) { clear(b.data[b.at(z, y, lo):b.at(z, y, hi)]) })
}

// eachSpan calls f for the runs of pixels lo ≤ x < hi of a region that lie in a part, line by line.
func eachSpan(r *region.Region, p part, f func(z, y, lo, hi int)) {
	for z := p[0][0]; z < p[0][1]; z++ {
		for y := p[1][0]; y < p[1][1]; y++ {
			for _, s := range r.Line(z*r.H + y) {
				if lo, hi := p.Clip(s); lo < hi {
					f(z, y, lo, hi)
				}
			}
		}
	}
}
