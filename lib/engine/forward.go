package engine

import "backdrop/lib/region"

// forwardBody takes the samples from ≤ n < to through the body.
func (r *Runner) forwardBody(from, to int) {
	r.first = from
	if to-from >= r.crew.workers || r.early == 0 {
		r.crew.do(to-from, r.jobs.sample)
		return
	}
	for n := from; n < to; n++ {
		r.batch[n].plane = r.plane(n - from)
	}
	r.crew.do((to-from)*r.forwardBands()*r.pieceCount(), r.jobs.band)
	r.crew.do(to-from, r.jobs.late)
}

// forwardBands is the number of bands that a sample is cut into for the forward pass, where rows that two of them need
// are computed twice.
func (r *Runner) forwardBands() int { return min(r.crew.workers, r.nodes[r.early].out.D) }

// forwardCount is what progress in the forward pass of a sample is counted by.
func (p *program) forwardCount() int {
	if p.early == 0 {
		return 1
	}
	return p.nodes[p.early].out.D * p.pieceCount()
}

// pieceCount is the number of pieces that each of them is cut into.
func (p *program) pieceCount() int { return p.pieces[1] * p.pieces[2] }

// plane returns room for the output of the last early node, of one of at most as many samples as there are workers.
func (r *Runner) plane(i int) []float32 {
	if r.early == 0 {
		return nil
	}
	if n := &r.nodes[r.early]; r.planes[i] == nil {
		r.planes[i] = make([]float32, n.slabs()*n.slab())
	}
	return r.planes[i]
}

// band returns a worker's memory for the forward pass.
func (r *Runner) band(worker int) *band {
	if r.forward[worker] == nil {
		r.forward[worker] = newBand(r)
	}
	return r.forward[worker]
}

// newBand returns a band without room for slabs.
func newBand(r *Runner) *band {
	return &band{run: r, strips: make([]strip, len(r.nodes)), terms: make([]terms, len(r.nodes))}
}

// forwardSample takes a whole sample through the body.
func (r *Runner) forwardSample(worker, item int) {
	b := r.band(worker)
	n := r.first + item
	r.batch[n].plane = r.plane(worker)
	if r.early > 0 {
		for piece := range r.pieceCount() {
			r.runBand(b, n, 0, 1, piece)
		}
	}
	r.forwardLate(worker, item)
}

func (r *Runner) forwardBand(worker, item int) {
	bands, pieces := r.forwardBands(), r.pieceCount()
	item, piece := item/pieces, item%pieces
	r.runBand(r.band(worker), r.first+item/bands, item%bands, bands, piece)
}

// runBand computes a piece of a band of the early nodes of sample n.
func (r *Runner) runBand(b *band, n, item, bands, piece int) {
	b.sample, b.masks, b.n, b.base = r.batch[n], r.masks, n, 0
	r.setPiece(b, size{item, piece / r.pieces[2], piece % r.pieces[2]}, size{bands, r.pieces[1], r.pieces[2]})
	for t := range r.early {
		b.hold(t, bands)
	}
	end := &b.strips[r.early]
	end.data, end.capacity = b.sample.plane, r.nodes[r.early].slabs()
	from, to := r.piece(0, item, bands)
	b.begin(r.early, from, to)
	b.fill(r.early, to)
}

// setPiece finds out what a piece, one of so many along each axis, covers of the early nodes' outputs, and what of that it
// keeps for the backward pass: what comes before the next piece begins.
func (r *Runner) setPiece(b *band, at, of size) {
	for axis := range at {
		from, to := r.piece(axis, at[axis], of[axis])
		for t, seen := range b.see(axis, r.early, from, to) {
			s, end := &b.strips[t], r.nodes[t].padded()[axis]
			s.own[axis] = [2]int{seen[0], end}
			if s.extent[axis] = seen; axis > 0 && of[axis] == 1 {
				s.own[axis], s.extent[axis] = [2]int{0, end}, [2]int{0, end}
			}
		}
		if at[axis] == of[axis]-1 {
			continue
		}
		next, _ := r.piece(axis, at[axis]+1, of[axis])
		for t, seen := range b.see(axis, r.early, next, next+1) {
			b.strips[t].own[axis][1] = seen[0]
		}
	}
	for t := range r.early + 1 {
		n, s := &r.nodes[t], &b.strips[t]
		extent := s.extent
		if t == r.early {
			extent = region.Whole(n.padded()) // the sample's plane
		}
		s.cover(n, extent, s.extent)
	}
}

// piece returns the positions of the padded output of the last early node, along an axis, that belong to a piece, one of so many.
func (p *program) piece(axis, i, of int) (from, to int) {
	n := &p.nodes[p.early]
	extent := n.out.Size()[axis]
	if i > 0 {
		from = n.border[axis] + i*extent/of
	}
	if i >= of-1 {
		return from, n.padded()[axis]
	}
	return from, n.border[axis] + (i+1)*extent/of
}

// forwardLate takes a sample from its last early node to the end of the body.
func (r *Runner) forwardLate(worker, item int) {
	b := r.band(worker)
	if r.Stopped() {
		return
	}
	n := r.first + item
	s := r.batch[n]
	b.sample, b.masks, b.n, b.base = s, r.masks, n, r.early
	last := r.body - 1
	b.begin(last, 0, r.nodes[last].slabs())
	for t := r.early; t <= last; t++ {
		b.holdWhole(t)
	}
	if r.early > 0 {
		win := &b.strips[r.early]
		win.data, win.first, win.next = s.plane, 0, r.nodes[r.early].slabs()
	}
	b.fill(last, r.nodes[last].slabs())
	if r.Stopped() {
		return
	}
	if r.early == 0 {
		r.progress.done.Add(1)
	}
	st := &r.nodes[last]
	if r.head != nil {
		copy(r.head.row(n), b.strips[last].data[b.at(last, 0, 0, 0):])
		return
	}
	pixels := st.out.Size().Product()
	for z := range st.out.D {
		for y := range st.out.H {
			for x := range st.out.W {
				at := b.at(last, z, y, x)
				for c := range st.out.C {
					s.out[c*pixels+(z*st.out.H+y)*st.out.W+x] = b.strips[last].data[at+c]
				}
			}
		}
	}
}
