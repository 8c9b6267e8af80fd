package gp

import (
	"errors"
	"fmt"
	"math"

	"backdrop/lib/dims"
	"backdrop/lib/machine"
	"backdrop/lib/parallel"

	"gonum.org/v1/gonum/dsp/fourier"
)

// reach returns the distance, in lengths, beyond which the kernel is less than neglected. It panics if that is not before
// farthest: such a kernel must not be in the table.
func (k Kernel) reach() float64 {
	low, high := 0.0, float64(farthest)
	if k.At(high) > neglected {
		panic(fmt.Sprintf("gp: %v is not negligible at %d lengths", k, farthest))
	}
	for range 60 {
		if mid := (low + high) / 2; k.At(mid) > neglected {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// farPeriods returns periods so long that the images of a window's points are beyond reach of the window. Summed over all
// images, the kernel is then that of open space, but for what is neglected. The sum has no negative eigenvalue, whatever
// the kernel.
func farPeriods(k Kernel, shape []int, lengths []float64) []int {
	out := make([]int, len(shape))
	for i, n := range shape {
		out[i] = smooth(n - 1 + int(math.Ceil(k.reach()*lengths[i])))
	}
	return out
}

// smooth returns the least even number from n on that has no prime factor above 5: for such lengths Fourier transforms are
// fast.
func smooth(n int) int {
	for n += n % 2; ; n += 2 {
		m := n
		for _, p := range []int{2, 3, 5} {
			for m%p == 0 {
				m /= p
			}
		}
		if m == 1 {
			return n
		}
	}
}

// An EmbeddingError says that there is not the memory for a window in open space.
type EmbeddingError struct {
	Shortage *machine.Shortage // of the smallest periods without negative eigenvalues
}

// Error says what the window is, and what it takes.
func (e *EmbeddingError) Error() string { return e.Shortage.Error() }

// Unwrap returns the *machine.Shortage.
func (e *EmbeddingError) Unwrap() error { return e.Shortage }

// embed returns periods around a window of the Spec's shape, and eigenvalues by frequency up to half of each, that give the
// window the covariance of open space.
//
// On a torus at least twice as large as the window, the shorter way between two of the window's points is the one within
// the window. If the torus has the kernel at the shorter way as its covariance, that of the window is exact (Dietrich and
// Newsam). But such a covariance may have negative eigenvalues. The smallest torus is tried first, then larger ones. Where
// the negative eigenvalues together change no covariance by more than is neglected, they are set to zero.
//
// The far periods have no negative eigenvalues. They are taken as soon as they are no larger than what would be tried next.
func embed(s *Spec, l Length) (periods []int, eigenvalues []float64, err error) {
	lengths := l.Along(len(s.Shape))
	far := farPeriods(s.Kernel, s.Shape, lengths)
	need := s.memory
	if s.large {
		need = s.largeMemory
	}
	tried := ""
	for grown := 1.0; ; grown *= 1.25 {
		near := make([]int, len(s.Shape))
		for i, n := range s.Shape {
			near[i] = 1
			if n > 1 {
				near[i] = smooth(int(math.Ceil(grown * 2 * float64(n-1))))
			}
		}
		if dims.CountFloat(near) >= dims.CountFloat(far) || !fits(need(near)) {
			break
		}
		eigenvalues := circulant(s.Kernel, near, lengths)
		worst, sum := negative(near, eigenvalues)
		if sum <= neglected {
			return near, eigenvalues, nil
		}
		tried = fmt.Sprintf(" (in %s the circulant embedding has a negative eigenvalue, %.3g)", dims.Text(near), worst)
	}
	what := fmt.Sprintf("drawing %v of length %v on %s in open space, with periods of %s%s,", s.Kernel, l, dims.Text(s.Shape), dims.Text(far), tried)
	var lacking *machine.Shortage
	if errors.As(machine.Fits(what, need(far)), &lacking) {
		return nil, nil, &EmbeddingError{lacking}
	}
	return far, s.Kernel.eigenvalues(far, lengths), nil
}

// negative returns the lowest eigenvalue, and sets those below zero to zero. The sum is that of the magnitudes of the negative
// ones over all frequencies, divided by the number of points: no covariance changes by more.
func negative(periods []int, eigenvalues []float64) (lowest, sum float64) {
	half, at := halves(periods), make([]int, len(periods))
	for p, v := range eigenvalues {
		lowest = min(lowest, v)
		if !(v < 0) {
			continue
		}
		eigenvalues[p] = 0
		times := 1.0
		dims.SetIndex(at, p, half)
		for i, f := range at {
			if f > 0 && 2*f < periods[i] {
				times *= 2 // the frequency stands for its mirror image, too
			}
		}
		sum -= v * times
	}
	return lowest, sum / dims.CountFloat(periods)
}

// circulant returns the eigenvalues, by frequency up to half of each period, of the covariance whose lag is the shorter way
// round: cosine transforms along every axis. Periods are even, or 1.
func circulant(k Kernel, periods []int, lengths []float64) []float64 {
	half := halves(periods)
	out := make([]float64, dims.Count(half))
	width := half[len(half)-1]
	parallel.All(len(out)/width, func(row int) {
		lag := make([]int, len(periods))
		dims.SetIndex(lag, row, half[:len(half)-1])
		for x := range width {
			lag[len(lag)-1] = x
			out[row*width+x] = k.Open(lag, lengths)
		}
	})
	for i, n := range half {
		if n == 1 {
			continue
		}
		inner := dims.Count(half[i+1:])
		const lines = 64
		blocks := (inner + lines - 1) / lines
		parallel.All(dims.Count(half[:i])*blocks, func(piece int) {
			dct, line := fourier.NewDCT(n), make([]float64, n)
			o, c0 := piece/blocks, piece%blocks*lines
			for c := c0; c < min(c0+lines, inner); c++ {
				at := o*n*inner + c
				for x := range line {
					line[x] = out[at+x*inner]
				}
				dct.Transform(line, line)
				for x, v := range line {
					out[at+x*inner] = v
				}
			}
		})
	}
	return out
}

// halves returns how many frequencies from 0 up to half of each period there are.
func halves(periods []int) []int {
	out := make([]int, len(periods))
	for i, n := range periods {
		out[i] = n/2 + 1
	}
	return out
}
