package engine

import (
	"math"

	"backdrop/lib/kernel"
	"backdrop/lib/net"
	"backdrop/lib/region"
)

// A band computes slabs of a node's output and, slab by slab as they are needed, those of the nodes before it, so that
// only a few slabs of each exist at a time and stay in cache. Of the slabs of a large sample, it computes a piece. Slabs, rows
// and columns are counted in the padded tensor.
type band struct {
	run        *Runner
	sample     *sample
	masks      net.Masks // nil: evaluation
	n          int       // number of the sample in the batch
	base       int       // the node whose output is there already; 0: the input is loaded
	strips     []strip
	tile       kernel.Tile
	statistics statistics
	maxima     kernel.Maxima
	winners    kernel.Winners
	terms      []terms // of convolutions, by node
	patches    patches
	ranges     [][2]int // positions along an axis, by node
	local      *local   // where outputs that are computed again are kept; nil: with the sample
	dry        []int    // not nil: nothing is computed, but the slabs in use are counted
}

// terms are the elements of a convolution's window in a tensor that has that many elements in a slab and in a line.
type terms struct {
	list       []kernel.Term
	slab, line int
}

// A strip is slabs first ≤ z < next of a padded tensor, or a piece of each. Its border is zero.
type strip struct {
	data        []float32
	first, next int
	capacity    int       // slabs
	limit       int       // slabs from this one on are not computed in this band
	extent      part      // of its rows and columns
	slab, line  int       // elements of these
	y, x        [2]int    // rows and columns of the image that the band computes
	own         part      // what this band keeps for the backward pass
	ring        []float32 // the band's own memory, of a few slabs
	inPlace     bool      // data is what is kept for the backward pass, of all slabs
}

// cover makes the strip hold the rows and columns of an extent, and the band compute those of a part of it.
func (s *strip) cover(n *node, extent, computed part) {
	s.extent = extent
	size := extent.Size()
	s.line = size[2] * n.ch
	s.slab = size[1] * s.line
	image := computed.Moved(n.border, -1).Within(n.out.Size())
	s.y, s.x = image[1], image[2]
}

// chunkElements is what a node computes at a time at least, if it has that many (64 KiB).
var chunkElements = 16 << 10

// chunk is the number of slabs that node t computes at a time: all, if it takes all of its input.
func (p *program) chunk(t int) int {
	n := &p.nodes[t]
	if n.op != nil && !n.local() {
		return n.out.D
	}
	unit := n.unit()
	return min(n.out.D, ceilDiv(max(1, chunkElements/p.slabPieces[t]), unit)*unit)
}

// unit is the number of slabs that a node computes as one.
func (n *node) unit() int {
	if o, ok := n.op.(*conv); ok && o.winograd != nil && o.winograd.across == 0 {
		return kernel.PatchExtent
	}
	return 1
}

// largestPieces returns, for each node, the number of elements that a band holds of a slab of its output at most.
func (p *program) largestPieces() []int {
	pieces := make([]int, len(p.nodes))
	for t := range p.nodes {
		n := &p.nodes[t]
		pieces[t] = n.ch
		for axis := 1; axis < 3; axis++ {
			widest := n.padded()[axis]
			if t < p.early && p.pieces[axis] > 1 {
				widest = 0
				for cut := range p.pieces[axis] {
					from, to := p.piece(axis, cut, p.pieces[axis])
					r := p.reach(axis, t, p.early, [2]int{from, to})
					widest = max(widest, r[1]-r[0])
				}
			}
			pieces[t] *= widest
		}
	}
	return pieces
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
			own := (p.chunk(e.node)+2*(m.unit()-1)-1)*m.stride[0] + m.span(0)
			need = max(need, own+p.chunk(t))
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
			from, to := p.piece(0, item, bands)
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
	s.inPlace = b.masks != nil && bands == 1 && b.run.pieces == size{1, 1, 1} && t > 0 && b.sample.kept[t].whole(n)
	if s.inPlace {
		s.data, s.capacity = b.sample.kept[t].data, n.slabs()
		return
	}
	if s.ring == nil {
		s.ring = make([]float32, b.run.held[t]*b.run.slabPieces[t])
	}
	s.data, s.capacity = s.ring, b.run.held[t]
	if b.run.pieces != (size{1, 1, 1}) {
		s.clearSides(n, s.capacity) // the piece before had its border elsewhere
	}
}

// holdWhole makes room for all of the output of node t, a late one.
func (b *band) holdWhole(t int) {
	n, s := &b.run.nodes[t], &b.strips[t]
	all := region.Whole(n.padded())
	s.cover(n, all, all)
	s.own, s.capacity = all, n.slabs()
	if t > b.run.early || t == 0 {
		if s.ring == nil {
			s.ring = make([]float32, n.slabs()*n.slab())
		}
		s.data = s.ring
	}
}

// clearSides zeroes the border's rows and columns in some slabs.
func (s *strip) clearSides(n *node, slabs int) {
	top, bottom := n.border[1]-s.extent[1][0], s.extent[1][1]-n.border[1]-n.out.H
	left, right := n.border[2]-s.extent[2][0], s.extent[2][1]-n.border[2]-n.out.W
	if max(top, bottom, left, right) <= 0 {
		return
	}
	for z := range slabs {
		slab := s.data[z*s.slab:][:s.slab]
		clear(slab[:max(top, 0)*s.line])
		clear(slab[len(slab)-max(bottom, 0)*s.line:])
		for ; len(slab) > 0; slab = slab[s.line:] {
			clear(slab[:max(left, 0)*n.ch])
			clear(slab[s.line-max(right, 0)*n.ch : s.line])
		}
	}
}

// begin prepares a band of the slabs from ≤ z < to of the padded output of node top, and of the nodes before that.
func (b *band) begin(top, from, to int) {
	for t, r := range b.see(0, top, from, to) {
		b.strips[t].first, b.strips[t].next, b.strips[t].limit = r[0], r[0], r[1]
	}
	b.strips[top].first = 0
}

// see returns, for each node from the first one that the band computes up to node top, the positions along an axis of its padded
// output that some of that of node top are computed from. The list is valid until the next call.
func (b *band) see(axis, top, from, to int) [][2]int {
	b.ranges = grow(b.ranges, top+1)
	clear(b.ranges)
	b.ranges[top] = [2]int{from, to}
	b.run.see(axis, b.base, top, b.ranges)
	return b.ranges
}

// fill computes the slabs before upto of the output of node t.
func (b *band) fill(t, upto int) {
	n, s := &b.run.nodes[t], &b.strips[t]
	for s.next < upto {
		y := s.next - n.border[0]
		if y < 0 || y >= n.out.D {
			if slab := b.makeRoom(t, s.next+1); t != b.run.early || t == 0 { // where all pieces meet, the border stays zero
				clear(slab)
			}
			b.finish(t, s.next+1)
			continue
		}
		count := min(b.run.chunk(t)-y%n.unit(), s.limit-s.next, n.out.D-y)
		for i, u := range n.inputs {
			_, hi := n.op.sees(n, i, 0, y, y+count)
			b.fill(u, hi)
		}
		if b.run.Stopped() { // perhaps the inputs are not there
			return
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
	s := &b.strips[t]
	length := s.slab
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
		lo, _ := n.op.sees(n, e.input, 0, y, y+1)
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
	first, last := max(from-n.border[0], 0), min(upto-n.border[0], n.out.D)
	b.apply(t, first, last)
	if t == b.run.early && t > 0 {
		b.run.progress.done.Add(int64(max(0, last-first)))
	}
	if s.inPlace {
		fresh := strip{data: s.data[(from-s.first)*s.slab:], extent: s.extent, slab: s.slab, line: s.line}
		fresh.clearSides(n, upto-from)
	}
	if k := &b.sample.kept[t]; !s.inPlace && b.masks != nil && k.region != nil {
		k.store(n, s, from, upto)
	}
}

// apply applies the pointwise layers to slabs from ≤ z < to of the output of node t.
func (b *band) apply(t, from, to int) {
	n, s := &b.run.nodes[t], &b.strips[t]
	if !n.changes {
		return
	}
	for z := from; z < to; z++ {
		for y := s.y[0]; y < s.y[1]; y++ {
			n.pointsForward(b.masks, pixel{b.n, z, y, s.x[0]}, s.data[b.at(t, z, y, s.x[0]):][:s.width()*n.ch])
		}
	}
}

// width is the number of columns that the band computes.
func (s *strip) width() int { return s.x[1] - s.x[0] }

// load brings slabs of the sample into place.
func (b *band) load(s *strip, z, count int) {
	n := &b.run.nodes[0]
	rows, pixels := s.y[1]-s.y[0], s.width()
	lines := count * rows
	if rows == n.out.H && pixels == n.out.W && s.slab == rows*pixels*n.ch { // nothing lies between the lines
		lines, pixels = 1, lines*pixels
	}
	for i := range lines {
		z, y := z+i/rows, s.y[0]+i%rows
		dst, first := s.data[b.at(0, z, y, s.x[0]):], (z*n.out.H+y)*n.out.W+s.x[0]
		for c := range n.out.C {
			b.sample.source.Pixels(dst[c:], n.ch, c, first, first+pixels)
		}
	}
}

// at returns the place of a pixel of the unpadded output of node t in its strip.
func (b *band) at(t, z, y, x int) int {
	n, s := &b.run.nodes[t], &b.strips[t]
	return (z+n.border[0]-s.first)*s.slab + (y+n.border[1]-s.extent[1][0])*s.line + (x+n.border[2]-s.extent[2][0])*n.ch
}

// line returns the pixels of a line of the output of node t that the band computes.
func (b *band) line(t, z, y int) []float32 {
	n, s := &b.run.nodes[t], &b.strips[t]
	return s.data[b.at(t, z, y, s.x[0]):][:s.width()*n.ch]
}

// inputLine returns the pixels of an input of node t from where that line of the output begins on.
func (b *band) inputLine(t, input, z, y int) []float32 {
	u := b.run.nodes[t].inputs[input]
	return b.strips[u].data[b.at(u, z, y, b.strips[t].x[0]):]
}
