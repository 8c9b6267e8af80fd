package engine

import (
	"math"

	"backdrop/lib/net"
)

// eachChannel calls f for every channel of a pool's input and output.
func eachChannel[T float](in, out net.Shape, x, y []T, f func(x, y []T)) {
	pixels, area := in.Size().Product(), out.Size().Product()
	for c := range in.C {
		f(x[c*pixels:][:pixels], y[c*area:][:area])
	}
}

func maxPoolForward[T float](l net.Layer, in, out net.Shape, x, y []T) {
	eachChannel(in, out, x, y, func(x, y []T) {
		for o, i := range largest(l, in, out, x) {
			y[o] = x[i]
		}
	})
}

// maxPoolBackward gives the gradient to the first of the largest elements of a window, as PyTorch does.
func maxPoolBackward[T float](l net.Layer, in, out net.Shape, x, dy, dx []T) {
	clear(dx)
	pixels, area := in.Size().Product(), out.Size().Product()
	for c := range in.C {
		for o, i := range largest(l, in, out, x[c*pixels:][:pixels]) {
			dx[c*pixels+i] += dy[c*area+o]
		}
	}
}

// largest returns the place of the first largest element of each window of a channel; NaN counts as largest.
func largest[T float](l net.Layer, in, out net.Shape, x []T) []int {
	at, best := make([]int, out.Size().Product()), make([]T, out.Size().Product())
	for o := range at {
		at[o], best[o] = -1, T(math.Inf(-1))
	}
	eachTap(l, in, out, func(o, i, _ int) {
		if v := x[i]; at[o] < 0 || v > best[o] || v != v {
			at[o], best[o] = i, v
		}
	})
	return at
}

// avgPoolForward divides by the whole window's size, padding included, as PyTorch does by default.
func avgPoolForward[T float](l net.Layer, in, out net.Shape, x, y []T) {
	eachChannel(in, out, x, y, func(x, y []T) {
		clear(y)
		eachTap(l, in, out, func(o, i, _ int) { y[o] += x[i] })
		for o := range y {
			y[o] /= T(l.Kernel.Product())
		}
	})
}

func avgPoolBackward[T float](l net.Layer, in, out net.Shape, dy, dx []T) {
	clear(dx)
	eachChannel(in, out, dx, dy, func(dx, dy []T) {
		eachTap(l, in, out, func(o, i, _ int) { dx[i] += dy[o] / T(l.Kernel.Product()) })
	})
}
