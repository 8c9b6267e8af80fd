package gp

import (
	"math"

	"gonum.org/v1/gonum/dsp/fourier"
)

// lines is an axis by fast Fourier transforms in float64, one for each line. The coefficients of the cosine and the sine of a
// frequency are the real and the imaginary part of a Fourier coefficient.
type lines struct {
	n, period, modes int
	index            []int
	free             freeList[*lineWork]
}

// lineBlock columns are transposed at a time: 64 bytes of each row.
const lineBlock = 16

// A transform turns the Fourier coefficients of frequencies up to n/2 into a real sequence of n.
type transform interface {
	Sequence(dst []float64, coefficients []complex128) []float64
}

func newTransform(n int) transform {
	if n > 1 && transformTime(n) < mixedTime(n) {
		return newChirp(n)
	}
	return fourier.NewFFT(n)
}

type lineWork struct {
	fft          transform
	coefficients []complex128
	values       []float64
	block        []float32 // [lineBlock, max(n, modes)]
}

func newFourier(n, period, modes int) *lines {
	a := &lines{n: n, period: period, modes: modes, index: identity(modes)}
	a.free.make = func() *lineWork {
		return &lineWork{
			fft:          newTransform(period),
			coefficients: make([]complex128, period/2+1),
			values:       make([]float64, period),
			block:        make([]float32, lineBlock*max(n, modes)),
		}
	}
	return a
}

func (a *lines) order() []int { return a.index }

func (a *lines) ring() int { return a.period }

func (a *lines) time() float64 { return transformTime(a.period) }

func (a *lines) memory() (tables, work float64) {
	const each = 112 // bytes a point: the tables of the transform, the larger ones for Bluestein's, coefficients and values of a line
	return 8 * float64(a.modes), each*float64(a.period) + 4*float64(lineBlock*max(a.n, a.modes))
}

func (a *lines) release() {}

func (a *lines) last(dst, src []float32, rows int) {
	w := a.free.take()
	defer a.free.give(w)
	for r := range rows {
		a.line(dst[r*a.n:][:a.n], src[r*a.modes:][:a.modes], w)
	}
}

func (a *lines) first(dst, src []float32, cols, c0, c1 int) {
	w := a.free.take()
	defer a.free.give(w)
	size := max(a.n, a.modes)
	for ; c0 < c1; c0 += lineBlock {
		nc := min(lineBlock, c1-c0)
		for m := range a.modes {
			for c, v := range src[m*cols+c0:][:nc] {
				w.block[c*size+m] = v
			}
		}
		for c := range nc {
			line := w.block[c*size:][:size]
			a.line(line[:a.n], line[:a.modes], w)
		}
		for x := range a.n {
			row := dst[x*cols+c0:][:nc]
			for c := range row {
				row[c] = w.block[c*size+x]
			}
		}
	}
}

// line expands one line; dst and src may be the same place.
func (a *lines) line(dst, src []float32, w *lineWork) {
	clear(w.coefficients)
	w.coefficients[0] = complex(float64(src[0]), 0)
	for m := 1; m < a.modes; m += 2 {
		c, s := float64(src[m]), 0.0
		if m+1 < a.modes {
			s = float64(src[m+1])
		}
		w.coefficients[frequency(m)] = complex(c*math.Sqrt2/2, -s*math.Sqrt2/2)
		if 2*frequency(m) == a.period {
			w.coefficients[frequency(m)] = complex(c, 0)
		}
	}
	w.fft.Sequence(w.values, w.coefficients)
	for x := range dst {
		dst[x] = float32(w.values[x])
	}
}
