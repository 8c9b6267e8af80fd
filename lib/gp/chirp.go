package gp

import "gonum.org/v1/gonum/dsp/fourier"

// chirp is a Fourier transform of real sequences, for lengths with large prime factors. With 2jk = j² + k² - (j-k)² it is a
// convolution, done at a length with small prime factors (L. I. Bluestein, "A Linear Filtering
// Approach to the Computation of the Discrete Fourier Transform", IEEE Trans. Audio Electroacoustics 18, 1970, 451–455).
type chirp struct {
	n        int
	fft      *fourier.CmplxFFT
	w        []complex128 // exp(iπj²/n)
	spectrum []complex128 // of exp(-iπd²/n) over all differences d, by the length of the convolution
	work     []complex128
}

func newChirp(n int) *chirp {
	m := smooth(n + n/2)
	c := &chirp{n: n, fft: fourier.NewCmplxFFT(m), w: make([]complex128, n), work: make([]complex128, m)}
	for j := range c.w {
		cos, sin := turn(j*j%(2*n), 2*n)
		c.w[j] = complex(cos, sin)
	}
	for d, v := range c.w {
		conjugate := complex(real(v), -imag(v)) / complex(float64(m), 0)
		c.work[d] = conjugate
		if d > 0 && d <= n/2 {
			c.work[m-d] = conjugate
		}
	}
	c.spectrum = c.fft.Coefficients(nil, c.work)
	return c
}

// Sequence does what fourier.FFT's does: dst[j] = Σₖ coefficients[k] exp(2πijk/n), with the conjugates that a real
// sequence has at negative k.
func (c *chirp) Sequence(dst []float64, coefficients []complex128) []float64 {
	clear(c.work)
	for k, v := range coefficients {
		if k > 0 && 2*k < c.n {
			v *= 2 // with the conjugate, of which the real part is the same
		}
		c.work[k] = v * c.w[k]
	}
	c.fft.Coefficients(c.work, c.work)
	for i, v := range c.spectrum {
		c.work[i] *= v
	}
	c.fft.Sequence(c.work, c.work)
	for j := range dst {
		dst[j] = real(c.work[j] * c.w[j])
	}
	return dst
}
