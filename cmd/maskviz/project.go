package main

import (
	"image"
	"math"

	"backdrop/lib/draw"
	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// project lays the factors of a layer's mask for one sample over the input: every input pixel gets the factor of the
// cell that is drawn there, averaged over the channels. Without a mask the layer is an identity.
func (st *step) project(layer, sample int) draw.Field {
	f := draw.NewField(st.net.Input.H, st.net.Input.W)
	st.projectOn(f, layer, sample)
	return f
}

// projectOn writes what project returns over f.
func (st *step) projectOn(f draw.Field, layer, sample int) {
	in, out, g := st.net.Input, st.shapes[layer], &st.geometry[layer]
	m := st.masks[layer]
	if m == nil {
		for i := range f.Data {
			f.Data[i] = 1
		}
		return
	}
	channels := 1
	if m.Axes&mask.C != 0 {
		channels = out.C
	}
	factors := make([]float32, out.H*out.W)
	for i := range factors {
		var sum float32
		for c := range channels {
			sum += m.At(sample, c, 0, i/out.W, i%out.W)
		}
		factors[i] = sum / float32(channels)
	}
	columns, last := cells(g[net.W], in.W, out.W), -1
	for y, row := range cells(g[net.H], in.H, out.H) {
		from, to := factors[row*out.W:][:out.W], f.Data[y*in.W:][:in.W]
		if row == last {
			copy(to, f.Data[(y-1)*in.W:])
			continue
		}
		last = row
		for x, col := range columns {
			to[x] = from[col]
		}
	}
}

// product multiplies the masks of all layers for one sample on the input.
func (st *step) product(sample int) draw.Field {
	layers := st.net.Backdrops()
	p := st.project(layers[0], sample)
	if st.factor.Data == nil {
		st.factor = draw.NewField(p.H, p.W)
	}
	for _, layer := range layers[1:] {
		st.projectOn(st.factor, layer, sample)
		for j, v := range st.factor.Data {
			p.Data[j] *= v
		}
	}
	return p
}

// cells returns which of n cells is drawn at each pixel of a row or column of the input: cell i takes Stride pixels
// in the middle of the Field that it sees, and the first and last cell what is left at the edges. A middle between
// two pixels goes to the even one, which keeps the cells of different layers in step.
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
func (st *step) field(layer, sample int) (image.Rectangle, bool) {
	m, g, in := st.masks[layer], &st.geometry[layer], st.net.Input
	rows, columns := m.Shape[3], m.Shape[4]
	nearest, at := math.MaxInt, image.Point{}
	for y := range rows {
		for x := range columns {
			dy, dx := 2*y+1-rows, 2*x+1-columns
			if d := dy*dy + dx*dx; d < nearest && m.Passes(sample, 0, y, x) {
				nearest, at = d, image.Pt(x, y)
			}
		}
	}
	if nearest == math.MaxInt || rows == 1 && columns == 1 {
		return image.Rectangle{}, false
	}
	r := image.Rect(0, 0, in.W, in.H)
	if columns > 1 {
		r.Min.X = at.X*g[net.W].Stride + g[net.W].Offset
		r.Max.X = r.Min.X + g[net.W].Field
	}
	if rows > 1 {
		r.Min.Y = at.Y*g[net.H].Stride + g[net.H].Offset
		r.Max.Y = r.Min.Y + g[net.H].Field
	}
	return r, true
}
