package gp

import (
	"math"
	"slices"

	"backdrop/lib/dims"
	"backdrop/lib/parallel"
)

// Open returns the covariance at a lag in open space.
func (k Kernel) Open(lag []int, lengths []float64) float64 {
	square := 0.0
	for i, h := range lag {
		r := float64(h) / lengths[i]
		square += r * r
	}
	return k.At(math.Sqrt(square))
}

// Torus returns the covariance at a lag on a torus with the sizes of shape: the sum of the kernel over all images of
// the lag, to 1e-14 of its value at 0. At lag 0 it is more than 1 if lengths are not small against the sizes.
func (k Kernel) Torus(lag, shape []int, lengths []float64) float64 {
	sum := 0.0
	for _, m := range k.mixture() {
		v := m.weight
		for i, h := range lag {
			v *= ring(h, shape[i], m.length*lengths[i])
		}
		sum += v
	}
	return sum
}

// Eigenvalues returns the eigenvalues of the covariance matrix Torus on a grid of one to three dimensions, as an array
// of that shape by frequency: the discrete Fourier transform of Torus over all lags. They sum to the number of points
// times Torus at 0, and none is negative. Each is right to 1e-13 of their sum.
func (k Kernel) Eigenvalues(shape []int, lengths []float64) []float64 {
	half := halves(shape)
	values := k.eigenvalues(shape, lengths)
	out := make([]float64, dims.Count(shape))
	at := make([]int, len(shape))
	for p := range out {
		dims.SetIndex(at, p, shape)
		place := 0
		for i, f := range at {
			place = place*half[i] + min(f, shape[i]-f)
		}
		out[p] = values[place]
	}
	return out
}

// eigenvalues returns the eigenvalues of frequencies up to n/2 along each axis: the others are their mirror images.
// They are the kernel's spectral density summed over all its aliases.
func (k Kernel) eigenvalues(shape []int, lengths []float64) []float64 {
	type separable struct{ leading, last []float64 } // eigenvalues of a component: products over the axes
	var components []separable
	flat := 0.0 // the weight of components that no two points share
	for _, m := range k.mixture() {
		if slices.Max(lengths)*m.length < pointlike {
			flat += m.weight
			continue
		}
		c := separable{leading: []float64{m.weight}}
		for i, n := range shape {
			along := make([]float64, n/2+1)
			for f := range along {
				along[f] = eigenvalue(float64(f)/float64(n), m.length*lengths[i])
			}
			if i < len(shape)-1 {
				c.leading = outer(c.leading, along)
			} else {
				c.last = along
			}
		}
		components = append(components, c)
	}
	width := shape[len(shape)-1]/2 + 1
	rows := dims.Count(halves(shape[:len(shape)-1]))
	out := make([]float64, rows*width)
	parallel.All(rows, func(r int) {
		row := out[r*width:][:width]
		for f := range row {
			row[f] = flat
		}
		for _, c := range components {
			weight := c.leading[r]
			for f, e := range c.last {
				row[f] += float64(weight * e) // the conversion keeps the compiler from fusing, which some processors cannot
			}
		}
	})
	return out
}

// outer returns the products of all elements of a with all of b, [len(a), len(b)].
func outer(a, b []float64) []float64 {
	out := make([]float64, 0, len(a)*len(b))
	for _, v := range a {
		for _, w := range b {
			out = append(out, v*w)
		}
	}
	return out
}

// pointlike is a length so short, in pixels, that even neighbours have no covariance: exp(-10²/2) is 2e-22.
const pointlike = 0.1
