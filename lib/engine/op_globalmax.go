package engine

import "backdrop/lib/net"

// globalMax is the largest value of each channel.
type globalMax struct {
	everything
	noParameters
}

func init() { ops["gmp"] = func(*node, net.Layer) op { return globalMax{} } }

func (globalMax) forward(b *band, t, _, _ int) {
	n := &b.run.nodes[t]
	u := n.inputs[0]
	out := b.strips[t].data[b.at(t, 0, 0, 0):][:n.ch]
	for c := range out {
		out[c] = negativeInfinity
	}
	for z := range n.in.D {
		for y := range n.in.H {
			row := b.strips[u].data[b.at(u, z, y, 0):][:n.in.W*n.ch]
			for ; len(row) > 0; row = row[n.ch:] {
				for c := range out {
					out[c] = max(out[c], row[c])
				}
			}
		}
	}
}

func (globalMax) readsInput() bool { return true }

func (globalMax) fuses(*node) bool { return false }

// gradInput gives each gradient to the first of the largest elements of its channel.
func (globalMax) gradInput(b *backward, t, _ int, need part) {
	n := &b.run.nodes[t]
	u := n.inputs[0]
	g, dx, k := &b.grads[t], &b.grads[u], b.outputs(u)
	dy := g.data[g.at(0, 0, 0):]
	b.clear(u, need)
	for c := range n.in.C {
		best, at := negativeInfinity, [3]int{}
		for z := range n.in.D {
			for y := range n.in.H {
				row := k.data[b.keptAt(k, u, z, y, 0):]
				for x := range n.in.W {
					if v := row[x*n.chIn+c]; v > best {
						best, at = v, [3]int{z, y, x}
					}
				}
			}
		}
		if b.survives(u, at[0], at[1], at[2]) {
			dx.data[dx.at(at[0], at[1], at[2])+c] += dy[c]
		}
	}
}
