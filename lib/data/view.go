package data

import (
	"math/rand/v2"

	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
)

// A view is what a sample of a batch goes through. Nothing is copied unless buffer is called.
type view struct {
	window     window
	normalised normalised
	memory     pixels.Memory
}

// window is a sample that was shifted round the torus, cut to a window and mirrored.
type window struct {
	of        pixels.Source
	size, out net.Size // of the sample, and of the window
	first     net.Size // where the window begins
	flip      [3]bool
}

// draw makes v a window of x, whose shape is s, as a says, and draws the rest.
func (v *window) draw(x pixels.Source, s net.Shape, a Augment, r *rand.Rand) {
	*v = window{of: x, size: s.Size(), out: a.Shape(s).Size()}
	own := 3 - s.Dimensions() // the first axis
	for axis := own; axis < 3; axis++ {
		switch {
		case a.Roll:
			v.first[axis] = r.IntN(v.size[axis])
		case !a.Crop.None():
			v.first[axis] = r.IntN(v.size[axis] - v.out[axis] + 1)
		}
	}
	for axis := own; axis < 3; axis++ {
		v.flip[axis] = a.Flip && r.IntN(2) == 1
	}
}

// line is the number of the plane or the row of the sample that number i of the window comes from.
func (v *window) line(axis, i int) int {
	i = (i + v.first[axis]) % v.size[axis]
	if v.flip[axis] {
		i = v.size[axis] - 1 - i
	}
	return i
}

// Pixels implements pixels.Source.
func (v *window) Pixels(dst []float32, step, c, from, to int) {
	width := v.out[net.W]
	for from < to {
		line, x := from/width, from%width
		n := min(width-x, to-from)
		z, y := line/v.out[net.H], line%v.out[net.H]
		v.row(dst, step, c, v.line(net.D, z)*v.size[net.H]+v.line(net.H, y), x, n)
		if from += n; from < to {
			dst = dst[n*step:]
		}
	}
}

// row reads n pixels of a row of the window, from number x on, which comes from that line of the sample. A row is mirrored in
// itself: read forwards and turned round.
func (v *window) row(dst []float32, step, c, line, x, n int) {
	if v.flip[net.W] {
		x = v.out[net.W] - x - n
	}
	width := v.size[net.W]
	from := (x + v.first[net.W]) % width
	before := min(n, width-from) // what lies before the seam of the torus
	v.of.Pixels(dst, step, c, line*width+from, line*width+from+before)
	if before < n {
		v.of.Pixels(dst[before*step:], step, c, line*width, line*width+n-before)
	}
	if v.flip[net.W] {
		for i, j := 0, (n-1)*step; i < j; i, j = i+step, j-step {
			dst[i], dst[j] = dst[j], dst[i]
		}
	}
}

// normalised is a sample that was normalised.
type normalised struct {
	of pixels.Source
	by scale.Normalisation
}

// Pixels implements pixels.Source.
func (v *normalised) Pixels(dst []float32, step, c, from, to int) {
	v.of.Pixels(dst, step, c, from, to)
	v.by.ApplyTo(dst, step, to-from, c)
}

// buffer reads a sample into memory that is used again.
func (v *view) buffer(x pixels.Source, s net.Shape) *pixels.Memory {
	n := s.Len()
	if cap(v.memory.Values) < n {
		v.memory.Values = make([]float32, n)
	}
	v.memory.Values, v.memory.Count = v.memory.Values[:n], s.Size().Product()
	pixels.Read(v.memory.Values, x, s.C)
	return &v.memory
}

// small reports whether samples of a shape are small (pixels.Small).
func small(s net.Shape) bool { return s.Len() <= pixels.Small }
