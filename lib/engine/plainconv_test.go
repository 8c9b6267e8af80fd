package engine

import (
	"backdrop/lib/net"
)

// eachTap calls f for every pair of an output element and an element of its window that lies in the image, by their
// places among the pixels of a channel; k is the number of the window's element.
func eachTap(l net.Layer, in, out net.Shape, f func(o, i, k int)) {
	is, os := in.Size(), out.Size()
	o := 0
	for z := range os[0] {
		for y := range os[1] {
			for x := range os[2] {
				k := 0
				for u := range l.Kernel[0] {
					for v := range l.Kernel[1] {
						for w := range l.Kernel[2] {
							at := net.Size{z*l.Stride[0] + u*l.Dilate[0] - l.Pad[0], y*l.Stride[1] + v*l.Dilate[1] - l.Pad[1], x*l.Stride[2] + w*l.Dilate[2] - l.Pad[2]}
							inside := true
							for axis := range at {
								inside = inside && at[axis] >= 0 && at[axis] < is[axis]
							}
							if inside {
								f(o, (at[0]*is[1]+at[1])*is[2]+at[2], k)
							}
							k++
						}
					}
				}
				o++
			}
		}
	}
}

// convForward computes, in the order of the engine's sums, y[o,p] = b[o] + Σ w[o,c,k]·x[c, p·stride + k·dilation − pad].
func convForward[T float](l net.Layer, in, out net.Shape, x, w, b, y []T) {
	pixels, area, window := in.Size().Product(), out.Size().Product(), l.Kernel.Product()
	for o := range out.C {
		y := y[o*area:][:area]
		for i := range y {
			y[i] = b[o]
		}
		w := w[o*in.C*window:]
		eachTap(l, in, out, func(at, from, k int) {
			for c := range in.C {
				y[at] += w[c*window+k] * x[c*pixels+from]
			}
		})
	}
}

// convBackward adds the gradients with respect to weights and bias to dw and db, and sets dx.
func convBackward[T float](l net.Layer, in, out net.Shape, x, w, dy, dw, db, dx []T) {
	pixels, area, window := in.Size().Product(), out.Size().Product(), l.Kernel.Product()
	clear(dx)
	for o := range out.C {
		dy := dy[o*area:][:area]
		db[o] += sum(dy)
		for c := range in.C {
			x, dx := x[c*pixels:][:pixels], dx[c*pixels:][:pixels]
			w, dw := w[(o*in.C+c)*window:][:window], dw[(o*in.C+c)*window:][:window]
			eachTap(l, in, out, func(at, from, k int) {
				dw[k] += dy[at] * x[from]
				dx[from] += dy[at] * w[k]
			})
		}
	}
}
