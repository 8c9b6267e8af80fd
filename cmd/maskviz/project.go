package main

import (
	"math"

	"backdrop/lib/draw"
	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// project lays the factors of a layer's mask for one sample over the input: every place of the input gets the factor of
// the cell that is drawn there, averaged over the channels. Without a mask the layer is an identity.
func (st *step) project(layer, sample int) draw.Volume {
	v := newVolume(st.net.Input)
	st.projectOn(v, layer, sample)
	return v
}

// projectOn writes what project returns over v.
func (st *step) projectOn(v draw.Volume, layer, sample int) {
	m := st.masks[layer]
	if m == nil {
		for i := range v.Data {
			v.Data[i] = 1
		}
		return
	}
	factors := st.factorsOf(layer, sample)
	size, g := st.shapes[layer].Size(), &st.geometry[layer]
	planes, rows, columns := cells(g[net.D], v.D, size[net.D]), cells(g[net.H], v.H, size[net.H]), cells(g[net.W], v.W, size[net.W])
	area := v.H * v.W
	for z, plane := range planes {
		to := v.Data[z*area:][:area]
		if z > 0 && plane == planes[z-1] {
			copy(to, v.Data[(z-1)*area:])
			continue
		}
		for y, row := range rows {
			if y > 0 && row == rows[y-1] {
				copy(to[y*v.W:][:v.W], to[(y-1)*v.W:])
				continue
			}
			from := factors[(plane*size[net.H]+row)*size[net.W]:]
			for x, column := range columns {
				to[y*v.W+x] = from[column]
			}
		}
	}
}

// factorsOf returns the factors [D, H, W] of a layer's mask for one sample, averaged over the channels.
func (st *step) factorsOf(layer, sample int) []float32 {
	m, out := st.masks[layer], st.shapes[layer]
	channels := 1
	if m.Axes&mask.C != 0 {
		channels = out.C
	}
	size := out.Size()
	factors := make([]float32, 0, size.Product())
	for z := range size[net.D] {
		for y := range size[net.H] {
			for x := range size[net.W] {
				var sum float32
				for c := range channels {
					sum += m.At(sample, c, z, y, x)
				}
				factors = append(factors, sum/float32(channels))
			}
		}
	}
	return factors
}

// product multiplies the masks of all layers for one sample on the input.
func (st *step) product(sample int) draw.Volume {
	layers := st.net.Backdrops()
	p := st.project(layers[0], sample)
	if st.factor.Data == nil {
		st.factor = newVolume(st.net.Input)
	}
	for _, layer := range layers[1:] {
		st.projectOn(st.factor, layer, sample)
		for j, v := range st.factor.Data {
			p.Data[j] *= v
		}
	}
	return p
}

// cells returns which of n cells is drawn at each place along an axis of the input: cell i takes Stride places
// in the middle of the Field that it sees, and the first and last cell what is left at the edges. A middle between
// two places goes to the even one, which keeps the cells of different layers in step.
func cells(g net.Geometry, pixels, n int) []int {
	first := int(math.RoundToEven(float64(g.Offset) + float64(g.Field-g.Stride)/2))
	at := make([]int, pixels)
	for x := range at {
		if x > first {
			at[x] = min((x-first)/g.Stride, n-1)
		}
	}
	return at
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
