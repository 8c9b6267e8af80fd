package engine

import (
	"backdrop/lib/pixels"
	"backdrop/lib/region"
)

// Backward adds the gradient of a loss, given its gradient with respect to the outputs of the last Forward, to the parameters'
// gradients, and gives the gradient with respect to the inputs to inputGrad unless that is nil.
func (r *Runner) Backward(dout [][]float32, inputGrad []pixels.Sink) {
	if r.masks == nil || len(dout) != r.count {
		panic("engine: Backward without Forward of a training step of the same batch")
	}
	r.dout, r.dinput = dout, inputGrad
	if input := inputGrad != nil; r.gradRoom == nil || input != r.input {
		r.input = input
		r.setRooms()
	}
	for _, d := range inputGrad {
		d.Clear()
	}
	r.progress.enter(BackwardPhase, r.count*r.blockCount())
	defer r.progress.enter(Idle, 0)
	body := r.input || r.lowest < r.body
	if r.head != nil {
		r.dout = r.head.backward(dout, body)
	}
	if body {
		r.backwardBody()
	}
	r.crew.do(len(r.nodes), r.jobs.sum)
}

// backwardBody takes the gradient with respect to the output of the body to the input.
func (r *Runner) backwardBody() {
	r.active = r.active[:0]
	for n := range r.count {
		if r.batch[n].active {
			r.active = append(r.active, n)
		}
	}
	for rest := r.active; len(rest) > 0; {
		r.wave = rest[:min(groups, len(rest))]
		rest = rest[len(r.wave):]
		r.crew.do(len(r.wave), r.jobs.backLate)
		if r.early > 0 {
			r.crew.do(r.backwardItems(len(r.wave)), r.jobs.backBlocks) // the other groups have nothing to do
		}
	}
}

// backward returns a worker's memory, set to take sample n back into the sums of a group.
func (r *Runner) backward(worker, group, n int) *backward {
	if r.back[worker] == nil {
		r.back[worker] = &backward{run: r, grads: make([]box, len(r.nodes)), needs: make([]part, len(r.nodes))}
	}
	if r.sums[group] == nil {
		r.sums[group] = make([]*sums, r.body)
		for t := range r.body {
			if o, ok := r.nodes[t].op.(parametric); ok {
				r.sums[group][t] = o.newSums(&r.nodes[t])
			}
		}
	}
	b := r.back[worker]
	b.sample, b.masks, b.n, b.sums = r.batch[n], r.masks, n, r.sums[group]
	return b
}

// bottom is the last node whose output's gradient is wanted.
func (r *Runner) bottom() int {
	if r.input {
		return 0
	}
	return r.lowest
}

// wanted returns the part of the gradient with respect to the output of node t that is wanted: all or none.
func (r *Runner) wanted(t int) part {
	if t < r.bottom() {
		return part{}
	}
	return r.nodes[t].all()
}

// all is all of the output.
func (n *node) all() part { return region.Whole(size(n.out.Size())) }

// backwardLate takes the gradient of a sample of the wave from the end to the last early node.
func (r *Runner) backwardLate(worker, item int) {
	n := r.wave[item]
	b := r.backward(worker, item, n)
	last := r.body - 1
	if r.early > 0 {
		b.grads[r.early] = r.dplanes[item]
	}
	st := &r.nodes[last]
	all := st.all()
	b.reserve(last, all)
	g := &b.grads[last]
	pixels := st.out.Size().Product()
	b.eachSurvivor(last, all, func(z, y, x int) {
		dst := g.data[g.at(z, y, x):][:g.channels]
		clear(dst)
		for c := range st.out.C {
			dst[c] = r.dout[n][c*pixels+(z*st.out.H+y)*st.out.W+x]
		}
	})
	b.pointwise(last, all)
	for t := r.early; t < last; t++ {
		b.needs[t] = r.wanted(t)
	}
	for t := last; t > r.early && !r.Stopped(); t-- {
		b.node(t, r.nodes[t].all())
	}
	if r.early > 0 {
		r.dplanes[item] = b.grads[r.early]
		b.grads[r.early] = box{}
		return
	}
	b.storeInput(n, r.nodes[0].all())
}

// backwardBlocks takes a group's share of the blocks of the wave's samples through the early nodes.
func (r *Runner) backwardBlocks(worker, group int) {
	blocks := r.blockCount()
	for i := range r.wave {
		for q := range blocks {
			if r.Stopped() {
				return
			}
			if (i*blocks+q)%groups == group {
				r.backwardBlock(worker, group, i, q)
				r.progress.done.Add(1)
			}
		}
	}
}

// blockCount is the number of blocks of a sample.
func (p *program) blockCount() int { return p.blocks[0] * p.blocks[1] * p.blocks[2] }

// backwardBlock takes block q of a sample of the wave through the early nodes.
func (r *Runner) backwardBlock(worker, group, item, q int) {
	n := r.wave[item]
	b := r.backward(worker, group, n)
	r.blockNeeds(q, b.needs)
	if r.dead(b, q) {
		return
	}
	b.grads[r.early] = r.dplanes[item]
	if r.recomputed > 0 {
		b.recompute(q)
	}
	for t := r.early; t >= 1; t-- {
		b.node(t, r.blockOwn(t, q))
	}
	b.storeInput(n, b.needs[0])
	b.grads[r.early] = box{}
}

// dead reports whether no gradient survives in a block.
func (r *Runner) dead(b *backward, q int) bool {
	for t := 1; t <= r.early; t++ {
		if !b.sample.grad[t].EmptyIn(r.blockOwn(t, q)) {
			return false
		}
	}
	return b.sample.grad[0].EmptyIn(b.needs[0])
}

// blockOwn returns the part of the output of node t that belongs to block q.
func (p *program) blockOwn(t, q int) (own part) {
	s := p.nodes[t].out.Size()
	at := size{q / (p.blocks[1] * p.blocks[2]), q / p.blocks[2] % p.blocks[1], q % p.blocks[2]}
	for axis, i := range at {
		own[axis] = [2]int{i * s[axis] / p.blocks[axis], (i + 1) * s[axis] / p.blocks[axis]}
	}
	return own
}

// blockNeeds sets the part of the gradient of each early node that block q needs: its own, and what its needs further down are
// made of.
func (r *Runner) blockNeeds(q int, needs []part) {
	for t := range r.early {
		needs[t] = part{}
		if t < r.bottom() {
			continue
		}
		n := &r.nodes[t]
		needs[t] = r.blockOwn(t, q)
		for _, u := range n.inputs {
			if below := needs[u]; !below.Empty() {
				needs[t] = needs[t].With(n.seers(below))
			}
		}
	}
}

// storeInput gives the caller a part of the gradient with respect to the input.
func (b *backward) storeInput(n int, need part) {
	if !b.run.input {
		return
	}
	in, g, dst := &b.run.nodes[0].out, &b.grads[0], b.run.dinput[n]
	eachSpan(&b.sample.grad[0], need, func(z, y, lo, hi int) {
		line := (z*in.H + y) * in.W
		dst.Set(line+lo, line+hi, g.data[g.at(z, y, lo):], g.channels)
	})
}

// addSums adds up the groups' gradients of a node, in order.
func (r *Runner) addSums(_, t int) {
	o, ok := r.nodes[t].op.(parametric)
	if !ok {
		return
	}
	var used [groups]*sums
	n := 0
	if t >= r.body {
		if a := r.head.sums[t]; a != nil && a.used {
			used[0], n = a, 1
		}
	} else {
		for g := range r.sums {
			if r.sums[g] != nil && r.sums[g][t].used {
				used[n] = r.sums[g][t]
				n++
			}
		}
	}
	for i, a := range used[:n] {
		a.used = false
		if i > 0 {
			used[0].add(a)
		}
	}
	if n > 0 {
		o.addSums(&r.nodes[t], used[0])
	}
}
