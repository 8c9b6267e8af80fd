package engine

import "backdrop/lib/kernel"

// winograd computes a convolution with a window of 3×3 along two axes, and of any extent along the third, in patches of 4×4 (see
// kernel.Points). Its axes are across and x; the third is the one that is left. Patches begin at multiples of 4, wherever a band
// or a block does, so that a value does not depend on how a tensor is cut.
type winograd struct {
	across        int
	forward, back []float32 // weights at the points: by element of the third axis, point, panel, input channel of that pass, output channel
	lines, zeros  []float32
	l             kernel.Lines
}

// minWinograd is the number of input and output channels below which taking patches to the points and back costs more than it saves.
const minWinograd = 16

// maxWinograd is the number of weights at the points (16 MiB) above which they would be read from memory for every few patches.
const maxWinograd = 4 << 20

// newWinograd returns nil if a node's convolution is not of that kind.
func newWinograd(n *node) *winograd {
	across := 0
	if n.in.H > 1 {
		across = 1
	}
	for _, axis := range [2]int{across, 2} {
		if n.kernel[axis] != 3 || n.dilation[axis] != 1 || n.out.Size()[axis] < kernel.PatchExtent {
			return nil
		}
	}
	if n.stride != (size{1, 1, 1}) || min(n.in.C, n.out.C) < minWinograd || n.chIn%kernel.Columns != 0 {
		return nil
	}
	w := &winograd{across: across}
	if max(w.weightElements(n, n.in.C, n.ch), w.weightElements(n, n.out.C, gradientChannels(n.in.C))) > maxWinograd {
		return nil
	}
	return w
}

// third is the axis besides across and x.
func (w *winograd) third() int { return 1 - w.across }

// aligned extends output positions along an axis to whole patches, as far as the output goes.
func (w *winograd) aligned(n *node, axis, from, to int) (lo, hi int) {
	if axis == w.third() || from >= to {
		return from, to
	}
	return from / kernel.PatchExtent * kernel.PatchExtent, min(ceilDiv(to, kernel.PatchExtent)*kernel.PatchExtent, n.out.Size()[axis])
}

// weightElements is the number of weights at the points, of the forward or of the backward pass.
func (w *winograd) weightElements(n *node, terms, columns int) int {
	return n.kernel[w.third()] * places * places * terms * columns
}

// packed is the number of elements that prepare takes.
func (w *winograd) packed(n *node, train bool) int {
	terms, back := n.in.C, 0
	if train {
		terms, back = max(terms, n.out.C), w.weightElements(n, n.out.C, gradientChannels(n.in.C))
	}
	return w.weightElements(n, n.in.C, n.ch) + back + (3*places+1)*terms*kernel.Columns
}

// prepare takes the weights to the points.
func (w *winograd) prepare(n *node, p *pack, train bool) {
	w.forward = grow(w.forward, w.weightElements(n, n.in.C, n.ch))
	w.toPoints(n, w.forward, p.forward, n.in.C, n.ch/kernel.Columns, false)
	if train {
		columns := gradientChannels(n.in.C)
		w.back = grow(w.back, w.weightElements(n, n.out.C, columns))
		w.toPoints(n, w.back, p.phases[0].back, n.out.C, columns/kernel.Columns, true)
	}
}

// toPoints takes weights, by panel, element of the window and term, to the points. reversed: the window is taken from its end.
func (w *winograd) toPoints(n *node, dst, src []float32, terms, panels int, reversed bool) {
	length := terms * kernel.Columns
	w.zeros = grow(w.zeros, length)
	clear(w.zeros)
	w.lines = grow(w.lines, 3*places*length)
	line := func(i, v int) []float32 { return w.lines[(3*i+v)*length:][:length] }
	deep := n.kernel[w.third()]
	step := panels * length
	for panel := range panels {
		for f := range deep {
			element := func(u, v int) []float32 {
				at := (f*3+u)*3 + v
				if reversed {
					at = 9*deep - 1 - at
				}
				return src[(panel*9*deep+at)*length:][:length]
			}
			l := &w.l
			*l = kernel.Lines{N: length, Count: 1}
			for v := range 3 {
				for u := range 3 {
					l.In[u] = &element(u, v)[0]
				}
				l.In[3] = &w.zeros[0]
				for i := range places {
					l.Out[i] = &line(i, v)[0]
				}
				l.FilterToPoints()
				copy(line(places-1, v), element(2, v)) // at ∞ it is the last of the three
			}
			for i := range places {
				for v := range 3 {
					l.In[v] = &line(i, v)[0]
				}
				at := func(j int) []float32 { return dst[(f*places*places+i*places+j)*step+panel*length:][:length] }
				for j := range places {
					l.Out[j] = &at(j)[0]
				}
				l.FilterToPoints()
				copy(at(places-1), line(i, 2))
			}
		}
	}
}
