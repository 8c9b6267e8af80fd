package engine

import (
	"math"

	"backdrop/lib/net"
)

// normalise calls f for every element i of channel c with its value brought to mean 0 and variance 1 in its group, and with
// 1/√(variance + ε).
func normalise[T float](l net.Layer, in net.Shape, x []T, f func(c, i int, normal, scale T)) {
	pixels := in.Size().Product()
	size := len(x) / l.Groups
	for from := 0; from < len(x); from += size {
		var mean, variance T
		for _, v := range x[from:][:size] {
			mean += v / T(size)
		}
		for _, v := range x[from:][:size] {
			variance += (v - mean) * (v - mean) / T(size)
		}
		scale := T(1 / math.Sqrt(float64(variance)+1e-5))
		for i := from; i < from+size; i++ {
			f(i/pixels, i, (x[i]-mean)*scale, scale)
		}
	}
}

func groupNormBackward[T float](l net.Layer, in net.Shape, x, w, dy, dw, db, dx []T) {
	size := len(x) / l.Groups
	mean, product := make([]T, l.Groups), make([]T, l.Groups)
	normalise(l, in, x, func(c, i int, normal, _ T) {
		dw[c] += dy[i] * normal
		db[c] += dy[i]
		mean[i/size] += w[c] * dy[i] / T(size)
		product[i/size] += w[c] * dy[i] * normal / T(size)
	})
	normalise(l, in, x, func(c, i int, normal, scale T) {
		dx[i] = (w[c]*dy[i] - mean[i/size] - normal*product[i/size]) * scale
	})
}

// standardise returns the weights that a convolution uses or, given the gradient with respect to these, that with respect to
// its parameters, by the derivative of each of the weights with respect to each parameter.
func standardise[T float](l net.Layer, channels int, w, d []T) []T {
	if !l.WS {
		return w
	}
	gain := T(math.Sqrt2 / math.Sqrt(1-1/math.Pi))
	size := len(w) / channels
	out := make([]T, len(w))
	for from := 0; from < len(w); from += size {
		var mean, variance T
		for _, v := range w[from:][:size] {
			mean += v / T(size)
		}
		for _, v := range w[from:][:size] {
			variance += (v - mean) * (v - mean) / T(size)
		}
		deviation := T(math.Sqrt(float64(variance) + 1e-6))
		for i := range size {
			v := w[from+i] - mean
			if d == nil {
				out[from+i] = gain * v / deviation / T(math.Sqrt(float64(size)))
				continue
			}
			for j := range size {
				delta := T(0)
				if i == j {
					delta = 1
				}
				// ∂ŵ[j]/∂w[i]
				slope := (delta-1/T(size))/deviation - (w[from+j]-mean)*v/(T(size)*deviation*deviation*deviation)
				out[from+i] += d[from+j] * gain / T(math.Sqrt(float64(size))) * slope
			}
		}
	}
	return out
}
