package engine

import "backdrop/lib/net"

// program is a network arranged for running. No step changes it.
type program struct {
	net    *net.Network
	shapes []net.Shape // output of each layer
	nodes  []node
	body   int   // nodes before the head
	early  int   // the last node that is computed in bands; 0: none
	held   []int // slabs of each node before that which a band holds
	lowest int   // the first node with parameters; the number of nodes if there is none
	blocks size  // pieces that the early nodes' backward pass is cut into, along each axis
	pieces size  // those that a band of the forward pass is cut into; along z it is one

	slabPieces []int // elements of a slab of each node that a piece holds at most

	// The outputs of the nodes up to this one are not kept, but computed again, block by block, when the gradient comes
	// back; 0: all are kept.
	recomputed int

	// The first and the last node behind which masks take pixels out; the end of the body and −1 if there is none.
	firstMask, lastMask int

	// The first node where it must be looked up which pixels the gradient survives in: there are no masks before it, and
	// nothing behind it reads what is before it.
	exact int
}

// newProgram arranges a network for that many workers.
func newProgram(n *net.Network, workers int) (*program, error) {
	nodes, err := compile(n)
	if err != nil {
		return nil, err
	}
	shapes, err := n.Shapes()
	if err != nil {
		return nil, err
	}
	p := &program{net: n, shapes: shapes, nodes: nodes, body: headStart(nodes), early: early(nodes), lowest: lowest(nodes)}
	for t := range p.body {
		p.nodes[t].setKeeps(p, t)
	}
	p.setMasks()
	p.blocks = p.backwardBlocks()
	p.pieces = p.forwardPieces()
	p.slabPieces = p.largestPieces()
	p.held = p.capacities(workers)
	return p, nil
}

// lowest returns the first node with parameters; the number of nodes if there is none.
func lowest(nodes []node) int {
	for t := range nodes {
		if nodes[t].hasParameters() {
			return t
		}
	}
	return len(nodes)
}

// smallTensor is the number of elements (256 KiB) below which a tensor stays in a second-level cache, and is
// computed whole.
var smallTensor = 64 << 10

// early returns the last node that is computed band by band of rows: behind it all tensors are small, and nothing there
// reads what comes before it. 0 if all are.
func early(nodes []node) int {
	last, body := 0, headStart(nodes)
	for t, n := range nodes[1:body] {
		if !n.local() {
			break
		}
		if n.out.Size().Product()*n.ch > smallTensor {
			last = t + 2 // the next one, if it is local
		}
	}
	for last > 0 && (last >= body || !nodes[last].local() || !cuts(nodes, last)) {
		last--
	}
	return min(last, earliest(nodes, last))
}

// Where a tensor has more than largeTensor elements (256 MiB), a sample is cut along all axes. The narrower these pieces are
// the better they fit in cache, and the earlier they end the fewer pixels they share with their neighbours. So the early
// nodes end where tensors have at most mediumTensor elements (16 MiB).
var largeTensor, mediumTensor = 64 << 20, 4 << 20

// earliest returns the first node, up to node last, at which the early nodes of a large sample can end.
func earliest(nodes []node, last int) int {
	if largestOutput(nodes[:last+1]) <= largeTensor {
		return last
	}
	at := last
	for t := last; t > 0 && nodes[t].elementsOut() <= mediumTensor; t-- {
		if cuts(nodes, t) {
			at = t
		}
	}
	return at
}

// largestOutput is the number of elements of the largest output of nodes.
func largestOutput(nodes []node) (elements int) {
	for t := range nodes[1:] {
		elements = max(elements, nodes[t+1].elementsOut())
	}
	return elements
}

// elementsOut is the number of elements of the output in memory, without its border.
func (n *node) elementsOut() int { return n.out.Size().Product() * n.ch }

// cuts reports whether no node behind node t reads one before it.
func cuts(nodes []node, t int) bool {
	for _, n := range nodes[t+1:] {
		for _, u := range n.inputs {
			if u < t {
				return false
			}
		}
	}
	return true
}

// headStart returns the first node of the head; the number of nodes if there is none.
func headStart(nodes []node) int {
	at := len(nodes)
	for at > 1 {
		s := &nodes[at-1]
		if !s.isConv() || s.in.Size().Product() != 1 || s.elements() != 1 {
			break
		}
		at--
	}
	return at
}

// bandElements is the size (1 MiB) of the part of the largest tensor that one piece of the backward pass works on, and
// blockElements that (4 MiB) in a large sample, whose pieces share more pixels with their neighbours.
var bandElements, blockElements = 256 << 10, 1 << 20

// backwardBlocks is the number of pieces in which the early nodes take a sample's gradient back: along z only, unless the
// sample is large.
func (p *program) backwardBlocks() size {
	end := p.nodes[p.early].out.Size()
	elements := largestOutput(p.nodes[:p.early+1])
	if elements <= largeTensor {
		return size{max(1, min(elements/bandElements, end[0])), 1, 1}
	}
	return divide(elements, blockElements, end)
}

// divide cuts a tensor of that many elements in pieces of at most limit, if that needs no more of them along an axis than
// most says.
func divide(elements, limit int, most size) size {
	pieces := size{1, 1, 1}
	for elements/(pieces[0]*pieces[1]*pieces[2]) > limit {
		axis := -1
		for i, n := range most { // the pieces' longest
			if 2*pieces[i] <= n && (axis < 0 || n*pieces[axis] > most[axis]*pieces[i]) {
				axis = i
			}
		}
		if axis < 0 {
			break
		}
		pieces[axis] *= 2
	}
	return pieces
}

// slabElements bounds the part of a slab (256 KiB) that the forward pass of a large sample works on, and overlapShare the
// part of its extent that it may share with its neighbours.
var slabElements, overlapShare = 64 << 10, 16

// forwardPieces is the number of pieces that a band of the forward pass is cut into along y and x, so that slabs of a large
// sample stay in cache.
func (p *program) forwardPieces() size {
	if largestOutput(p.nodes[:p.early+1]) <= largeTensor {
		return size{1, 1, 1}
	}
	slab, most := 0, p.nodes[p.early].out.Size()
	for t := 1; t <= p.early; t++ {
		slab = max(slab, p.nodes[t].slab())
	}
	most[0] = 1
	for axis := 1; axis < 3; axis++ {
		// What one pixel at the end sees of the input, beyond its share of it, is shared.
		middle := p.nodes[p.early].border[axis] + most[axis]/2
		sees, width := p.reach(axis, 0, p.early, [2]int{middle, middle + 1}), p.nodes[0].out.Size()[axis]
		shared := sees[1] - sees[0] - width/most[axis]
		most[axis] = max(1, min(most[axis], width/max(1, overlapShare*shared)))
		for t := 1; t <= p.early; t++ {
			if n := &p.nodes[t]; n.span(axis) < n.stride[axis] { // what no window sees lies in no piece, but in regions perhaps
				most[axis] = 1
			}
		}
	}
	return divide(slab, slabElements, most)
}

// reach returns the positions along an axis of the padded output of node t that some of that of node top, a later one, are
// computed from.
func (p *program) reach(axis, t, top int, r [2]int) [2]int {
	ranges := make([][2]int, top+1)
	ranges[top] = r
	p.see(axis, t, top, ranges)
	return ranges[t]
}

// see extends, for the nodes from ≤ t < top, the positions along an axis of their padded outputs to those that the ranges of
// their readers up to node top are computed from.
func (p *program) see(axis, from, top int, ranges [][2]int) {
	for t := top; t > from; t-- {
		n, r := &p.nodes[t], ranges[t]
		lo, hi := max(r[0]-n.border[axis], 0), min(r[1]-n.border[axis], n.out.Size()[axis])
		if lo >= hi {
			continue
		}
		for i, u := range n.inputs {
			if u < from {
				continue
			}
			lo, hi := n.op.sees(n, i, axis, lo, hi)
			lo, hi = max(lo, 0), min(hi, p.nodes[u].padded()[axis])
			if in := ranges[u]; in[0] < in[1] {
				lo, hi = min(lo, in[0]), max(hi, in[1])
			}
			ranges[u] = [2]int{lo, hi}
		}
	}
}

// recomputes reports whether the output of node t is not kept but computed again.
func (p *program) recomputes(t int) bool { return p.recomputed > 0 && t <= p.recomputed }

// masked reports whether masks take pixels out of the gradient with respect to the output of node t.
func (p *program) masked(t int) bool { return t <= p.lastMask }

// setMasks finds the nodes behind which masks take pixels out.
func (p *program) setMasks() {
	p.firstMask, p.lastMask = p.body, -1
	for t := range p.body {
		for _, q := range p.nodes[t].points {
			if q.blocksPixels() {
				p.firstMask, p.lastMask = min(p.firstMask, t), t
			}
		}
	}
	p.exact = max(p.firstMask, 1) - 1
	for !cuts(p.nodes, p.exact) {
		p.exact--
	}
}
