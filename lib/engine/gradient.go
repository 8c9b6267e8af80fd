package engine

import "backdrop/lib/region"

// gradient is a part of the gradient with respect to a node's output: rows and columns of the tensor without its
// border. Where no gradient survives and beyond the image it is zero, if the node is a convolution, which reads there.
type gradient struct {
	data                 []float32
	top, left            int // row and column of the first pixel
	rows, cols, channels int
}

func (g *gradient) length() int     { return g.cols * g.channels }
func (g *gradient) at(y, x int) int { return ((y-g.top)*g.cols + x - g.left) * g.channels }
func (g *gradient) scratch() int    { return g.rows * g.length() } // room for a pixel that is not wanted

// elements is the number of values, and of those of a pixel that is not wanted.
func (g *gradient) elements() int { return g.scratch() + g.channels }

// set gives g an extent, with undefined content, and room for any that it can come to have.
func (g *gradient) set(extent gradient, room int) {
	data := g.data
	*g = extent
	n := g.elements()
	if g.data = data; cap(data) < n {
		g.data = make([]float32, max(n, room))
	}
	g.data = g.data[:n]
}

// clearOutside sets g to zero everywhere but in the rows from ≤ y < to of a region.
func (g *gradient) clearOutside(r *region.Region, from, to int) {
	at := 0
	for y := from; y < to; y++ {
		for _, s := range r.Row(y) {
			clear(g.data[at:g.at(y, int(s.Lo))])
			at = g.at(y, int(s.Hi))
		}
	}
	clear(g.data[at:])
}

// clearRegion sets the pixels of some rows of a region to zero.
func (g *gradient) clearRegion(r *region.Region, from, to int) {
	for y := from; y < to; y++ {
		for _, s := range r.Row(y) {
			clear(g.data[g.at(y, int(s.Lo)):g.at(y, int(s.Hi))])
		}
	}
}

// setRooms finds out how much room gradients and inputs of the backward pass can come to need, wherever a gradient
// survives, so that no later step has to make more.
func (r *Runner) setRooms() {
	r.gradRoom = grow(r.gradRoom, r.body)
	clear(r.gradRoom)
	r.inputRoom = 0
	bands := 1
	if r.early > 0 {
		bands = r.bands
		r.needs = grow(r.needs, r.body)
	}
	for q := range bands {
		if r.early > 0 {
			r.bandNeeds(q, r.needs)
		}
		for t := range r.body {
			own, need := [2]int{0, r.nodes[t].out.H}, [2]int{0, r.nodes[t].out.H}
			if t < r.early {
				need = r.needs[t]
			}
			if r.early > 0 && t <= r.early {
				own = r.bandOwn(t, q)
			}
			if t >= r.bottom() && need[0] < need[1] {
				g := r.nodes[t].gradientPart(need, 0, r.nodes[t].out.W)
				r.gradRoom[t] = max(r.gradRoom[t], g.elements())
			}
			if n := &r.nodes[t]; n.isConv() && r.gathers(t) {
				first, end := n.op.rows(n, 0, own[0], own[1])
				r.inputRoom = max(r.inputRoom, (end-first)*r.nodes[n.inputs[0]].rowLength())
			}
		}
	}
}

// gathers reports whether inputs of the convolution t, whose windows' pixels lie apart from each other or in the caller's
// order, are brought together for the gradient of its weights.
func (r *Runner) gathers(t int) bool {
	n := &r.nodes[t]
	before := &r.nodes[n.inputs[0]]
	return len(before.keepsWindows) == 0 || before.shared() || n.kernel < n.stride || r.masked(t)
}

// pixelsRoom returns v with n elements, in room for any number.
func (r *Runner) pixelsRoom(v []float32, n int) []float32 {
	if cap(v) < n {
		return make([]float32, n, max(n, r.inputRoom))
	}
	return v[:n]
}
