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
