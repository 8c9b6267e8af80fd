package engine

import (
	"backdrop/lib/kernel"
	"backdrop/lib/net"
)

// add adds its inputs: the connection of K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image
// Recognition", CVPR 2016, eq. 1.
type add struct {
	windows
	noParameters
}

func init() { ops["add"] = newAdd }

func newAdd(*node, net.Layer) op { return add{} }

func (add) rectifies() {}

func (add) forward(b *band, t, z, count int) {
	n, s := &b.run.nodes[t], &b.strips[t]
	for i := range count {
		for y := s.y[0]; y < s.y[1]; y++ {
			out, a, v := b.line(t, z+i, y), b.inputLine(t, 0, z+i, y), b.inputLine(t, 1, z+i, y)
			if ch := b.run.nodes[n.inputs[1]].ch; ch != n.ch {
				clear(out) // the surplus channels
				for x := range s.width() {
					kernel.Add(out[x*n.ch:][:n.out.C], a[x*n.ch:][:n.out.C], v[x*ch:][:n.out.C], n.floor())
				}
				continue
			}
			kernel.Add(out, a[:len(out)], v[:len(out)], n.floor())
		}
	}
}

func (add) readsInput() bool { return false }

func (add) fuses(*node) bool { return false }

func (add) gradInput(b *backward, t, input int, need part) {
	b.passOn(t, input, need, 0, b.run.nodes[t].in.C)
}

// identity hands its input on, so that a layer that works in place can change it while others read it as it is.
type identity struct {
	windows
	noParameters
}

func (identity) rectifies() {}

func (identity) forward(b *band, t, z, count int) {
	s := &b.strips[t]
	for i := range count {
		for y := s.y[0]; y < s.y[1]; y++ {
			out := b.line(t, z+i, y)
			kernel.AtLeast(out, b.inputLine(t, 0, z+i, y)[:len(out)], b.run.nodes[t].floor())
		}
	}
}

func (identity) readsInput() bool { return false }

func (identity) fuses(*node) bool { return false }

func (identity) gradInput(b *backward, t, input int, need part) {
	b.passOn(t, input, need, 0, b.run.nodes[t].in.C)
}

// passOn hands some channels of the gradient with respect to the output of node t on to an input, pixel by pixel.
func (b *backward) passOn(t, input int, need part, from, channels int) {
	u := b.run.nodes[t].inputs[input]
	g, dx, sum := &b.grads[t], &b.grads[u], b.run.nodes[u].shared()
	b.eachInto(t, input, need, func(z, y, x int) {
		dst, dy := dx.data[dx.at(z, y, x):][:dx.channels], g.data[g.at(z, y, x)+from:][:channels]
		if !sum {
			clear(dst[copy(dst, dy):])
			return
		}
		for c, v := range dy {
			dst[c] += v
		}
	})
}
