package engine

import (
	"slices"

	"backdrop/lib/kernel"
	"backdrop/lib/net"
	"backdrop/lib/region"
)

// backward is one goroutine's memory for taking gradients back.
type backward struct {
	run    *Runner
	sample *sample
	masks  net.Masks
	n      int // number of the sample in the batch
	sums   []*sums
	grads  []gradient
	needs  [][2]int
	tile   kernel.Tile
	x      []float32 // pixels of a convolution's input
	inputs []int     // where the elements of a window lie in x
	pairs  []kernel.Term
	ones   []kernel.Term
	back   []kernel.Term
	pool   kernel.Pool
}

// node takes the gradient with respect to the output of node t, in b.grads[t], back: it adds the parameters' gradients
// that come from its own rows, and sets the rows b.needs of the gradients with respect to its inputs. An input that several
// nodes read has its gradient when the first of them, which comes last, has added its part.
func (b *backward) node(t int, own [2]int) {
	n := &b.run.nodes[t]
	n.op.gradWeights(b, t, own[0], own[1])
	for i, u := range slices.Backward(n.inputs) {
		input, need := &b.run.nodes[u], b.needs[u]
		if r := &b.sample.grad[u]; need[0] >= need[1] || r.Index(need[0]) == r.Index(need[1]) {
			continue
		}
		if (edge{t, i}) == input.readers[len(input.readers)-1] {
			b.reserve(u, need)
		}
		if r := b.run.into(b.sample.survivors, t, i); r.Index(need[0]) < r.Index(need[1]) {
			n.op.gradInput(b, t, i, need)
		}
		if (edge{t, i}) == input.readers[0] && (input.shared() || !n.op.fuses(input)) {
			b.pointwise(u, need)
		}
	}
}

// reserve makes room for the rows in need of the gradient with respect to the output of node t, and for what its operation
// reads around them.
func (b *backward) reserve(t int, need [2]int) {
	n, r := &b.run.nodes[t], &b.sample.grad[t]
	left, right := r.Bounds(need[0], need[1])
	g := &b.grads[t]
	g.set(n.gradientPart(need, left, right), b.run.gradRoom[t])
	if n.isConv() && t > b.run.bottom() { // only this looks at pixels where no gradient survives
		g.clearOutside(r, need[0], need[1])
	}
	if n.shared() {
		g.clearRegion(r, need[0], need[1])
	}
}

// gradientPart returns the part of the gradient with respect to the output of a node that has room when the given rows and
// columns of it are needed: these, and what its operation reads around them.
func (n *node) gradientPart(need [2]int, left, right int) gradient {
	top, bottom := need[0], need[1]
	if n.local() { // the pixels of the input's gradient that these reach also read the neighbours
		lo, hi := need[0]*n.stride, (need[1]-1)*n.stride+n.kernel
		first, end := n.op.seenBy(n, lo-n.pad, hi-n.pad)
		top, bottom = min(top, first), max(bottom, end)
		first, end = ceilDiv(left*n.stride-n.kernel+1, n.stride), floorDiv((right-1)*n.stride+n.kernel-1, n.stride)+1
		left, right = min(left, first), max(right, end)
	}
	return gradient{top: top, left: left, rows: bottom - top, cols: right - left, channels: gradientChannels(n.out.C)}
}

// pointwise takes the rows in need of the gradient with respect to the output of node t back through its pointwise layers.
func (b *backward) pointwise(t int, need [2]int) {
	n, g, k := &b.run.nodes[t], &b.grads[t], &b.sample.kept[t]
	if len(n.points) == 0 {
		return
	}
	b.eachSurvivor(t, need, func(y, x int) {
		var out []float32
		if n.needsOutput {
			out = k.data[b.keptAt(k, t, y, x):]
		}
		n.pointsBackward(g.data[g.at(y, x):][:n.out.C], out, b.masks, b.n, y, x)
	})
}

// keptAt returns where the output of node t at a pixel was kept.
func (b *backward) keptAt(k *kept, t, y, x int) int {
	n := &b.run.nodes[t]
	y, x = y+n.border-k.inset, x+n.border-k.inset
	at := k.region.Index(y)
	for i, span := range k.region.Row(y) {
		if x < int(span.Hi) {
			return k.offset[at+i] + (x-int(span.Lo))*n.ch
		}
	}
	panic("engine: a pixel that the backward pass needs was not kept")
}

// survives reports whether a pixel's gradient passes the masks behind a node.
func (b *backward) survives(t, y, x int) bool {
	for _, s := range b.sample.grad[t].Row(y) {
		if x < int(s.Hi) {
			return x >= int(s.Lo)
		}
	}
	return false
}

// clear zeroes the surviving pixels of the rows in need of the gradient with respect to the output of node t, unless several
// nodes add to it; the rest is zero already where it is read.
func (b *backward) clear(t int, need [2]int) {
	if !b.run.nodes[t].shared() {
		b.grads[t].clearRegion(&b.sample.grad[t], need[0], need[1])
	}
}

// eachSurvivor calls f for every pixel of the rows in need whose gradient with respect to the output of node t survives.
func (b *backward) eachSurvivor(t int, need [2]int, f func(y, x int)) {
	each(&b.sample.grad[t], need, f)
}

// eachInto calls f for every pixel of the rows in need of the gradient with respect to an input of node t that the gradient of
// its output reaches.
func (b *backward) eachInto(t, input int, need [2]int, f func(y, x int)) {
	each(b.run.into(b.sample.survivors, t, input), need, f)
}

// each calls f for the pixels of some rows of a region.
func each(r *region.Region, rows [2]int, f func(y, x int)) {
	for y := rows[0]; y < rows[1]; y++ {
		for _, span := range r.Row(y) {
			for x := int(span.Lo); x < int(span.Hi); x++ {
				f(y, x)
			}
		}
	}
}

// eachOutput calls f for every surviving pixel of the gradient with respect to the output of node t that is computed
// from a row of need.
func (b *backward) eachOutput(t int, need [2]int, f func(y, x int)) {
	n := &b.run.nodes[t]
	from, to := n.op.seenBy(n, need[0], need[1])
	b.eachSurvivor(t, [2]int{max(from, 0), min(to, n.out.H)}, f)
}
