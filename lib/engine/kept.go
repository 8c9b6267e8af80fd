package engine

import (
	"runtime/debug"

	"backdrop/lib/kernel"
	"backdrop/lib/net"
	"backdrop/lib/region"
)

// layout says which pixels of a padded tensor the backward pass needs, span after span.
type layout struct {
	region *region.Region // nil: nothing
	inset  size           // the part of the border that the region leaves out
	offset []int          // where each span begins
	size   int            // elements of all
}

// kept are these pixels of a sample.
type kept struct {
	*layout
	data []float32
	box  *box // not nil: not these pixels are kept, but all of a part, counted as they are in the layout's region
}

// local is where the outputs that are computed again for a block are kept, by node.
type local struct{ outputs, winners []kept }

// outputs returns where the output of node t is kept for the backward pass of the block under way.
func (b *backward) outputs(t int) *kept {
	if b.run.recomputes(t) {
		return &b.local.outputs[t]
	}
	return &b.sample.kept[t]
}

// winners returns where it is kept who has the maxima of node t, a pool.
func (b *backward) winners(t int) *kept {
	if b.run.recomputes(t) {
		return &b.local.winners[t]
	}
	return &b.sample.winners[t]
}

// inSpan returns where a pixel is kept that lies in a span of the layout's region, which has that many before it.
func (k *kept) inSpan(before int, s region.Span, channels, z, y, x int) int {
	if k.box != nil {
		return k.box.at(z, y, x)
	}
	return k.offset[before] + (x-int(s.Lo))*channels
}

// setKeeps finds out what the backward pass needs of the output of node t: the windows of the readers that look at it,
// or, if it is only needed for the node's own pointwise layers, the pixels where its own gradient survives. Where it is
// needed for both, all readers' windows are kept, as these are where its own gradient comes from.
func (n *node) setKeeps(p *program, t int) {
	var all, read []edge
	for _, e := range n.readers {
		if e.node >= p.body {
			continue
		}
		all = append(all, e)
		if reader := &p.nodes[e.node]; reader.op.readsInput() && !(reader.isConv() && p.fromInput(t)) {
			read = append(read, e)
		}
	}
	switch {
	case len(read) > 0 && n.needsOutput:
		n.keepsWindows = all
	default:
		n.keepsWindows = read
	}
	pooled := len(all) > 0 && p.nodes[all[0].node].isMaxPool() && p.nodes[all[0].node].poolsGated(n) // what the gate does is kept with the pool
	n.keepsOwn = len(read) == 0 && n.needsOutput && !pooled
}

// fromInput reports whether tensor t is the caller's input as it came, which need not be kept.
func (p *program) fromInput(t int) bool {
	if t > 0 {
		return false
	}
	for _, q := range p.nodes[0].points {
		if _, ok := q.pointwise.(backdrop); !ok {
			return false
		}
	}
	return true
}

// lay finds a place for every span that is kept.
func (s *survivors) lay(p *program) {
	s.size = 0
	for t := range s.layout {
		n, k := &p.nodes[t], &s.layout[t]
		k.inset = size{}
		if p.recomputes(t) {
			k.set(nil, 0)
			s.winners[t].set(nil, 0)
			continue
		}
		switch {
		case len(n.keepsWindows) > 0:
			k.set(s.windows(t, n.keepsWindows), n.ch)
		case n.keepsOwn:
			k.set(&s.grad[t], n.ch)
			k.inset = n.border
		default:
			k.set(nil, 0)
		}
		s.size += padded(k.size)
		if w := &s.winners[t]; n.isMaxPool() {
			w.set(&s.grad[t], n.ch)
			s.size += padded(w.size)
		}
	}
}

// windows returns the pixels of the padded output of node t that the surviving windows of some readers see.
func (s *survivors) windows(t int, readers []edge) *region.Region {
	seen := &s.field[readers[0].node][readers[0].input]
	for _, e := range readers[1:] {
		s.spare[0].SetUnion(seen, &s.field[e.node][e.input])
		s.union[t], s.spare[0] = s.spare[0], s.union[t]
		seen = &s.union[t]
	}
	return seen
}

// padded rounds a number of elements up to whole cache lines.
func padded(elements int) int {
	const line = 16
	return (elements + line - 1) / line * line
}

// Expect says how many bytes steps are going to keep at most, so that room is made once.
func (r *Runner) Expect(kept int64) { r.most = int(kept / 4) }

// reserve makes room for what the step keeps. All samples share it, so that what a mask on the sample axis costs follows
// the samples that it lets through, not those that it ever did.
func (r *Runner) reserve() {
	if cap(r.room) < r.keeps {
		size := r.keeps + r.keeps/8
		if r.most > 0 {
			size = max(r.keeps, r.most) // all that the run will need
		}
		r.dropRoom()
		r.room = make([]float32, size)
	}
	room := r.room[:cap(r.room)]
	for _, s := range r.batch[:r.count] {
		for t := range s.kept {
			k := &s.kept[t]
			k.layout = &s.layout[t]
			k.data, room = room[:k.size:k.size], room[padded(k.size):]
			w := &s.winners[t]
			w.layout = &s.survivors.winners[t]
			w.data, room = room[:w.size:w.size], room[padded(w.size):]
		}
	}
}

// dropRoom lets go of the room before a larger one is made, so that both are not there at once.
func (r *Runner) dropRoom() {
	const large = 16 << 20 // bytes
	size := 4 * cap(r.room)
	r.room = nil
	for _, s := range r.batch {
		clear(s.kept)
		clear(s.winners)
	}
	for _, b := range r.forward {
		if b != nil {
			b.tile, b.winners = kernel.Tile{}, kernel.Winners{Taps: b.winners.Taps}
			for t := range b.strips {
				if s := &b.strips[t]; s.inPlace {
					s.data = s.ring
				}
			}
		}
	}
	for _, b := range r.back {
		if b != nil {
			b.tile, b.pool = kernel.Tile{}, kernel.Pool{Places: b.pool.Places}
		}
	}
	if size >= large {
		debug.FreeOSMemory()
	}
}

// set makes k the pixels of a region.
func (k *layout) set(r *region.Region, ch int) {
	k.region, k.offset, k.size = r, k.offset[:0], 0
	if r == nil {
		return
	}
	for _, s := range r.All() {
		k.offset = append(k.offset, k.size)
		k.size += int(s.Hi-s.Lo) * ch
	}
}

// whole reports whether all of the padded output of a node is kept, line after line.
func (k *kept) whole(n *node) bool {
	return k.region != nil && k.region.Size() == n.padded() && k.region.Area() == net.Size(n.padded()).Product()
}

// store copies slabs from ≤ z < to of the padded output of node n from a strip, as far as they are the strip's own.
func (k *kept) store(n *node, strip *strip, from, to int) {
	own := strip.own
	own[0] = [2]int{max(from, own[0][0]), min(to, own[0][1])}
	for axis := 1; axis < 3; axis++ {
		own[axis] = [2]int{max(own[axis][0], strip.extent[axis][0]), min(own[axis][1], strip.extent[axis][1])}
	}
	own = own.Moved(k.inset, -1).Within(k.region.Size())
	for z := own[0][0]; z < own[0][1]; z++ {
		for y := own[1][0]; y < own[1][1]; y++ {
			line := z*k.region.H + y
			next := k.region.Index(line)
			for i, s := range k.region.Line(line) {
				if lo, hi := own.Clip(s); lo < hi {
					from := (z+k.inset[0]-strip.first)*strip.slab + (y+k.inset[1]-strip.extent[1][0])*strip.line + (lo+k.inset[2]-strip.extent[2][0])*n.ch
					copy(k.data[k.offset[next+i]+(lo-int(s.Lo))*n.ch:], strip.data[from:][:(hi-lo)*n.ch])
				}
			}
		}
	}
}

// regular returns where the planes from ≤ z < to begin, if each of their lines is one span of the same columns, so that they
// can be read in place.
func (k *kept) regular(from, to int) (data []float32, columns [2]int, ok bool) {
	var first region.Span
	for line := from * k.region.H; line < to*k.region.H; line++ {
		spans := k.region.Line(line)
		if len(spans) != 1 || line > from*k.region.H && spans[0] != first {
			return nil, columns, false
		}
		first = spans[0]
	}
	return k.data[k.offset[k.region.Index(from*k.region.H)]:], [2]int{int(first.Lo), int(first.Hi)}, true
}

// grow returns a slice of length n, whose content is undefined, in the memory of v if that is large enough.
func grow[T any](v []T, n int) []T {
	if cap(v) < n {
		return make([]T, n)
	}
	return v[:n]
}

// growMore is grow for a length that changes from step to step.
func growMore[T any](v []T, n int) []T {
	if cap(v) < n {
		return make([]T, n, n+n/8)
	}
	return v[:n]
}
