package main

import (
	"fmt"
	"slices"

	"backdrop/lib/draw"
	"backdrop/lib/net"
)

// limits says up to how many places an input has a value for each in pictures. A larger one is divided into cells, as many as
// that at most, which are still more than a sheet has pixels for it: a picture takes no more memory however large the input is.
type limits struct{ places, cells int }

// drawn are the limits by the number of dimensions. Tests set them.
var drawn = [...]limits{
	1: {1 << 22, 1 << 18}, // of a sequence there are up to maxCurves lines
	2: {1 << 22, 1 << 22},
	3: {1 << 24, 1 << 24},
}

// cellSize is the number of places along each axis that share a value in pictures; 1 if none do.
func cellSize(in net.Shape) int {
	size, l := in.Size(), drawn[in.Dimensions()]
	if size.Product() <= l.places {
		return 1
	}
	least := 2
	for cellsOf(size, least).Product() > l.cells {
		least++
	}
	for n := least; n < 2*least; n++ { // cells of one size are better than some that are cut
		if !slices.ContainsFunc(size[:], func(places int) bool { return places > 1 && places%n != 0 }) {
			return n
		}
	}
	return least
}

// cellsOf is the number of cells along each axis.
func cellsOf(size net.Size, n int) (cells net.Size) {
	for axis, places := range size {
		cells[axis] = (places + n - 1) / n
	}
	return cells
}

// newVolume returns a zero for each place of the input, or each cell of a large one.
func newVolume(in net.Shape) draw.Volume {
	n, size := cellSize(in), in.Size()
	if n == 1 {
		return draw.NewVolume(size[net.D], size[net.H], size[net.W])
	}
	cells := cellsOf(size, n)
	v := draw.NewVolume(cells[net.D], cells[net.H], cells[net.W])
	v.Cells = draw.Cells{Size: n, D: size[net.D], H: size[net.H], W: size[net.W]}
	return v
}

// inCells says what a picture shows of each cell of a large input; "" if the input is not.
func inCells(in net.Shape, shows string) string {
	n := cellSize(in)
	if n == 1 {
		return ""
	}
	size := in.Size()
	var sizes []int
	for _, places := range size[3-in.Dimensions():] {
		sizes = append(sizes, min(n, places))
	}
	return fmt.Sprintf(" Of every %s %s, %s.", by(sizes), words[in.Dimensions()].short, shows)
}

// A cursor finds the cell of each pixel of the input, in runs of pixels that share one.
type cursor struct {
	size  net.Size
	cells net.Size
	n     int // places of a cell along each axis
}

func newCursor(in net.Shape) cursor {
	n := cellSize(in)
	return cursor{in.Size(), cellsOf(in.Size(), n), n}
}

// each calls do for the runs of pixels from ≤ i < to that share a cell.
func (c *cursor) each(from, to int, do func(cell, from, to int)) {
	if c.n == 1 {
		for i := from; i < to; i++ {
			do(i, i, i+1)
		}
		return
	}
	w, h := c.size[net.W], c.size[net.H]
	for from < to {
		line, x := from/w, from%w
		row := (line/h/c.n*c.cells[net.H] + line%h/c.n) * c.cells[net.W]
		for end := min(to, from-x+w); from < end; {
			next := min(end, from-x+(x/c.n+1)*c.n)
			do(row+x/c.n, from, next)
			from, x = next, x+next-from
		}
	}
}

// places is the number of places in a cell.
func (c *cursor) places(cell int) int {
	n := 1
	for axis := net.W; axis >= net.D; axis-- {
		first := cell % c.cells[axis] * c.n
		n *= min(c.n, c.size[axis]-first)
		cell /= c.cells[axis]
	}
	return n
}
