package gp

import (
	"fmt"
	"math"
	"runtime"

	"gonum.org/v1/gonum/dsp/fourier"
)

// reach returns the distance, in lengths, beyond which the kernel is less than neglected.
func (k Kernel) reach() float64 {
	low, high := 0.0, 64.0
	for range 60 {
		if mid := (low + high) / 2; k.At(mid) > neglected {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// farPeriods returns periods so long that the images of a window's points are beyond reach of the window. The kernel summed over all images is then that of open space, but for what is neglected, and it has
// no negative eigenvalue, whatever the kernel.
func farPeriods(k Kernel, shape []int, lengths []float64) []int {
	out := make([]int, len(shape))
	for i, n := range shape {
		out[i] = smooth(n - 1 + int(math.Ceil(k.reach()*lengths[i])))
	}
	return out
}

// smooth returns the least even number from n on that has no prime factor above 5, which Fourier transforms like.
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

// embed returns periods around a window of the Spec's shape, and eigenvalues by frequency up to half of each, that give the
// window the covariance of open space.
//
// On a torus so large that the shorter way round is always the window's own, its covariance can be that of the shorter way
// round, and the window's is exact (Dietrich and Newsam). The smallest such torus is tried first, then larger ones. They
// may have negative eigenvalues. As far as all of these together change no covariance by more than is neglected, they are
// rounded up to zero; when the far periods are no larger, they are taken, which have none.
func embed(s *Spec, l Length) (periods []int, eigenvalues []float64, err error) {
	lengths := l.each(len(s.Shape))
	far := farPeriods(s.Kernel, s.Shape, lengths)
	tried, lowest := "", 0.0
	for grown := 1.0; ; grown *= 1.25 {
		near := make([]int, len(s.Shape))
		for i, n := range s.Shape {
			near[i] = 1
			if n > 1 {
				near[i] = smooth(int(math.Ceil(grown * 2 * float64(n-1))))
			}
		}
		if size(near) >= size(far) || !fits(s.memory(near)) {
			break
		}
		eigenvalues := circulant(s.Kernel, near, lengths)
		worst, sum := negative(near, eigenvalues)
		if sum <= neglected {
			return near, eigenvalues, nil
		}
		tried, lowest = sizeText(near), worst
	}
	if need := s.memory(far); !fits(need) {
		detail := ""
		if tried != "" {
			detail = fmt.Sprintf("the circulant embedding in %s has a negative eigenvalue, %.3g, and ", tried, lowest)
		}
		return nil, nil, fmt.Errorf("%v of length %v on %s, open: %sthe periods of %s that have no negative eigenvalue need %s; try --boundary torus, shorter lengths or a smaller size",
			s.Kernel, l, sizeText(s.Shape), detail, sizeText(far), needs(need))
	}
	return far, s.Kernel.eigenvalues(far, lengths), nil
}

// negative returns the lowest eigenvalue, and sets those below zero to zero. The sum is that of the sizes of these over
// all frequencies, by the number of points: it bounds the change of any covariance.
func negative(periods []int, eigenvalues []float64) (lowest, sum float64) {
	for p, v := range eigenvalues {
		lowest = min(lowest, v)
		if !(v < 0) {
			continue
		}
		eigenvalues[p] = 0
		times, rest := 1.0, p
		for i := len(periods) - 1; i >= 0; i-- {
			half := periods[i]/2 + 1
			if f := rest % half; f > 0 && 2*f < periods[i] {
				times *= 2 // the frequency stands for its mirror image, too
			}
			rest /= half
		}
		sum -= v * times
	}
	return lowest, sum / size(periods)
}

// circulant returns the eigenvalues, by frequency up to half of each period, of the covariance whose lag is the shorter way
// round: cosine transforms along every axis. Periods are even, or 1.
func circulant(k Kernel, periods []int, lengths []float64) []float64 {
	half := make([]int, len(periods))
	for i, n := range periods {
		half[i] = n/2 + 1
	}
	out := make([]float64, product(half))
	threads := runtime.GOMAXPROCS(0)
	width := half[len(half)-1]
	parallel(threads, len(out)/width, func(row int) {
		lag := make([]int, len(periods))
		rest := row
		for i := len(half) - 2; i >= 0; i-- {
			lag[i] = rest % half[i]
			rest /= half[i]
		}
		for x := range width {
			lag[len(lag)-1] = x
			out[row*width+x] = k.Open(lag, lengths)
		}
	})
	for i, n := range half {
		if n == 1 {
			continue
		}
		inner := product(half[i+1:])
		const lines = 64
		blocks := (inner + lines - 1) / lines
		parallel(threads, product(half[:i])*blocks, func(piece int) {
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
