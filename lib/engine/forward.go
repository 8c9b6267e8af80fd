package engine

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
	r.crew.do((to-from)*r.forwardBands(), r.jobs.band)
	r.crew.do(to-from, r.jobs.late)
}

// forwardBands is the number of bands that a sample is cut into for the forward pass, where rows that two of them need
// are computed twice.
func (r *Runner) forwardBands() int { return min(r.crew.workers, r.nodes[r.early].out.D) }

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
		b := &band{run: r, strips: make([]strip, len(r.nodes))}
		for t := range r.nodes {
			s := &r.nodes[t]
			switch {
			case t < r.early:
				b.strips[t].ring = make([]float32, r.held[t]*s.slab())
				continue
			case t == r.early && t > 0:
				b.strips[t].capacity = s.slabs()
				continue // the sample's plane
			default:
				b.strips[t].capacity = s.slabs()
			}
			b.strips[t].data = make([]float32, b.strips[t].capacity*s.slab())
		}
		r.forward[worker] = b
	}
	return r.forward[worker]
}

// forwardSample takes a whole sample through the body.
func (r *Runner) forwardSample(worker, item int) {
	b := r.band(worker)
	n := r.first + item
	r.batch[n].plane = r.plane(worker)
	if r.early > 0 {
		r.runBand(b, n, 0, 1)
	}
	r.forwardLate(worker, item)
}

func (r *Runner) forwardBand(worker, item int) {
	bands := r.forwardBands()
	r.runBand(r.band(worker), r.first+item/bands, item%bands, bands)
}

// runBand computes a band of the early nodes of sample n.
func (r *Runner) runBand(b *band, n, item, bands int) {
	b.sample, b.masks, b.n, b.base = r.batch[n], r.masks, n, 0
	for t := range r.early {
		b.hold(t, bands)
	}
	b.strips[r.early].data = b.sample.plane
	from, to := r.bandSlabs(item, bands)
	next, _ := r.bandSlabs(item+1, bands)
	b.begin(r.early, next, to) // where the next band begins, this one stops keeping
	for t := range r.early + 1 {
		b.strips[t].end = b.strips[t].first
		if t == r.early {
			b.strips[t].end = next
		}
		if item == bands-1 {
			b.strips[t].end = r.nodes[t].slabs()
		}
	}
	b.begin(r.early, from, to)
	for t := range r.early + 1 {
		b.strips[t].own = b.strips[t].next
	}
	b.fill(r.early, to)
}

// bandSlabs returns the padded rows of the last early node that belong to a band.
func (p *program) bandSlabs(item, bands int) (from, to int) {
	n := &p.nodes[p.early]
	if item > 0 {
		from = n.border[0] + item*n.out.D/bands
	}
	if item >= bands-1 {
		return from, n.slabs()
	}
	return from, n.border[0] + (item+1)*n.out.D/bands
}

// forwardLate takes a sample from its last early node to the end of the body.
func (r *Runner) forwardLate(worker, item int) {
	b := r.band(worker)
	n := r.first + item
	s := r.batch[n]
	b.sample, b.masks, b.n, b.base = s, r.masks, n, r.early
	last := r.body - 1
	b.begin(last, 0, r.nodes[last].slabs())
	for t := r.early; t <= last; t++ {
		b.strips[t].own, b.strips[t].end = 0, r.nodes[t].slabs()
	}
	if r.early > 0 {
		win := &b.strips[r.early]
		win.data, win.first, win.next = s.plane, 0, r.nodes[r.early].slabs()
	}
	b.fill(last, r.nodes[last].slabs())
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
