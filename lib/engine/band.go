package engine

import (
	"backdrop/lib/kernel"
	"backdrop/lib/net"
)

// A band computes rows of a node's output and, row by row as they are needed, those of the nodes before it, so that
// only a few rows of each exist at a time and stay in cache. Rows are counted in the padded tensor.
type band struct {
	run    *Runner
	sample *sample
	masks  net.Masks // nil: evaluation
	n      int       // number of the sample in the batch
	base   int       // the stage whose output is there already; 0: the input is loaded
	strips []strip
	tile   kernel.Tile
	plane  []float32 // output of the last early stage, of samples that have no room of their own for it
}

// A strip is rows first ≤ y < next of a padded tensor. Its border is zero.
type strip struct {
	data        []float32
	first, next int
	capacity    int       // rows
	wanted      int       // rows before this one are not read any more
	limit       int       // rows from this one on are not computed in this band
	own, end    int       // rows that this band keeps for the backward pass
	ring        []float32 // the band's own memory, of a few rows
	inPlace     bool      // data is what is kept for the backward pass, of all rows
}

// chunkElements is what a stage computes at a time at least, if it has that many (64 KiB).
var chunkElements = 16 << 10

// chunk is the number of rows that a stage computes at a time.
func (s *node) chunk() int { return max(1, min(s.out.H, chunkElements/s.rowLength())) }

// capacity is the number of rows of the output of node t that a band holds: what the next node's chunk sees, a chunk
// of its own, and where windows overlap so many more that rows need not be moved for each chunk.
func (r *Runner) capacity(t int) int {
	s, next := &r.nodes[t], &r.nodes[t+1]
	seen := (next.chunk()-1)*next.stride + next.kernel
	need := seen + s.chunk()
	if next.kernel > next.stride {
		need += 2 * seen
	}
	return min(need, s.rows())
}

// hold makes room for the rows of the output of node t, an early one. Where a band computes all rows and the backward
// pass needs them whole, they are written where they are kept.
func (b *band) hold(t, bands int) {
	s, win := &b.run.nodes[t], &b.strips[t]
	win.inPlace = b.masks != nil && bands == 1 && t > 0 && b.sample.kept[t].whole(s)
	if win.inPlace {
		win.data, win.capacity = b.sample.kept[t].data, s.rows()
		return
	}
	win.data, win.capacity = win.ring, b.run.capacity(t)
}

// begin prepares a band of the rows from ≤ y < to of the padded output of stage top, and of the nodes before
// that.
func (b *band) begin(top, from, to int) {
	for t := top; t > b.base; t-- {
		s := &b.run.nodes[t]
		win := &b.strips[t]
		win.first, win.next, win.wanted, win.limit = from, from, from, to
		if t == top {
			win.first = 0
		}
		y0, y1 := max(from-s.border, 0), min(to-s.border, s.out.H)
		from, to = s.op.rows(s, y0, max(y1, y0+1))
		from, to = max(from, 0), min(to, b.run.nodes[t-1].rows())
	}
	if b.base == 0 {
		win := &b.strips[0]
		win.first, win.next, win.wanted, win.limit = from, from, from, to
	}
}

// fill computes the rows before upto of the output of node t.
func (b *band) fill(t, upto int) {
	s, win := &b.run.nodes[t], &b.strips[t]
	for win.next < upto {
		y := win.next - s.border
		if y < 0 || y >= s.out.H {
			clear(b.room(t, win.next+1))
			b.finish(t, win.next+1)
			continue
		}
		count := min(s.chunk(), win.limit-win.next, s.out.H-y)
		if t == 0 {
			b.room(t, win.next+count)
			b.load(win, y, count)
			b.finish(t, win.next+count)
			continue
		}
		lo, hi := s.op.rows(s, y, y+count)
		b.strips[t-1].wanted = lo
		b.fill(t-1, hi)
		b.room(t, win.next+count)
		s.op.forward(b, t, y, count)
		b.finish(t, win.next+count)
	}
}

// room makes room for the rows before upto and returns that of the first.
func (b *band) room(t, upto int) []float32 {
	win, length := &b.strips[t], b.run.nodes[t].rowLength()
	if upto-win.first > win.capacity {
		from := max(min(win.wanted, win.next), win.first)
		copy(win.data, win.data[(from-win.first)*length:(win.next-win.first)*length])
		win.first = from
	}
	return win.data[(win.next-win.first)*length:][:length]
}

// finish applies the pointwise layers to the new rows before upto and keeps what the backward pass needs of them.
func (b *band) finish(t, upto int) {
	s, win := &b.run.nodes[t], &b.strips[t]
	length := s.rowLength()
	for ; win.next < upto; win.next++ {
		row := win.data[(win.next-win.first)*length:][:length]
		if y := win.next - s.border; y >= 0 && y < s.out.H {
			s.pointsForward(b.masks, b.n, y, row[s.border*s.ch:(s.border+s.out.W)*s.ch])
		}
		if win.inPlace {
			clear(row[:s.border*s.ch])
			clear(row[(s.border+s.out.W)*s.ch:])
			continue
		}
		if b.masks == nil || b.sample.kept[t].region == nil || win.next < win.own || win.next >= win.end {
			continue
		}
		b.sample.kept[t].store(win.next, row, s.ch)
	}
}

// load brings rows of the input from C,H,W into place.
func (b *band) load(win *strip, y, count int) {
	s := &b.run.nodes[0]
	x, in, ch := b.sample.x, s.out, s.ch
	for i := range count {
		dst := win.data[(win.next-win.first+i)*s.rowLength()+s.border*ch:][:in.W*ch]
		for c := range in.C {
			src := x[(c*in.H+y+i)*in.W:][:in.W]
			if ch == 1 {
				copy(dst, src)
				continue
			}
			for j, v := range src {
				dst[j*ch+c] = v
			}
		}
	}
}

// at returns the place of a pixel of the unpadded tensor t in its window.
func (b *band) at(t, y, x int) int {
	s, win := &b.run.nodes[t], &b.strips[t]
	return (y+s.border-win.first)*s.rowLength() + (x+s.border)*s.ch
}
