package engine

import "backdrop/lib/net"

// program is a network arranged for running. No step changes it.
type program struct {
	net    *net.Network
	shapes []net.Shape // output of each layer
	nodes  []node
	body   int   // nodes before the head
	early  int   // the last node that is computed in bands; 0: none
	held   []int // rows of each node before that which a band holds
	lowest int   // the first node with parameters; the number of nodes if there is none
	bands  int   // pieces of the backward pass of the early nodes

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
	p.bands = p.backwardBandCount()
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
	return last
}

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

// bandElements is the size (1 MiB) of the part of the largest tensor that one piece of the backward pass works on.
var bandElements = 256 << 10

// backwardBandCount is the number of pieces in which the early nodes take a sample's gradient back.
func (p *program) backwardBandCount() int {
	largest := 0
	for t := 1; t <= p.early; t++ {
		n := &p.nodes[t]
		largest = max(largest, n.out.Size().Product()*n.ch)
	}
	return max(1, min(largest/bandElements, p.nodes[p.early].out.D))
}

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
