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
func (k Kernel) eigenvalues(shape []int, lengths []float64) []float64 {
	s := k.spectrum(shape, lengths)
	rows, width := s.size()
	out := make([]float64, rows*width)
	parallel.All(rows, func(r int) { s.row(out[r*width:][:width], r) })
	return out
}

// A spectrum gives the eigenvalues of frequencies up to half of each period, a row of frequencies along the last axis at a
// time. They are the kernel's spectral density summed over all its aliases.
type spectrum struct {
	half       []int              // how many frequencies there are along each axis
	flat       float64            // the weight of components that no two points share
	components []separableWeights // of the others
}

// separableWeights are the eigenvalues of a component, products over the axes.
type separableWeights struct {
	weight float64
	along  [][]float64 // of each axis
}

func (k Kernel) spectrum(shape []int, lengths []float64) *spectrum {
	s := &spectrum{half: halves(shape)}
	for _, m := range k.mixture() {
		if slices.Max(lengths)*m.length < pointlike {
			s.flat += m.weight
			continue
		}
		c := separableWeights{weight: m.weight}
		for i, n := range shape {
			along := make([]float64, n/2+1)
			for f := range along {
				along[f] = eigenvalue(float64(f)/float64(n), m.length*lengths[i])
			}
			c.along = append(c.along, along)
		}
		s.components = append(s.components, c)
	}
	return s
}

// size returns how many rows there are, and how many frequencies in each.
func (s *spectrum) size() (rows, width int) {
	last := len(s.half) - 1
	return dims.Count(s.half[:last]), s.half[last]
}

// row writes row r.
func (s *spectrum) row(dst []float64, r int) {
	for f := range dst {
		dst[f] = s.flat
	}
	last := len(s.half) - 1
	var at [2]int
	dims.SetIndex(at[:last], r, s.half[:last])
	for _, c := range s.components {
		weight := c.weight
		for i, f := range at[:last] {
			weight *= c.along[i][f]
		}
		for f, e := range c.along[last] {
			dst[f] += float64(weight * e) // the conversion keeps the compiler from fusing, which some processors cannot
		}
	}
}

// pointlike is a length so short, in pixels, that even neighbours have no covariance: exp(-10²/2) is 2e-22.
const pointlike = 0.1
