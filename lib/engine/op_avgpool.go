package engine

import "backdrop/lib/net"

// avgPool takes the mean of each window. It divides by the number of the whole window's elements, padding included, as
// PyTorch does by default.
type avgPool struct {
	windows
	noParameters
}

func init() { ops["avgpool"] = func(*node, net.Layer) op { return avgPool{} } }

func (avgPool) forward(b *band, t, z, count int) {
	n, s := &b.run.nodes[t], &b.strips[t]
	elements := float32(n.elements())
	for i := range count {
		for y := s.y[0]; y < s.y[1]; y++ {
			out := b.line(t, z+i, y)
			clear(out)
			b.eachTap(t, z+i, y, func(src []float32, from, columns int) {
				for x := range columns {
					dst, v := out[(from+x)*n.ch:][:n.ch], src[x*n.stride[2]*n.ch:][:n.ch]
					for c := range dst {
						dst[c] += v[c]
					}
				}
			})
			for j := range out {
				out[j] /= elements
			}
		}
	}
}

func (avgPool) readsInput() bool { return false }

func (avgPool) fuses(*node) bool { return false }

func (avgPool) gradInput(b *backward, t, _ int, need part) {
	n := &b.run.nodes[t]
	g, dx := &b.grads[t], &b.grads[n.inputs[0]]
	b.clear(n.inputs[0], need)
	elements := float32(n.elements())
	b.eachOutput(t, need, func(z, y, x int) {
		dy := g.data[g.at(z, y, x):][:n.out.C]
		n.eachSeen(z, y, x, func(_ int, at size) {
			if !contains(need, at) || !b.survives(n.inputs[0], at[0], at[1], at[2]) {
				return
			}
			dst := dx.data[dx.at(at[0], at[1], at[2]):]
			for c, v := range dy {
				dst[c] += v / elements
			}
		})
	})
}
