package engine

import "backdrop/lib/net"

// avgPool takes the mean of each window. It divides by the whole window's area, padding included, as PyTorch does by
// default.
type avgPool struct {
	window
	noParameters
}

func init() { ops["avgpool"] = func(*node, net.Layer) op { return avgPool{} } }

func (avgPool) forward(b *band, t, y, count int) {
	n := &b.run.nodes[t]
	area := float32(n.kernel * n.kernel)
	for i := range count {
		out := b.strips[t].data[b.at(t, y+i, 0):][:n.out.W*n.ch]
		clear(out)
		b.eachTap(t, y+i, func(src []float32, from, columns int) {
			for x := range columns {
				dst, v := out[(from+x)*n.ch:][:n.ch], src[x*n.stride*n.ch:][:n.ch]
				for c := range dst {
					dst[c] += v[c]
				}
			}
		})
		for j := range out {
			out[j] /= area
		}
	}
}

func (avgPool) readsInput() bool { return false }

func (avgPool) fuses(*node) bool { return false }

func (avgPool) gradInput(b *backward, t, _ int, need [2]int) {
	n := &b.run.nodes[t]
	g, dx := &b.grads[t], &b.grads[n.inputs[0]]
	b.clear(n.inputs[0], need)
	area := float32(n.kernel * n.kernel)
	b.eachOutput(t, need, func(y, x int) {
		dy := g.data[g.at(y, x):][:n.out.C]
		for row := max(y*n.stride-n.pad, need[0]); row < min(y*n.stride-n.pad+n.kernel, need[1]); row++ {
			for col := max(x*n.stride-n.pad, 0); col < min(x*n.stride-n.pad+n.kernel, n.in.W); col++ {
				if !b.survives(n.inputs[0], row, col) {
					continue
				}
				dst := dx.data[dx.at(row, col):]
				for c, v := range dy {
					dst[c] += v / area
				}
			}
		}
	})
}
