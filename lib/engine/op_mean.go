package engine

import "backdrop/lib/net"

// mean is the global average pool.
type mean struct {
	everything
	noParameters
}

func init() { ops["gap"] = func(*node, net.Layer) op { return mean{} } }

func (mean) forward(b *band, t, _, _ int) {
	n := &b.run.nodes[t]
	out := b.strips[t].data[b.at(t, 0, 0, 0):][:n.ch]
	clear(out)
	for z := range n.in.D {
		for y := range n.in.H {
			row := b.strips[n.inputs[0]].data[b.at(n.inputs[0], z, y, 0):][:n.in.W*n.ch]
			for len(row) > 0 {
				for c := range out {
					out[c] += row[c]
				}
				row = row[n.ch:]
			}
		}
	}
	for c := range out {
		out[c] /= float32(n.in.Size().Product())
	}
}

func (mean) readsInput() bool { return false }

func (mean) fuses(*node) bool { return false }

func (mean) gradInput(b *backward, t, _ int, need part) {
	n := &b.run.nodes[t]
	g, dx := &b.grads[t], &b.grads[n.inputs[0]]
	dy := g.data[g.at(0, 0, 0):][:g.channels]
	elements := float32(n.in.Size().Product())
	b.clear(n.inputs[0], need)
	b.eachInto(t, 0, need, func(z, y, x int) {
		dst := dx.data[dx.at(z, y, x):][:len(dy)]
		for c, v := range dy {
			dst[c] += v / elements
		}
	})
}
