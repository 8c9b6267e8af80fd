package main

import (
	"math"

	"backdrop/lib/draw"
	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// A projection is the product of the masks of some layers for one sample, laid over the input: every place of the input gets the
// factors of the cells that are drawn there, averaged over the channels. A layer without a mask is an identity.
type projection struct {
	sample int
	size   net.Size // of the input
	stop   func() bool
	of     []projected
}

// projected is one mask of a projection.
type projected struct {
	mask     *mask.Mask
	along    [3]cellAxis
	channels int

	plane, row int // the cells of a line
	factor     float32
	end        int // the first place behind those of the cell that factor is of
}

func (st *step) projection(sample int, layers ...int) *projection {
	p := &projection{sample: sample, size: st.net.Input.Size(), stop: st.watch.stopped}
	for _, layer := range layers {
		m := st.masks[layer]
		if m == nil {
			continue
		}
		of := projected{mask: m, channels: 1}
		if m.Axes&mask.C != 0 {
			of.channels = m.Shape[1]
		}
		for axis, g := range st.geometry[layer] {
			of.along[axis] = newCellAxis(g, m.Shape[2+axis])
		}
		p.of = append(p.of, of)
	}
	return p
}

// end is the first place along an axis that is not treated like place x by all masks.
func (p *projection) end(axis, x int) int {
	end := p.size[axis]
	for i := range p.of {
		_, next := p.of[i].along[axis].at(x)
		end = min(end, next)
	}
	return end
}

// line calls do for the runs of columns in a line that have one factor, from place x up to end.
func (p *projection) line(z, y int, do func(x, end int, factor float32)) {
	for i := range p.of {
		m := &p.of[i]
		m.end = 0
		m.plane, _ = m.along[net.D].at(z)
		m.row, _ = m.along[net.H].at(y)
	}
	for x := 0; x < p.size[net.W]; {
		factor, end := float32(1), p.size[net.W]
		for i := range p.of {
			m := &p.of[i]
			if x >= m.end {
				m.read(p.sample, x)
			}
			if end = min(end, m.end); i == 0 {
				factor = m.factor
			} else {
				factor *= m.factor
			}
		}
		do(x, end, factor)
		x = end
	}
}

// read finds the factor at a place of the line.
func (m *projected) read(sample, x int) {
	var column int
	column, m.end = m.along[net.W].at(x)
	var sum float32
	for c := range m.channels {
		sum += m.mask.At(sample, c, m.plane, m.row, column)
	}
	m.factor = sum / float32(m.channels)
}

// runs calls do for the planes and rows in runs that all masks treat alike: those of plane z and row y, so many of them.
func (p *projection) runs(do func(z, planes, y, rows int)) {
	for z := 0; z < p.size[net.D]; {
		next := p.end(net.D, z)
		for y := 0; y < p.size[net.H]; {
			end := p.end(net.H, y)
			do(z, next-z, y, end-y)
			y = end
		}
		z = next
	}
}

// passing is how many places of the input have a factor above 0, and the largest factor.
func (p *projection) passing() (places int, largest float32) {
	p.runs(func(z, planes, y, rows int) {
		p.line(z, y, func(x, end int, factor float32) {
			if factor > 0 {
				places += planes * rows * (end - x)
				largest = max(largest, factor)
			}
		})
	})
	return places, largest
}

// over returns, unless it is stopped, the means over the places of the input, or the cells of a large one, of what of makes of the factors.
func (p *projection) over(in net.Shape, of func(factor float32) float32) draw.Volume {
	v, n := newVolume(in), cellSize(in)
	sums, line := make([]float64, v.W), make([]float64, v.W)
	add := func(x, end int, factor float32) {
		f := float64(of(factor))
		for cell := x / n; x < end; cell++ {
			next := min(end, (cell+1)*n)
			line[cell] += f * float64(next-x)
			x = next
		}
	}
	last := [2]int{-1, -1} // the runs of planes and rows that line is of, by their ends
	for i := range v.D {
		to := v.Data[i*v.H*v.W:][:v.H*v.W]
		z0, z1 := i*n, min(p.size[net.D], i*n+n)
		if z0 > 0 && p.end(net.D, z0-n) >= z1 {
			copy(to, v.Data[(i-1)*v.H*v.W:])
			continue
		}
		for j := range v.H {
			if p.stop() {
				return v
			}
			clear(sums)
			y0, y1 := j*n, min(p.size[net.H], j*n+n)
			for z := z0; z < z1; {
				plane := p.end(net.D, z)
				next := min(z1, plane)
				for y := y0; y < y1; {
					row := p.end(net.H, y)
					if run := [2]int{plane, row}; run != last {
						clear(line)
						p.line(z, y, add)
						last = run
					}
					end := min(y1, row)
					lines := float64((next - z) * (end - y))
					for x, sum := range line {
						sums[x] += lines * sum
					}
					y = end
				}
				z = next
			}
			for x, sum := range sums {
				to[j*v.W+x] = float32(sum / float64((z1-z0)*(y1-y0)*min(n, p.size[net.W]-x*n)))
			}
		}
	}
	return v
}

// factors and lit are what a projection shows: the factors themselves, or 1 where they are above 0.
func factors(factor float32) float32 { return factor }

func lit(factor float32) float32 {
	if factor > 0 {
		return 1
	}
	return 0
}

// project lays the factors of a layer's mask for one sample over the input.
func (st *step) project(layer, sample int) draw.Volume {
	return st.projection(sample, layer).over(st.net.Input, factors)
}

// product multiplies the masks of all layers for one sample on the input.
func (st *step) product(sample int) *projection {
	return st.projection(sample, st.net.Backdrops()...)
}

// A cellAxis says which of n cells is drawn at each place along an axis of the input: cell i takes stride places in the middle of
// the field that it sees, and the first and last cell what is left at the edges.
type cellAxis struct{ first, stride, n int }

// newCellAxis lays out n cells. A middle between two places goes to the even one, which keeps the cells of different layers in
// step.
func newCellAxis(g net.Geometry, n int) cellAxis {
	return cellAxis{int(math.RoundToEven(float64(g.Offset) + float64(g.Field-g.Stride)/2)), g.Stride, n}
}

// at is the cell at a place, and the first place of the next cell.
func (a cellAxis) at(x int) (cell, end int) {
	if x > a.first {
		cell = min((x-a.first)/a.stride, a.n-1)
	}
	if cell == a.n-1 {
		return cell, math.MaxInt
	}
	return cell, a.first + (cell+1)*a.stride
}

// field is the part of the input that one cell sees: that cell of a layer's mask which passes and lies nearest to the
// middle. There is none if the mask has no cells beside each other, or blocks all of this sample.
func (st *step) field(layer, sample int) *draw.Box {
	m, g := st.masks[layer], &st.geometry[layer]
	cells := net.Size(m.Shape[2:])
	nearest, at := math.MaxInt, net.Size{}
	for z := range cells[net.D] {
		for y := range cells[net.H] {
			for x := range cells[net.W] {
				distance := 0
				for axis, i := range (net.Size{z, y, x}) {
					d := 2*i + 1 - cells[axis]
					distance += d * d
				}
				if distance < nearest && m.Passes(sample, z, y, x) {
					nearest, at = distance, net.Size{z, y, x}
				}
			}
		}
	}
	if nearest == math.MaxInt || cells.Product() == 1 {
		return nil
	}
	var box draw.Box
	for axis, n := range st.net.Input.Size() {
		box[axis] = [2]int{0, n}
		if cells[axis] > 1 {
			first := at[axis]*g[axis].Stride + g[axis].Offset
			box[axis] = [2]int{first, first + g[axis].Field}
		}
	}
	return &box
}
