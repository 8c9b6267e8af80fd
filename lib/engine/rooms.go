package engine

// setRooms finds out how much room gradients and inputs of the backward pass can come to need, wherever a gradient
// survives, so that no later step has to make more.
func (r *Runner) setRooms() {
	r.gradRoom = grow(r.gradRoom, r.body)
	clear(r.gradRoom)
	r.inputRoom = [2]int{}
	blocks := 1
	if r.early > 0 {
		blocks = r.blockCount()
		r.needs = grow(r.needs, r.body)
	}
	r.recomputedRoom = grow(r.recomputedRoom, r.early+1)
	clear(r.recomputedRoom)
	for q := range blocks {
		if r.early > 0 {
			r.blockNeeds(q, r.needs)
		}
		for t := range r.body {
			n := &r.nodes[t]
			own, need := n.all(), n.all()
			if t < r.early {
				need = r.needs[t]
			}
			if r.early > 0 && t <= r.early {
				own = r.blockOwn(t, q)
			}
			if t >= r.bottom() && !need.Empty() {
				g := n.gradientBox(need)
				r.gradRoom[t] = max(r.gradRoom[t], g.elements())
			}
			if n.isConv() && r.gathers(t) && !own.Empty() {
				x := newBox(n.seenIn(0, own), n.chIn)
				room := &r.inputRoom[r.lateness(t)]
				*room = max(*room, x.scratch())
			}
		}
		if r.recomputed > 0 {
			r.seen = grow(r.seen, r.early+1)
			r.recomputedParts(q, r.needs, nil, r.seen)
			for t, p := range r.seen {
				x := newBox(p, r.nodes[t].ch)
				r.recomputedRoom[t] = max(r.recomputedRoom[t], x.scratch())
			}
		}
	}
}

// gathers reports whether inputs of the convolution t, whose windows' pixels lie apart from each other or in the caller's
// order, are brought together for the gradient of its weights.
func (r *Runner) gathers(t int) bool {
	n := &r.nodes[t]
	before := &r.nodes[n.inputs[0]]
	if r.recomputes(n.inputs[0]) {
		return false
	}
	return len(before.keepsWindows) == 0 || before.shared() || n.apart() || r.masked(t)
}

// lateness is 1 for late nodes, else 0.
func (p *program) lateness(t int) int {
	if t > p.early {
		return 1
	}
	return 0
}

// pixelsRoom returns v with n elements, in room for any number that node t needs.
func (r *Runner) pixelsRoom(v []float32, n, t int) []float32 {
	if cap(v) < n {
		return make([]float32, n, max(n, r.inputRoom[r.lateness(t)]))
	}
	return v[:n]
}

// apart reports whether there are pixels between windows that none sees.
func (n *node) apart() bool {
	for axis := range n.kernel {
		if n.kernel[axis] < n.stride[axis] || n.dilation[axis] > 1 {
			return true
		}
	}
	return false
}
