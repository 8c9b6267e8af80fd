package engine

// What the backward pass needs of the first nodes' outputs can be computed again instead of kept (T. Chen, B. Xu, C. Zhang,
// C. Guestrin, "Training Deep Nets with Sublinear Memory Cost", arXiv 1604.06174, 2016, section 4): for a block at a time,
// so that it is never there as a whole (H. Pinckaers, B. van Ginneken, G. Litjens, "Streaming convolutional neural networks for
// end-to-end learning with multi-megapixel images", arXiv 1911.04432, 2019, section 3), and only where a gradient survives.

// Recompute makes the following steps compute the outputs of the first nodes, that many of them, again. It does not change
// results.
func (r *Runner) Recompute(nodes int) {
	r.recomputed = max(0, min(nodes, r.early-1))
	r.gradRoom, r.prepared = nil, false
}

// Of a large sample, outputs are computed again rather than kept if that takes at most cheapShare of a step's arithmetic, or if
// more than largeKept elements (256 MiB) would be kept; so many that smallKept elements (32 MiB) are left, or largeKept.
const (
	cheapShare = 0.05
	smallKept  = 8 << 20
	largeKept  = 64 << 20
)

// chooseRecomputed finds out how many of the first nodes' outputs steps had better compute again.
func (r *Runner) chooseRecomputed(e *Extent, batch int) {
	e.mostRecomputed, e.recompute = max(0, r.early-1), 0
	e.layers, e.more = make([]int, e.mostRecomputed+1), make([]float64, e.mostRecomputed+1)
	step, again := 0.0, 0.0
	for t := range r.nodes {
		n := &r.nodes[t]
		if !n.isConv() {
			continue
		}
		step += float64(batch) * n.work()
		if t < r.body {
			step += 2 * e.area[t] * n.workOfPixel()
		}
	}
	for t := 1; t <= e.mostRecomputed; t++ {
		n := &r.nodes[t]
		if e.layers[t] = n.layer; len(n.points) > 0 {
			e.layers[t] = n.points[len(n.points)-1].layer
		}
		if n.isConv() {
			again += e.area[t] * n.workOfPixel()
		}
		e.more[t] = again / step
	}
	if largestOutput(r.nodes[:r.early+1]) <= largeTensor {
		return
	}
	for n := range e.mostRecomputed + 1 {
		if e.more[n] <= cheapShare && e.keeps(e.recompute) > smallKept || e.keeps(e.recompute) > largeKept {
			e.recompute = n
		}
	}
}

// work is the number of multiply-adds of a convolution's output, and workOfPixel that of a pixel.
func (n *node) work() float64        { return float64(n.out.Size().Product()) * n.workOfPixel() }
func (n *node) workOfPixel() float64 { return float64(n.terms()) * float64(n.out.C) }

// Recompute is how many of the first nodes' outputs steps compute again instead of keeping them, for Runner.Recompute.
func (e *Extent) Recompute() int { return e.recompute }

// RecomputeMore is the extent of the same steps if they compute one more again. ok is false if there are no more.
func (e *Extent) RecomputeMore() (more *Extent, ok bool) {
	if e.recompute == e.mostRecomputed {
		return e, false
	}
	other := *e
	other.recompute++
	return &other, true
}

// Recomputed says up to which layer outputs are computed again, and how many multiply-adds that takes, as a part of those of a
// whole step.
func (e *Extent) Recomputed() (layer int, more float64) {
	return e.layers[e.recompute], e.more[e.recompute]
}

// recomputedParts sets, for each node that is recomputed, the part of its padded output that block q needs to take a gradient back:
// that of a sample whose gradient survives so far, or wherever it may.
func (r *Runner) recomputedParts(q int, needs []part, s *survivors, parts []part) {
	clear(parts)
	for t := 1; t <= r.early; t++ {
		n := &r.nodes[t]
		if !n.op.readsInput() {
			continue
		}
		if own := s.bounds(t, r.blockOwn(t, q)); !own.Empty() {
			for i, u := range n.inputs {
				if r.recomputes(u) {
					parts[u] = parts[u].With(n.seenIn(i, own))
				}
			}
		}
	}
	for t := range r.recomputed + 1 {
		n := &r.nodes[t]
		if len(n.keepsWindows) > 0 || n.keepsOwn {
			if need := s.bounds(t, needs[t]); !need.Empty() {
				parts[t] = parts[t].With(need.Moved(n.border, 1))
			}
		}
		if n.isMaxPool() {
			if by := s.bounds(t, n.seers(needs[n.inputs[0]])); !by.Empty() && !needs[n.inputs[0]].Empty() {
				parts[t] = parts[t].With(by.Moved(n.border, 1))
			}
		}
	}
	for t := r.recomputed; t >= 0; t-- {
		n := &r.nodes[t]
		parts[t] = parts[t].Within(n.padded())
		computed := parts[t].Moved(n.border, -1).Within(size(n.out.Size()))
		if computed.Empty() {
			continue
		}
		for i, u := range n.inputs {
			parts[u] = parts[u].With(n.seenIn(i, computed))
		}
	}
}

// bounds returns the smallest part that holds the pixels of a part of the output of node t whose gradient survives; the part
// itself if s is nil.
func (s *survivors) bounds(t int, p part) part {
	if s == nil {
		return p
	}
	return s.grad[t].Bounds(p)
}

// recompute computes again what block q needs of the first nodes' outputs.
func (b *backward) recompute(q int) {
	r := b.run
	if b.band == nil {
		b.band = newBand(r)
		b.band.local = &b.local
		b.local = local{make([]kept, r.early+1), make([]kept, r.early+1)}
		b.seen = make([]part, r.early+1)
	}
	d := b.band
	d.sample, d.masks, d.n = b.sample, b.masks, b.n
	r.recomputedParts(q, b.needs, b.sample.survivors, b.seen)
	for t := range r.recomputed + 1 {
		if p := b.seen[t]; !p.Empty() {
			d.again(t, p)
		}
	}
}

// again computes a part of the padded output of node t from those of its inputs.
func (b *band) again(t int, p part) {
	n, s := &b.run.nodes[t], &b.strips[t]
	s.cover(n, p, p)
	s.first, s.next, s.own = p[0][0], p[0][1], p
	s.data = b.local.outputs[t].set(newBox(p, n.ch), b.run.recomputedRoom[t])
	image := p.Moved(n.border, -1).Within(size(n.out.Size()))
	if n.isMaxPool() {
		b.local.winners[t].set(newBox(image, n.ch), b.run.recomputedRoom[t])
	}
	if image.Empty() {
		clear(s.data)
		return
	}
	from, to := image[0][0], image[0][1]
	clear(s.data[:(from+n.border[0]-s.first)*s.slab])
	clear(s.data[(to+n.border[0]-s.first)*s.slab:])
	s.clearSides(n, s.next-s.first)
	if t == 0 {
		b.load(s, from, to-from)
	} else {
		n.op.forward(b, t, from, to-from)
	}
	b.apply(t, from, to)
}

// set makes k all of a box, with undefined content and room for any that it can come to be, and returns its data.
func (k *kept) set(extent box, room int) []float32 {
	if k.box == nil {
		k.box = new(box)
	}
	n := extent.scratch()
	if cap(k.data) < n {
		k.data = make([]float32, max(n, room))
	}
	k.data = k.data[:n]
	*k.box = extent
	k.box.data = k.data
	return k.data
}
