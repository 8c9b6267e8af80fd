package engine

import "backdrop/lib/kernel"

// Before a max pool, most of a gradient's values are zero: the pool gives each channel to one pixel of a window. There the gradient
// with respect to a convolution's input is made by adding, pixel by pixel, what is not zero, instead of summing windows. A sum has
// the same terms in the same order, but for those that are zero, and so the same bits.

// mayScatter is set where that is faster. Tests compare both ways.
var mayScatter = kernel.CanScatter()

// scattering is what scattering a gradient takes.
type scattering struct {
	kernel.Scatter
	inside, few []kernel.Term // targets of a pixel whose windows lie in the part that is needed, or not
}

// scatters reports whether that takes less work for a part of the input of node t.
func (o *conv) scatters(b *backward, t int, need part) bool {
	n := &b.run.nodes[t]
	before := &b.run.nodes[n.inputs[0]]
	if !mayScatter || n.stride != (size{1, 1, 1}) || before.shared() || before.masked(b.masks) || n.shared() || len(n.readers) == 0 {
		return false
	}
	pool := &b.run.nodes[n.readers[0].node]
	if !pool.isMaxPool() || pool.stride != pool.kernel {
		return false
	}
	pixels, targets := 0, 0
	eachSpan(&b.sample.grad[t], n.seers(need), func(_, _, lo, hi int) { pixels += hi - lo })
	eachSpan(b.run.into(b.sample.survivors, t, 0), need, func(_, _, lo, hi int) { targets += hi - lo })
	const value, pixel = 2, 8 // what these take beside a term of a window's sum
	return pixels*(value*n.out.C/pool.elements()+pixel) < targets*n.out.C
}

// gradInputScattered is gradInput where scatters holds.
func (o *conv) gradInputScattered(b *backward, t int, need part) {
	n, u := &b.run.nodes[t], b.run.nodes[t].inputs[0]
	g, dx, f, s := &b.grads[t], &b.grads[u], &o.pack.phases[0], &b.scatter
	b.clear(u, need)
	s.A, s.B, s.C, s.Panels, s.Panel = g.data, f.back, dx.data, panels(n.in.C), len(f.back)/panels(n.in.C)
	list := func(dst []kernel.Term, keep func(steps size) bool) []kernel.Term {
		dst = dst[:0]
		element := 0
		f.each(func(_ int, steps size) {
			if keep(steps) {
				to := steps[0]*dx.plane() + steps[1]*dx.line() + steps[2]*dx.channels
				dst = append(dst, kernel.Term{A: int32(to), B: int32(element * n.out.C * kernel.Columns)})
			}
			element++
		})
		return dst
	}
	s.inside = list(s.inside, func(size) bool { return true })
	grad, by := &b.sample.grad[t], n.seers(need)
	for z := by[0][1] - 1; z >= by[0][0]; z-- { // backwards, as windows' sums begin with their last pixel
		for y := by[1][1] - 1; y >= by[1][0]; y-- {
			inside := n.inside(0, z, need) && n.inside(1, y, need) && n.whole(0, z) && n.whole(1, y)
			line := grad.Line(z*n.out.H + y)
			for i := len(line) - 1; i >= 0; i-- {
				lo, hi := by.Clip(line[i])
				for x := hi - 1; x >= lo; x-- {
					s.Terms = s.Terms[:0]
					at := g.at(z, y, x)
					for c, v := range g.data[at:][:n.out.C] {
						if v != 0 {
							s.Terms = append(s.Terms, kernel.Term{A: int32(at + c), B: int32(c * kernel.Columns)})
						}
					}
					if len(s.Terms) == 0 {
						continue
					}
					first := size{z - n.pad[0], y - n.pad[1], x - n.pad[2]}
					if s.To = s.inside; !inside || !n.inside(2, x, need) || !n.whole(2, x) {
						s.few = list(s.few, func(steps size) bool {
							return contains(need, size{first[0] + steps[0], first[1] + steps[1], first[2] + steps[2]})
						})
						s.To = s.few
					}
					s.At = dx.at(first[0], first[1], first[2])
					s.Run()
				}
			}
		}
	}
	before := &b.run.nodes[u]
	if !o.fuses(before) {
		return
	}
	k, scale := b.outputs(u), before.scale(b.masks)
	eachSpan(b.run.into(b.sample.survivors, t, 0), need, func(z, y, lo, hi int) {
		v := dx.data[dx.at(z, y, lo):][:(hi-lo)*dx.channels]
		if before.gated {
			kernel.Gate(v, v, k.data[b.keptAt(k, u, z, y, lo):][:len(v)], scale)
		} else {
			kernel.Scale(v, v, scale)
		}
	})
}

// whole reports whether a window at a position along an axis lies in the input, without padding.
func (n *node) whole(axis, p int) bool {
	from := p*n.stride[axis] - n.pad[axis]
	return from >= 0 && from+n.span(axis) <= n.in.Size()[axis]
}
