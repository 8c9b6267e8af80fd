package engine

import (
	"math"

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
	base   int       // the node whose output is there already; 0: the input is loaded
	strips []strip
	tile   kernel.Tile
	dry    []int // not nil: nothing is computed, but the rows in use are counted
}

// A strip is rows first ≤ y < next of a padded tensor. Its border is zero.
type strip struct {
	data        []float32
	first, next int
	capacity    int       // rows
	limit       int       // rows from this one on are not computed in this band
	own, end    int       // rows that this band keeps for the backward pass
	ring        []float32 // the band's own memory, of a few rows
	inPlace     bool      // data is what is kept for the backward pass, of all rows
}

// chunkElements is what a node computes at a time at least, if it has that many (64 KiB).
var chunkElements = 16 << 10

// chunk is the number of rows that a node computes at a time.
func (n *node) chunk() int { return max(1, min(n.out.H, chunkElements/n.rowLength())) }

// capacities returns, for every early node, the number of rows of its output that a band holds: those that its readers'
// chunks see, a chunk of its own, and, where windows overlap, enough more that rows need not be moved for each chunk. Where
// readers are apart, as at a connection past other layers, the rows between them are held as well.
func (p *program) capacities(workers int) []int {
	rows := make([]int, p.early)
	apart := p.apart(workers)
	for t := range rows {
		n := &p.nodes[t]
		need, seen := 0, 0
		for _, e := range n.readers {
			m := &p.nodes[e.node]
			own := (m.chunk()-1)*m.stride + m.kernel
			need = max(need, own+n.chunk())
			if m.kernel > m.stride {
				seen = max(seen, own)
			}
		}
		rows[t] = min(max(need, apart[t])+2*seen, n.rows())
	}
	return rows
}

// apart returns, for every early node that several others read, the largest number of rows of its output that are in
// use at one time; 0 for the others. It goes through the bands without computing anything.
func (p *program) apart(workers int) []int {
	rows := make([]int, p.early)
	b := &band{run: &Runner{program: p}, strips: make([]strip, len(p.nodes)), dry: rows}
	for _, bands := range []int{1, workers} {
		for item := range bands {
			from, to := p.bandRows(item, bands)
			b.begin(p.early, from, to)
			b.fill(p.early, to)
		}
	}
	return rows
}

// hold makes room for the rows of the output of node t, an early one. Where a band computes all rows and the backward
// pass needs them whole, they are written where they are kept.
func (b *band) hold(t, bands int) {
	n, s := &b.run.nodes[t], &b.strips[t]
	s.inPlace = b.masks != nil && bands == 1 && t > 0 && b.sample.kept[t].whole(n)
	if s.inPlace {
		s.data, s.capacity = b.sample.kept[t].data, n.rows()
		return
	}
	s.data, s.capacity = s.ring, b.run.held[t]
}

// begin prepares a band of the rows from ≤ y < to of the padded output of node top, and of the nodes before that.
func (b *band) begin(top, from, to int) {
	for t := b.base; t < top; t++ {
		b.strips[t].next, b.strips[t].limit = math.MaxInt, 0
	}
	b.strips[top].next, b.strips[top].limit = from, to
	for t := top; t > b.base; t-- {
		n, s := &b.run.nodes[t], &b.strips[t]
		s.first = s.next
		y0, y1 := max(s.next-n.border, 0), min(s.limit-n.border, n.out.H)
		for i, u := range n.inputs {
			lo, hi := n.op.rows(n, i, y0, max(y1, y0+1))
			in := &b.strips[u]
			in.next, in.limit = min(in.next, max(lo, 0)), max(in.limit, min(hi, b.run.nodes[u].rows()))
		}
	}
	b.strips[top].first = 0
	if b.base == 0 {
		b.strips[0].first = b.strips[0].next
	}
}

// fill computes the rows before upto of the output of node t.
func (b *band) fill(t, upto int) {
	n, s := &b.run.nodes[t], &b.strips[t]
	for s.next < upto {
		y := s.next - n.border
		if y < 0 || y >= n.out.H {
			clear(b.makeRoom(t, s.next+1))
			b.finish(t, s.next+1)
			continue
		}
		count := min(n.chunk(), s.limit-s.next, n.out.H-y)
		for i, u := range n.inputs {
			_, hi := n.op.rows(n, i, y, y+count)
			b.fill(u, hi)
		}
		b.makeRoom(t, s.next+count)
		switch {
		case b.dry != nil:
		case t == 0:
			b.load(s, y, count)
		default:
			n.op.forward(b, t, y, count)
		}
		b.finish(t, s.next+count)
	}
}

// makeRoom ensures that there is room for the rows before upto, and returns the next row.
func (b *band) makeRoom(t, upto int) []float32 {
	s, length := &b.strips[t], b.run.nodes[t].rowLength()
	if b.dry != nil {
		if t < len(b.dry) && b.run.nodes[t].shared() {
			b.dry[t] = max(b.dry[t], upto-b.unread(t))
		}
		return nil
	}
	if upto-s.first > s.capacity {
		from := max(min(b.unread(t), s.next), s.first)
		copy(s.data, s.data[(from-s.first)*length:(s.next-s.first)*length])
		s.first = from
	}
	return s.data[(s.next-s.first)*length:][:length]
}

// unread returns the first row of the output of node t that some reader in the band has still to read.
func (b *band) unread(t int) int {
	first := math.MaxInt
	for _, e := range b.run.nodes[t].readers {
		n, s := &b.run.nodes[e.node], &b.strips[e.node]
		if s.next >= s.limit {
			continue
		}
		y := min(max(s.next-n.border, 0), n.out.H-1)
		lo, _ := n.op.rows(n, e.input, y, y+1)
		first = min(first, lo)
	}
	return first
}

// finish applies the pointwise layers to the new rows before upto and keeps what the backward pass needs of them.
func (b *band) finish(t, upto int) {
	n, s := &b.run.nodes[t], &b.strips[t]
	if b.dry != nil {
		s.next = upto
		return
	}
	length := n.rowLength()
	for ; s.next < upto; s.next++ {
		row := s.data[(s.next-s.first)*length:][:length]
		if y := s.next - n.border; y >= 0 && y < n.out.H {
			n.pointsForward(b.masks, b.n, y, row[n.border*n.ch:(n.border+n.out.W)*n.ch])
		}
		if s.inPlace {
			clear(row[:n.border*n.ch])
			clear(row[(n.border+n.out.W)*n.ch:])
			continue
		}
		if b.masks == nil || b.sample.kept[t].region == nil || s.next < s.own || s.next >= s.end {
			continue
		}
		b.sample.kept[t].store(s.next, row, n.ch)
	}
}

// load brings rows of the sample into place.
func (b *band) load(s *strip, y, count int) {
	n := &b.run.nodes[0]
	for i := range count {
		dst := s.data[(s.next-s.first+i)*n.rowLength()+n.border*n.ch:][:n.out.W*n.ch]
		for c := range n.out.C {
			b.sample.source.Pixels(dst[c:], n.ch, c, y+i, 0, n.out.W)
		}
	}
}

// at returns the place of a pixel of the unpadded output of node t in its strip.
func (b *band) at(t, y, x int) int {
	n, s := &b.run.nodes[t], &b.strips[t]
	return (y+n.border-s.first)*n.rowLength() + (x+n.border)*n.ch
}
