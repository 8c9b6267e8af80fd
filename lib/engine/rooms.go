package engine

// setRooms finds out how much room gradients and inputs of the backward pass can come to need, wherever a gradient
// survives, so that no later step has to make more.
func (r *Runner) setRooms() {
	r.gradRoom = grow(r.gradRoom, r.body)
	clear(r.gradRoom)
	r.inputRoom = 0
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
			own, need := [2]int{0, r.nodes[t].out.D}, [2]int{0, r.nodes[t].out.D}
			if t < r.early {
				need = r.needs[t]
			}
			if r.early > 0 && t <= r.early {
				own = r.bandOwn(t, q)
			}
			if t >= r.bottom() && need[0] < need[1] {
				n := &r.nodes[t]
				g := n.gradientPart(need, [2]int{0, n.out.H}, [2]int{0, n.out.W})
				r.gradRoom[t] = max(r.gradRoom[t], g.elements())
			}
			if n := &r.nodes[t]; n.isConv() && r.gathers(t) {
				first, end := n.op.slabs(n, 0, own[0], own[1])
				r.inputRoom = max(r.inputRoom, (end-first)*r.nodes[n.inputs[0]].slab())
			}
		}
	}
}

// gathers reports whether inputs of the convolution t, whose windows' pixels lie apart from each other or in the caller's
// order, are brought together for the gradient of its weights.
func (r *Runner) gathers(t int) bool {
	n := &r.nodes[t]
	before := &r.nodes[n.inputs[0]]
	return len(before.keepsWindows) == 0 || before.shared() || n.apart() || r.masked(t)
}

// pixelsRoom returns v with n elements, in room for any number.
func (r *Runner) pixelsRoom(v []float32, n int) []float32 {
	if cap(v) < n {
		return make([]float32, n, max(n, r.inputRoom))
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
