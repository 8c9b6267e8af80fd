package engine

import "backdrop/lib/net"

// flatten puts the elements of its input in the order C,D,H,W.
type flatten struct {
	everything
	noParameters
}

func init() { ops["flatten"] = newFlatten }

func newFlatten(n *node, _ net.Layer) op {
	n.ch = n.out.C
	return flatten{}
}

func (flatten) forward(b *band, t, _, _ int) {
	n := &b.run.nodes[t]
	out := b.strips[t].data[b.at(t, 0, 0, 0):]
	pixels := n.in.Size().Product()
	for z := range n.in.D {
		for y := range n.in.H {
			row := b.strips[n.inputs[0]].data[b.at(n.inputs[0], z, y, 0):]
			for x := range n.in.W {
				for c := range n.in.C {
					out[c*pixels+(z*n.in.H+y)*n.in.W+x] = row[x*n.chIn+c]
				}
			}
		}
	}
}

func (flatten) readsInput() bool { return false }

func (flatten) fuses(*node) bool { return false }

func (flatten) gradInput(b *backward, t, _ int, need part) {
	n := &b.run.nodes[t]
	g, dx := &b.grads[t], &b.grads[n.inputs[0]]
	dy := g.data[g.at(0, 0, 0):]
	pixels := n.in.Size().Product()
	b.clear(n.inputs[0], need)
	b.eachInto(t, 0, need, func(z, y, x int) {
		dst := dx.data[dx.at(z, y, x):]
		for c := range n.in.C {
			dst[c] += dy[c*pixels+(z*n.in.H+y)*n.in.W+x]
		}
	})
}
