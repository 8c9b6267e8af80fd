package engine

import "backdrop/lib/region"

// box is a part of a tensor: some planes, rows and columns of it, channels last.
type box struct {
	data     []float32
	lo, size size
	channels int
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

// clearOutside sets b to zero everywhere but in the planes from ≤ z < to of a region.
func (b *box) clearOutside(r *region.Region, from, to int) {
	at := 0
	for z := from; z < to; z++ {
		for y := range r.H {
			for _, s := range r.Line(z*r.H + y) {
				clear(b.data[at:b.at(z, y, int(s.Lo))])
				at = b.at(z, y, int(s.Hi))
			}
		}
	}
	clear(b.data[at:])
}

// clearRegion sets the pixels of some planes of a region to zero.
func (b *box) clearRegion(r *region.Region, from, to int) {
	for z := from; z < to; z++ {
		for y := range r.H {
			for _, s := range r.Line(z*r.H + y) {
				clear(b.data[b.at(z, y, int(s.Lo)):b.at(z, y, int(s.Hi))])
			}
		}
	}
}
