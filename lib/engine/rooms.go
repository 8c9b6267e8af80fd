package engine

import "math"

// setRooms finds out how much room gradients and inputs of the backward pass can come to need, wherever a gradient
// survives, so that no later step has to make more.
func (r *Runner) setRooms() {
	r.gradRoom = grow(r.gradRoom, r.body)
	clear(r.gradRoom)
	r.windowRoom = 0
	bands := 1
	if r.early > 0 {
		bands = r.bands
		r.needs = grow(r.needs, r.body)
	}
	for q := range bands {
		if r.early > 0 {
			r.bandNeeds(q, r.needs)
		}
		for t := range r.body {
			own, need := [2]int{0, r.nodes[t].out.H}, [2]int{0, r.nodes[t].out.H}
			if t < r.early {
				need = r.needs[t]
			}
			if r.early > 0 && t <= r.early {
				own = r.bandOwn(t, q)
			}
			if t >= r.bottom() && need[0] < need[1] {
				g := r.nodes[t].extent(need, 0, r.nodes[t].out.W)
				r.gradRoom[t] = max(r.gradRoom[t], g.elements())
			}
			if n := &r.nodes[t]; n.isConv() && r.gathers(t) {
				first, end := n.op.rows(n, 0, own[0], own[1])
				r.windowRoom = max(r.windowRoom, (end-first)*r.nodes[n.inputs[0]].rowLength())
			}
		}
	}
}

// gathers reports whether inputs of the convolution t, whose windows' pixels lie apart from each other or in the caller's
// order, are brought together for the gradient of its weights.
func (r *Runner) gathers(t int) bool {
	n := &r.nodes[t]
	before := &r.nodes[n.inputs[0]]
	return len(before.keepsWindows) == 0 || before.shared() || n.kernel < n.stride || r.masked(t)
}

// windowsRoom returns v with n elements, in room for any number.
func (r *Runner) windowsRoom(v []float32, n int) []float32 {
	if cap(v) < n {
		return make([]float32, n, max(n, r.windowRoom))
	}
	return v[:n]
}

// sizes adds up what is allocated, in bytes; in floating point because networks can be absurd.
type sizes float64

// add counts elements of that many bytes, as many as the product of the counts.
func (s *sizes) add(bytes int, counts ...int) {
	size := float64(bytes)
	for _, n := range counts {
		size *= float64(n)
	}
	*s += sizes(size)
}

// total is a number that others can still be added to.
func (s *sizes) total() int64 { return int64(min(*s, math.MaxInt64/16)) }

// packed counts the weights in the order of tiles and the sums of their gradients.
func (r *Runner) packed(batch int, train bool) int64 {
	var s sizes
	for t := range r.nodes {
		st := &r.nodes[t]
		if !st.isConv() {
			continue
		}
		s.add(4, st.terms()+1, st.ch) // and the bias
		s.add(8, st.terms())
		s.add(4, st.kernel, st.kernel, st.out.C, gradientChannels(st.in.C))
		switch {
		case train && t < r.body:
			s.add(4, r.backwardItems(batch), st.terms()+2, st.ch)
		case train:
			s.add(4, st.terms()+2, st.ch)
		}
	}
	return s.total()
}

// forwardWork counts what the workers hold in the forward pass, and the samples' outputs.
func (r *Runner) forwardWork(batch int) int64 {
	var s sizes
	workers, items := r.crew.workers, batch
	if batch < workers && r.early > 0 {
		items = batch * r.forwardBands()
	}
	for t := range r.nodes {
		st := &r.nodes[t]
		switch {
		case t < r.early:
			s.add(4, min(workers, items), r.held[t], st.rowLength())
		case t == r.early && t > 0:
			s.add(4, min(workers, batch), st.rows(), st.rowLength()) // a plane
		default:
			s.add(4, min(workers, items), st.rows(), st.rowLength())
		}
		if t >= r.body {
			s.add(4, min(workers, ceilDiv(batch, headRows)), headRows, st.ch)
		}
	}
	const list = 6 * 24 // of what there is of each sample, in lists
	s.add(4, batch, r.nodes[len(r.nodes)-1].out.Len())
	s.add(1, batch, list+r.body*80)
	if r.head != nil {
		s.add(4, min(batch, headSamples), r.nodes[r.body-1].ch)
	}
	return s.total()
}

// backwardItems is the number of groups that the backward pass of a batch deals its work out to.
func (r *Runner) backwardItems(batch int) int {
	if r.early == 0 {
		return min(groups, batch)
	}
	return min(groups, min(groups, batch)*r.bands)
}

// backwardWork counts what the workers hold in the backward pass, and what the head keeps of the samples that it lets
// through.
func (r *Runner) backwardWork(batch int, rows []int) int64 {
	var s sizes
	samples := min(groups, batch)
	workers := min(r.crew.workers, r.backwardItems(batch))
	r.setRooms()
	widest, terms := 0, 0
	for t := range r.body {
		switch {
		case t < r.early:
			s.add(4, workers, r.gradRoom[t])
		case t == r.early && t > 0:
			s.add(4, samples, r.gradRoom[t])
		default:
			s.add(4, min(workers, samples), r.gradRoom[t])
		}
		if st := &r.nodes[t]; st.isConv() {
			terms = max(terms, st.terms())
			widest = max(widest, st.kernel*st.kernel*st.out.C)
		}
	}
	s.add(4, workers, r.windowRoom)
	s.add(8, workers, terms+2*widest+4*termsAtOnce)
	if r.head != nil {
		for t := r.body - 1; t < len(r.nodes); t++ {
			st := &r.nodes[t]
			kept, grads := rows[min(t+1, len(rows)-1)], rows[t]
			s.add(4, kept+kept/8, st.ch)
			s.add(4, grads+grads/8, gradientChannels(st.out.C))
			s.add(4+8, batch)
			s.add(8, r.crew.workers, 2*st.out.C+4*termsAtOnce)
		}
		s.add(24, batch)
	}
	return s.total()
}
