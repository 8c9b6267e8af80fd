package engine

import (
	"backdrop/lib/net"
	"math"
)

// eachWindow calls f for every output element of a pooling layer with the part of its window that lies in the image.
func eachWindow(l net.Layer, in, out net.Shape, f func(o, c, top, bottom, left, right int)) {
	o := 0
	for c := range in.C {
		for i := range out.H {
			top := i*l.Stride - l.Pad
			for j := range out.W {
				left := j*l.Stride - l.Pad
				f(o, c, max(top, 0), min(top+l.Kernel, in.H), max(left, 0), min(left+l.Kernel, in.W))
				o++
			}
		}
	}
}

func maxPoolForward[T float](l net.Layer, in, out net.Shape, x, y []T) {
	eachWindow(l, in, out, func(o, c, top, bottom, left, right int) {
		y[o] = x[largest(in, x, c, top, bottom, left, right)]
	})
}

// maxPoolBackward gives the gradient to the first of the largest elements of a window, as PyTorch does.
func maxPoolBackward[T float](l net.Layer, in, out net.Shape, x, dy, dx []T) {
	clear(dx)
	eachWindow(l, in, out, func(o, c, top, bottom, left, right int) {
		dx[largest(in, x, c, top, bottom, left, right)] += dy[o]
	})
}

// largest returns the index of the first largest element of a window; NaN counts as largest.
func largest[T float](in net.Shape, x []T, c, top, bottom, left, right int) int {
	at, best := -1, T(math.Inf(-1))
	for i := top; i < bottom; i++ {
		row := (c*in.H + i) * in.W
		for j := left; j < right; j++ {
			if v := x[row+j]; at < 0 || v > best || v != v {
				at, best = row+j, v
			}
		}
	}
	return at
}

// avgPoolForward divides by the whole window's area, padding included, as PyTorch does by default.
func avgPoolForward[T float](l net.Layer, in, out net.Shape, x, y []T) {
	area := T(l.Kernel * l.Kernel)
	eachWindow(l, in, out, func(o, c, top, bottom, left, right int) {
		var s T
		for i := top; i < bottom; i++ {
			row := (c*in.H + i) * in.W
			s += sum(x[row+left : row+right])
		}
		y[o] = s / area
	})
}

func avgPoolBackward[T float](l net.Layer, in, out net.Shape, dy, dx []T) {
	clear(dx)
	area := T(l.Kernel * l.Kernel)
	eachWindow(l, in, out, func(o, c, top, bottom, left, right int) {
		for i := top; i < bottom; i++ {
			row := (c*in.H + i) * in.W
			for j := left; j < right; j++ {
				dx[row+j] += dy[o] / area
			}
		}
	})
}
