package engine

import (
	"math"

	"backdrop/lib/kernel"
	"backdrop/lib/net"
)

// A band computes slabs of a node's output and, slab by slab as they are needed, those of the nodes before it, so that
// only a few slabs of each exist at a time and stay in cache. Slabs are counted in the padded tensor.
type band struct {
	run        *Runner
	sample     *sample
	masks      net.Masks // nil: evaluation
	n          int       // number of the sample in the batch
	base       int       // the node whose output is there already; 0: the input is loaded
	strips     []strip
	tile       kernel.Tile
	statistics statistics
	winners    kernel.Winners
	dry        []int // not nil: nothing is computed, but the slabs in use are counted
}

// A strip is slabs first ≤ y < next of a padded tensor. Its border is zero.
type strip struct {
	data        []float32
	first, next int
	capacity    int       // slabs
	limit       int       // slabs from this one on are not computed in this band
	own, end    int       // slabs that this band keeps for the backward pass
	ring        []float32 // the band's own memory, of a few slabs
	inPlace     bool      // data is what is kept for the backward pass, of all slabs
}

// chunkElements is what a node computes at a time at least, if it has that many (64 KiB).
var chunkElements = 16 << 10

// chunk is the number of slabs that a node computes at a time: all, if it takes all of its input.
func (n *node) chunk() int {
	if n.op != nil && !n.local() {
		return n.out.D
	}
	return max(1, min(n.out.D, chunkElements/n.slab()))
}

// capacities returns, for every early node, the number of slabs of its output that a band holds: those that its readers'
// chunks see, a chunk of its own, and, where windows overlap, enough more that slabs need not be moved for each chunk. Where
// readers are apart, as at a connection past other layers, the slabs between them are held as well.
func (p *program) capacities(workers int) []int {
	slabs := make([]int, p.early)
	apart := p.apart(workers)
	for t := range slabs {
		n := &p.nodes[t]
		need, seen := 0, 0
		for _, e := range n.readers {
			m := &p.nodes[e.node]
			own := (m.chunk()-1)*m.stride[0] + m.span(0)
			need = max(need, own+n.chunk())
			if m.span(0) > m.stride[0] {
				seen = max(seen, own)
			}
		}
		slabs[t] = min(max(need, apart[t])+2*seen, n.slabs())
	}
	return slabs
}

// apart returns, for every early node that several others read, the largest number of slabs of its output that are in
// use at one time; 0 for the others. It goes through the bands without computing anything.
func (p *program) apart(workers int) []int {
	slabs := make([]int, p.early)
	b := &band{run: &Runner{program: p}, strips: make([]strip, len(p.nodes)), dry: slabs}
	for _, bands := range []int{1, workers} {
		for item := range bands {
			from, to := p.bandSlabs(item, bands)
			b.begin(p.early, from, to)
			b.fill(p.early, to)
		}
	}
	return slabs
}

// hold makes room for the slabs of the output of node t, an early one. Where a band computes all slabs and the backward
// pass needs them whole, they are written where they are kept.
func (b *band) hold(t, bands int) {
	n, s := &b.run.nodes[t], &b.strips[t]
	s.inPlace = b.masks != nil && bands == 1 && t > 0 && b.sample.kept[t].whole(n)
	if s.inPlace {
		s.data, s.capacity = b.sample.kept[t].data, n.slabs()
		return
	}
	s.data, s.capacity = s.ring, b.run.held[t]
}

// begin prepares a band of the slabs from ≤ y < to of the padded output of node top, and of the nodes before that.
func (b *band) begin(top, from, to int) {
	for t := b.base; t < top; t++ {
		b.strips[t].next, b.strips[t].limit = math.MaxInt, 0
	}
	b.strips[top].next, b.strips[top].limit = from, to
	for t := top; t > b.base; t-- {
		n, s := &b.run.nodes[t], &b.strips[t]
		s.first = s.next
		y0, y1 := max(s.next-n.border[0], 0), min(s.limit-n.border[0], n.out.D)
		for i, u := range n.inputs {
			lo, hi := n.op.slabs(n, i, y0, max(y1, y0+1))
			in := &b.strips[u]
			in.next, in.limit = min(in.next, max(lo, 0)), max(in.limit, min(hi, b.run.nodes[u].slabs()))
		}
	}
	b.strips[top].first = 0
	if b.base == 0 {
		b.strips[0].first = b.strips[0].next
	}
}

// fill computes the slabs before upto of the output of node t.
func (b *band) fill(t, upto int) {
	n, s := &b.run.nodes[t], &b.strips[t]
	for s.next < upto {
		y := s.next - n.border[0]
		if y < 0 || y >= n.out.D {
			clear(b.makeRoom(t, s.next+1))
			b.finish(t, s.next+1)
			continue
		}
		count := min(n.chunk(), s.limit-s.next, n.out.D-y)
		for i, u := range n.inputs {
			_, hi := n.op.slabs(n, i, y, y+count)
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

// makeRoom ensures that there is room for the slabs before upto, and returns the next slab.
func (b *band) makeRoom(t, upto int) []float32 {
	s, length := &b.strips[t], b.run.nodes[t].slab()
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

// unread returns the first slab of the output of node t that some reader in the band has still to read.
func (b *band) unread(t int) int {
	first := math.MaxInt
	for _, e := range b.run.nodes[t].readers {
		n, s := &b.run.nodes[e.node], &b.strips[e.node]
		if s.next >= s.limit {
			continue
		}
		y := min(max(s.next-n.border[0], 0), n.out.D-1)
		lo, _ := n.op.slabs(n, e.input, y, y+1)
		first = min(first, lo)
	}
	return first
}

// finish applies the pointwise layers to the new slabs before upto and keeps what the backward pass needs of them.
func (b *band) finish(t, upto int) {
	n, s := &b.run.nodes[t], &b.strips[t]
	if b.dry != nil {
		s.next = upto
		return
	}
	from := s.next
	s.next = upto
	for z := max(from-n.border[0], 0); z < min(upto-n.border[0], n.out.D); z++ {
		if n.changes {
			for y := range n.out.H {
				n.pointsForward(b.masks, b.n, z, y, s.data[b.at(t, z, y, 0):][:n.out.W*n.ch])
			}
		}
		if s.inPlace {
			n.clearBorder(s.data[(z+n.border[0]-s.first)*n.slab():][:n.slab()])
		}
	}
	if k := &b.sample.kept[t]; !s.inPlace && b.masks != nil && k.region != nil {
		k.store(n, s, max(from, s.own), min(upto, s.end))
	}
}

// clearBorder zeroes the border of a slab.
func (n *node) clearBorder(slab []float32) {
	line, left := n.line(), n.border[2]*n.ch
	clear(slab[:n.border[1]*line])
	clear(slab[(n.border[1]+n.out.H)*line:])
	for y := range n.out.H {
		row := slab[(y+n.border[1])*line:][:line]
		clear(row[:left])
		clear(row[left+n.out.W*n.ch:])
	}
}

// load brings slabs of the sample into place.
func (b *band) load(s *strip, z, count int) {
	n := &b.run.nodes[0]
	lines, pixels := count*n.out.H, n.out.W
	if n.border[1] == 0 && n.border[2] == 0 { // nothing lies between the lines
		lines, pixels = 1, count*n.out.H*n.out.W
	}
	for i := range lines {
		dst, first := s.data[b.at(0, z+i/n.out.H, i%n.out.H, 0):], (z*n.out.H+i)*n.out.W
		for c := range n.out.C {
			b.sample.source.Pixels(dst[c:], n.ch, c, first, first+pixels)
		}
	}
}

// at returns the place of a pixel of the unpadded output of node t in its strip.
func (b *band) at(t, z, y, x int) int {
	n, s := &b.run.nodes[t], &b.strips[t]
	return (z+n.border[0]-s.first)*n.slab() + (y+n.border[1])*n.line() + (x+n.border[2])*n.ch
}
