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

// eachTap calls f for every element of the window of output row y of slab z of a pool: columns output pixels, from number
// from on of those that the band computes, whose inputs, stride pixels apart, begin at src and lie inside the image.
func (b *band) eachTap(t, z, y int, f func(src []float32, from, columns int)) {
	n := &b.run.nodes[t]
	strip, shift, columns := &b.strips[n.inputs[0]], n.shift[0], b.strips[t].x
	for u := range n.kernel[0] {
		slab := z*n.stride[0] + u*n.dilation[0] // of its padded input
		if slab < n.pad[0] || slab >= n.pad[0]+n.in.D {
			continue
		}
		for v := range n.kernel[1] {
			row := y*n.stride[1] + v*n.dilation[1]
			if row < n.pad[1] || row >= n.pad[1]+n.in.H {
				continue
			}
			first := (slab+shift[0]-strip.first)*strip.slab + (row+shift[1]-strip.extent[1][0])*strip.line
			for w := range n.kernel[2] {
				off := w * n.dilation[2]
				from := max(columns[0], ceilDiv(n.pad[2]-off, n.stride[2]))
				to := min(columns[1], floorDiv(n.pad[2]+n.in.W-1-off, n.stride[2])+1)
				if from < to {
					f(strip.data[first+(from*n.stride[2]+off+shift[2]-strip.extent[2][0])*n.ch:], from-columns[0], to-from)
				}
			}
		}
	}
}
