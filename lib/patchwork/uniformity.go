package patchwork

import "math"

// UniformWithin bounds what Low and High of a uniform patchwork may differ from 1. The width of a strip is rounded, and
// a patch's size is cut: the pixel more that this can make adds 14 % to the variance there.
const UniformWithin = 0.15

// Describe tells how a field of the given shape, height and width, is put together, and how uniform it is. Its arguments
// and errors are those of New.
func Describe(shape [2]int, length, wrapFactor float64) (Layout, error) {
	p, err := New(shape, length, wrapFactor)
	if err != nil {
		return Layout{}, err
	}
	p.Low, p.High = 1, 1
	for i, n := range shape {
		low, high := p.profile([][]float32{p.rows, p.cols}[i], p.rank[i], n)
		p.Low *= low
		p.High *= high
	}
	return p.Layout, nil
}

// Uniform reports whether no pixel's variance is farther from the mean than UniformWithin. The Layout must be Describe's.
func (l Layout) Uniform() bool { return l.Low >= 1-UniformWithin && l.High <= 1+UniformWithin }

// profile returns the least and the greatest variance along an axis of n pixels, relative to the mean, over all
// places of a patch with the given root.
func (p *Patchwork) profile(root []float32, rank, n int) (low, high float64) {
	size := len(root) / rank
	line := func(y int) []float32 { // of a patch
		if y < 0 || y >= size {
			return nil
		}
		return root[y*rank:][:rank]
	}
	variance := make([]float64, n)
	for y := range variance {
		here, there := y, -1 // the pixels that wrap adds up
		if y >= n-p.Strip {
			here = y - (n - p.Strip)
		}
		if here < p.Strip {
			there = here + n - p.Strip
		}
		for at := range max(1, n-size) {
			a, b := line(here-at), line(there-at)
			if a == nil {
				a, b = b, a
			}
			for i, v := range a {
				if b != nil {
					v += b[i]
				}
				variance[y] += float64(v) * float64(v)
			}
		}
	}
	return spread(variance)
}

// spread returns the least and the greatest of v, relative to the mean.
func spread(v []float64) (low, high float64) {
	low, high = math.Inf(1), 0
	mean := 0.0
	for _, x := range v {
		low, high = min(low, x), max(high, x)
		mean += x / float64(len(v))
	}
	return low / mean, high / mean
}
