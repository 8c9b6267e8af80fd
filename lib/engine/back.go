package engine

import (
	"slices"

	"backdrop/lib/kernel"
	"backdrop/lib/net"
	"backdrop/lib/region"
)

// backward is one goroutine's memory for taking gradients back.
type backward struct {
	run        *Runner
	sample     *sample
	masks      net.Masks
	n          int // number of the sample in the batch
	sums       []*sums
	grads      []box
	needs      []part
	tile       kernel.Tile
	patches    patches
	scatter    scattering
	x          []float32 // pixels of a convolution's input
	inputs     []int     // where the elements of a window lie in x
	pairs      []kernel.Term
	ones       []kernel.Term
	back       []kernel.Term
	pool       kernel.Pool
	statistics statistics
	band       *band // that computes outputs again
	local      local // where they are
	seen       []part
}

// node takes the gradient with respect to the output of node t, in b.grads[t], back: it adds the parameters' gradients
// that come from its own slabs, and sets the parts b.needs of the gradients with respect to its inputs. An input that several
// nodes read has its gradient when the first of them, which comes last, has added its part.
func (b *backward) node(t int, own part) {
	n := &b.run.nodes[t]
	n.op.gradWeights(b, t, own)
	for i, u := range slices.Backward(n.inputs) {
		input, need := &b.run.nodes[u], b.needs[u]
		if b.sample.grad[u].EmptyIn(need) {
			continue
		}
		if (edge{t, i}) == input.readers[len(input.readers)-1] {
			b.reserve(u, need)
		}
		if !b.run.into(b.sample.survivors, t, i).EmptyIn(need) {
			n.op.gradInput(b, t, i, need)
		}
		if (edge{t, i}) == input.readers[0] && (input.shared() || !n.op.fuses(input)) {
			b.pointwise(u, need)
		}
	}
}

// reserve makes room for a part of the gradient with respect to the output of node t, and for what its operation reads around
// it.
func (b *backward) reserve(t int, need part) {
	n, r := &b.run.nodes[t], &b.sample.grad[t]
	g := &b.grads[t]
	g.set(n.gradientBox(r.Bounds(need)), b.run.gradRoom[t])
	if n.isConv() && t > b.run.bottom() { // only this looks at pixels where no gradient survives
		g.clearOutside(r, need)
	}
	if n.shared() {
		g.clearRegion(r, need)
	}
}

// gradientBox returns what has room of the gradient with respect to the output of a node when a part of it is needed: this, and
// what its operation reads around it.
func (n *node) gradientBox(p part) box {
	if n.local() { // the pixels of the input's gradient that these reach also read the neighbours
		for axis, r := range p {
			first, end := n.window.seenBy(axis, r[0]*n.stride[axis]-n.pad[axis], (r[1]-1)*n.stride[axis]+n.span(axis)-n.pad[axis])
			p[axis] = [2]int{min(r[0], first), max(r[1], end)}
		}
	}
	return newBox(p, gradientChannels(n.out.C))
}

// pointwise takes a part of the gradient with respect to the output of node t back through its pointwise layers.
func (b *backward) pointwise(t int, need part) {
	n, g, k := &b.run.nodes[t], &b.grads[t], b.outputs(t)
	if len(n.points) == 0 {
		return
	}
	b.eachSurvivor(t, need, func(z, y, x int) {
		var out []float32
		if n.needsOutput {
			out = k.data[b.keptAt(k, t, z, y, x):]
		}
		n.pointsBackward(g.data[g.at(z, y, x):][:n.out.C], out, b.masks, pixel{b.n, z, y, x})
	})
}

// keptAt returns where the output of node t at a pixel was kept.
func (b *backward) keptAt(k *kept, t, z, y, x int) int {
	n := &b.run.nodes[t]
	if k.box != nil {
		return k.box.at(z+n.border[0], y+n.border[1], x+n.border[2])
	}
	z, y, x = z+n.border[0]-k.inset[0], y+n.border[1]-k.inset[1], x+n.border[2]-k.inset[2]
	line := z*k.region.H + y
	at := k.region.Index(line)
	for i, span := range k.region.Line(line) {
		if x < int(span.Hi) {
			return k.offset[at+i] + (x-int(span.Lo))*n.ch
		}
	}
	panic("engine: a pixel that the backward pass needs was not kept")
}

// survives reports whether a pixel's gradient passes the masks behind a node.
func (b *backward) survives(t, z, y, x int) bool {
	r := &b.sample.grad[t]
	for _, s := range r.Line(z*r.H + y) {
		if x < int(s.Hi) {
			return x >= int(s.Lo)
		}
	}
	return false
}

// clear zeroes the surviving pixels of a part of the gradient with respect to the output of node t, unless several nodes add to
// it; the rest is zero already where it is read.
func (b *backward) clear(t int, need part) {
	if !b.run.nodes[t].shared() {
		b.grads[t].clearRegion(&b.sample.grad[t], need)
	}
}

// eachSurvivor calls f for every pixel of a part whose gradient with respect to the output of node t survives.
func (b *backward) eachSurvivor(t int, need part, f func(z, y, x int)) {
	each(&b.sample.grad[t], need, f)
}

// eachInto calls f for every pixel of a part of the gradient with respect to an input of node t that the gradient of its output
// reaches.
func (b *backward) eachInto(t, input int, need part, f func(z, y, x int)) {
	each(b.run.into(b.sample.survivors, t, input), need, f)
}

// each calls f for the pixels of a region in a part.
func each(r *region.Region, p part, f func(z, y, x int)) {
	eachSpan(r, p, func(z, y, lo, hi int) {
		for x := lo; x < hi; x++ {
			f(z, y, x)
		}
	})
}

// eachOutput calls f for every surviving pixel of the gradient with respect to the output of node t that is computed from a part
// of its inputs.
func (b *backward) eachOutput(t int, need part, f func(z, y, x int)) {
	b.eachSurvivor(t, b.run.nodes[t].seers(need), f)
}
