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

// set makes g the given rows and columns, with undefined content.
func (g *gradient) set(top, bottom, left, right, channels int) {
	g.top, g.left, g.rows, g.cols, g.channels = top, left, bottom-top, right-left, channels
	g.data = grow(g.data, g.rows*g.length()+channels)
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
