package engine

import (
	"math"

	"backdrop/lib/kernel"
	"backdrop/lib/net"
)

var negativeInfinity = float32(math.Inf(-1))

// maxPool takes the largest value of each window; padding counts as −∞.
type maxPool struct {
	windows
	noParameters
}

func init() { ops["maxpool"] = func(*node, net.Layer) op { return maxPool{} } }

// isMaxPool reports whether a node is a maximum of windows.
func (n *node) isMaxPool() bool {
	_, ok := n.op.(maxPool)
	return ok
}

func (maxPool) forward(b *band, t, z, count int) {
	n, s := &b.run.nodes[t], &b.strips[t]
	m := &b.maxima
	*m = kernel.Maxima{Taps: m.Taps, XStep: n.stride[2] * n.ch, OfStep: n.ch, Channels: n.ch, X: b.strips[n.inputs[0]].data}
	for i := range count {
		for y := s.y[0]; y < s.y[1]; y++ {
			for x := s.x[0]; x < s.x[1]; x += m.Count {
				m.Count = n.alike(x, s.x[1])
				m.Taps = b.taps(m.Taps, t, z+i, y, x)
				m.Of = s.data[b.at(t, z+i, y, x):]
				m.Run()
			}
		}
	}
	if b.masks == nil {
		return
	}
	own := s.own.Moved(n.border, -1)
	own[0] = [2]int{max(z, own[0][0]), min(z+count, own[0][1])}
	own[1] = [2]int{max(s.y[0], own[1][0]), min(s.y[1], own[1][1])}
	own[2] = [2]int{max(s.x[0], own[2][0]), min(s.x[1], own[2][1])}
	switch {
	case b.local != nil:
		b.keepWinners(t, own, &b.local.winners[t])
	case !b.run.recomputes(t):
		b.keepWinners(t, own, &b.sample.winners[t])
	}
}

// keepWinners finds out, for those output pixels of a part whose gradient survives, which element of the window has
// the maximum: the first of the largest, as in PyTorch. Where the gradient also goes back through a relu before the pool,
// it is none of them if the maximum is zero.
func (b *band) keepWinners(t int, own part, k *kept) {
	n, r := &b.run.nodes[t], &b.sample.grad[t]
	w := &b.winners
	*w = kernel.Winners{Taps: w.Taps, XStep: n.stride[2] * n.ch, OfStep: n.ch, Channels: n.ch, Floor: negativeInfinity, X: b.strips[n.inputs[0]].data}
	if n.poolsGated(&b.run.nodes[n.inputs[0]]) {
		w.Floor = 0
	}
	for z := own[0][0]; z < own[0][1]; z++ {
		for y := own[1][0]; y < own[1][1]; y++ {
			line := z*n.out.H + y
			at := r.Index(line)
			for i, span := range r.Line(line) {
				x, hi := own.Clip(span)
				for ; x < hi; x += w.Count {
					w.Count = n.alike(x, hi)
					w.Taps = b.taps(w.Taps, t, z, y, x)
					w.Of = k.data[k.inSpan(at+i, span, n.ch, z, y, x):]
					w.Run()
				}
			}
		}
	}
}

// taps makes list the elements of the window of an output pixel of node t: where they lie in the input's strip, and their numbers.
func (b *band) taps(list []kernel.Term, t, z, y, x int) []kernel.Term {
	n := &b.run.nodes[t]
	list = list[:0]
	n.eachSeen(z, y, x, func(element int, at size) {
		list = append(list, kernel.Term{A: int32(b.at(n.inputs[0], at[0], at[1], at[2])), B: int32(element)})
	})
	return list
}

// poolsGated reports whether a pool takes the gradient back through the pointwise layers of the node before, and these
// are a gate.
func (n *node) poolsGated(before *node) bool {
	return before.uniform && before.gated && !before.shared()
}

func (maxPool) readsInput() bool { return false }

func (maxPool) fuses(before *node) bool { return before.uniform }

// gradInput gives each gradient to the element that has the maximum of its window, and takes it back through the
// pointwise layers before the pool if these let all channels through alike.
func (maxPool) gradInput(b *backward, t, _ int, need part) {
	n := &b.run.nodes[t]
	u := n.inputs[0]
	before, g, dx, r, k := &b.run.nodes[u], &b.grads[t], &b.grads[u], &b.sample.grad[t], b.winners(t)
	b.clear(u, need)
	pool := &b.pool
	*pool = kernel.Pool{
		Places: grow(pool.Places, n.elements()), DX: dx.data, OfStep: n.ch, DXStep: n.stride[2] * dx.channels, DYStep: g.channels,
		Channels: n.out.C, Scale: 1,
	}
	if n.ch == g.channels {
		pool.Channels = n.ch
	}
	if before.uniform && !before.shared() {
		pool.Scale = before.scale(b.masks)
	}
	masked := before.masked(b.masks)
	by := n.seers(need)
	for z := by[0][0]; z < by[0][1]; z++ {
		for y := by[1][0]; y < by[1][1]; y++ {
			inside := !masked && n.inside(0, z, need) && n.inside(1, y, need)
			line := z*n.out.H + y
			at := r.Index(line)
			for i, span := range r.Line(line) {
				x, hi := by.Clip(span)
				for ; x < hi; x += pool.Count {
					pool.Count = 1
					if inside && n.inside(2, x, need) {
						pool.Count = n.alike(x, hi)
						for !n.inside(2, x+pool.Count-1, need) {
							pool.Count--
						}
					}
					for e := range pool.Places {
						pool.Places[e] = int32(dx.scratch())
					}
					n.eachSeen(z, y, x, func(element int, at size) {
						if contains(need, at) && !(masked && !b.survives(u, at[0], at[1], at[2])) {
							pool.Places[element] = int32(dx.at(at[0], at[1], at[2]))
						}
					})
					pool.Of = k.data[k.inSpan(at+i, span, n.ch, z, y, x):]
					pool.DY = g.data[g.at(z, y, x):]
					pool.Run()
				}
			}
		}
	}
}

// inside reports whether the windows at a position along an axis lie in a part of the input, as far as they lie in the input.
func (n *node) inside(axis, p int, in part) bool {
	from := p*n.stride[axis] - n.pad[axis]
	return max(from, 0) >= in[axis][0] && min(from+n.span(axis), n.in.Size()[axis]) <= in[axis][1]
}

// contains reports whether a pixel lies in a part.
func contains(p part, at size) bool {
	return at[0] >= p[0][0] && at[0] < p[0][1] && at[1] >= p[1][0] && at[1] < p[1][1] && at[2] >= p[2][0] && at[2] < p[2][1]
}

// alike returns how many output columns from x on, but none from limit on, have windows that lie in the image alike: those
// that lie in it whole, or else one.
func (n *node) alike(x, limit int) int {
	if x*n.stride[2] < n.pad[2] {
		return 1
	}
	whole := floorDiv(n.in.W+n.pad[2]-n.span(2), n.stride[2]) + 1 // the first column whose window does not end in the image
	return max(1, min(limit, whole)-x)
}

// eachSeen calls f for every element of the window of an output pixel that lies in the image, with its number among all
// elements and its position there.
func (n *node) eachSeen(z, y, x int, f func(element int, at size)) {
	corner := size{z*n.stride[0] - n.pad[0], y*n.stride[1] - n.pad[1], x*n.stride[2] - n.pad[2]}
	element := 0
	for i := range n.kernel[0] {
		u := corner[0] + i*n.dilation[0]
		for j := range n.kernel[1] {
			v := corner[1] + j*n.dilation[1]
			if u < 0 || u >= n.in.D || v < 0 || v >= n.in.H {
				element += n.kernel[2]
				continue
			}
			for k := range n.kernel[2] {
				if w := corner[2] + k*n.dilation[2]; w >= 0 && w < n.in.W {
					f(element, size{u, v, w})
				}
				element++
			}
		}
	}
}
