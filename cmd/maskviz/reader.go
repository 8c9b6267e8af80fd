package main

import (
	"fmt"
	"math"
	"sync/atomic"

	"backdrop/lib/draw"
	"backdrop/lib/finite"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// A reader makes of a sample, read a piece at a time, what a picture shows of it.
type reader struct {
	source  pixels.Source
	shape   net.Shape
	stopped func() bool

	done, all atomic.Int64 // pixels
}

// piece is how many pixels are read at a time.
const piece = 16 << 10

// part says how much is read.
func (r *reader) part() string {
	return fmt.Sprintf(" %.0f %%", 100*float64(r.done.Load())/float64(max(1, r.all.Load())))
}

// each calls do for pieces of some channels, unless it is stopped: for all of them after each other, with the number of the first
// pixel.
func (r *reader) each(channels int, do func(c, first int, values []float32)) {
	all := r.shape.Size().Product()
	r.all.Store(int64(all))
	buf := make([]float32, min(piece, all))
	for first := 0; first < all && !r.stopped(); first += len(buf) {
		values := buf[:min(len(buf), all-first)]
		for c := range channels {
			r.source.Pixels(values, 1, c, first, first+len(values))
			do(c, first, values)
		}
		r.done.Add(int64(len(values)))
	}
}

// mean is the mean over the channels of each place, or of the places of each cell.
func (r *reader) mean() view {
	v, c := newVolume(r.shape), newCursor(r.shape)
	places := r.shape.Size().Product()
	slab := len(v.Data) // of cells that are under way at a time: a row of an image, a plane of a volume
	switch {
	case v.D > 1:
		slab /= v.D
	case v.H > 1:
		slab /= v.H
	}
	sums, at := make([]float64, slab), 0
	flush := func() {
		for i, sum := range sums {
			v.Data[at*slab+i] = float32(sum / float64(c.places(at*slab+i)))
		}
		clear(sums)
	}
	low, high := math.Inf(1), math.Inf(-1)
	over := make([]float64, min(piece, places)) // the sums over channels
	r.each(r.shape.C, func(channel, first int, values []float32) {
		if channel == 0 {
			clear(over)
		}
		for i, x := range values {
			over[i] += float64(x)
		}
		if channel < r.shape.C-1 {
			return
		}
		c.each(first, first+len(values), func(cell, from, to int) {
			if s := cell / slab; s != at {
				flush()
				at = s
			}
			for i := from; i < to; i++ {
				mean := float64(float32(over[i-first] / float64(r.shape.C)))
				sums[cell%slab] += mean
				if finite.Is(mean) {
					low, high = min(low, mean), max(high, mean)
				} else if mean != mean {
					missing(&v.Cells, i)
				}
			}
		})
	})
	flush()
	span := draw.Range{Low: low, High: high}
	if low > high {
		span = draw.Range{}
	}
	return view{values: v, colours: draw.Heatmap{Map: draw.Viridis, Range: span, Bar: true}}
}

// missing counts a value that is no number; values are counted in order.
func missing(c *draw.Cells, at int) {
	if c.Missing == 0 {
		c.First = at
	}
	c.Missing++
}

// curves are the channels of a sequence that are drawn, of values that change makes of those of a channel.
func (r *reader) curves(change func(c int, x float32) float32) draw.Curves {
	lines, n := min(r.shape.C, maxCurves), cellSize(r.shape)
	c := draw.Curves{Lines: make([][]float32, lines)}
	if n > 1 {
		c.Cells = draw.Cells{Size: n, D: 1, H: 1, W: r.shape.W}
	}
	for i := range c.Lines {
		if n == 1 {
			c.Lines[i] = make([]float32, r.shape.W)
		} else {
			c.Lines[i] = make([]float32, 4*cellsOf(r.shape.Size(), n).Product())
		}
	}
	r.each(lines, func(channel, first int, values []float32) {
		line := c.Lines[channel]
		for i, x := range values {
			at := first + i
			if x = change(channel, x); n == 1 {
				line[at] = x
				continue
			}
			cell := line[at/n*4:][:4]
			switch { // the first value gives way to one that is not finite: it lies between the others anyway
			case at%n == 0:
				cell[0], cell[1], cell[2] = x, x, x
			case !finite.Is(float64(x)):
				if cell[0] == cell[0] {
					cell[0] = x
				}
			case !finite.Is(float64(cell[1])):
				cell[1], cell[2] = x, x
			default:
				cell[1], cell[2] = min(cell[1], x), max(cell[2], x)
			}
			cell[3] = x
			if x != x {
				place := channel*r.shape.W + at
				if c.Cells.Missing == 0 || place < c.Cells.First {
					c.Cells.First = place
				}
				c.Cells.Missing++
			}
		}
	})
	return c
}
