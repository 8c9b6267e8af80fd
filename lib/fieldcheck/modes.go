package fieldcheck

import (
	"math"
	"slices"

	"backdrop/lib/dims"

	"gonum.org/v1/gonum/dsp/fourier"
)

// A mode is a Fourier mode of real fields: one of a conjugate pair, or one that is its own conjugate.
type mode struct {
	at         int     // its index among the coefficients
	freedom    float64 // 2 of a pair, whose coefficient is complex; else 1
	eigenvalue float64
}

// A spectrum holds the modes of fields on a torus.
type spectrum struct {
	shape, half  []int // of a field; of its coefficients, of which the last axis has no negative frequencies
	eigenvalues  []float64
	modes        []mode // those that are compared with their eigenvalues
	faint        []mode // the others: see faintShare
	fft          *fourier.FFT
	axes         []*fourier.CmplxFFT
	row          []float64
	line         []complex128
	coefficients []complex128
}

// faintShare is the share of the variance that the faintest modes have together. They are not compared with their
// eigenvalues, since samplers leave them out with good reason: package gp leaves out a share of 2⁻³² along each axis.
const faintShare = 1e-7

func newSpectrum(c *Claim) *spectrum {
	s := &spectrum{shape: c.Shape, half: append([]int(nil), c.Shape...)}
	last := len(c.Shape) - 1
	s.half[last] = c.Shape[last]/2 + 1
	s.eigenvalues = c.Kernel.Eigenvalues(c.Shape, c.lengths())
	for i, v := range s.eigenvalues {
		s.eigenvalues[i] = c.Variance*v + c.Nugget
	}
	least := max(faintLimit(s.eigenvalues), 1e3*noisePower(c)) // a thousandth is less than a standard error of a power
	for at := range dims.Count(s.half) {
		k := dims.Index(at, s.half)
		other, full := 0, 0
		for i, n := range s.shape {
			full = full*n + k[i]
			if i == last {
				other = other*s.half[i] + k[i]
			} else {
				other = other*s.half[i] + (n-k[i])%n
			}
		}
		m := mode{at, 2, s.eigenvalues[full]}
		if f := k[last]; f == 0 || 2*f == s.shape[last] {
			if other < at { // the conjugate stands for both
				continue
			}
			if other == at {
				m.freedom = 1
			}
		}
		if at == 0 && c.Standardised {
			continue
		}
		if m.eigenvalue < least {
			s.faint = append(s.faint, m)
		} else {
			s.modes = append(s.modes, m)
		}
	}
	s.fft = fourier.NewFFT(s.shape[last])
	for _, n := range s.shape[:last] {
		s.axes = append(s.axes, fourier.NewCmplxFFT(n))
		s.line = append(s.line[:0], make([]complex128, max(n, len(s.line)))...)
	}
	s.row = make([]float64, s.shape[last])
	s.coefficients = make([]complex128, dims.Count(s.half))
	return s
}

// faintLimit returns the eigenvalue below which all others together are the faint share.
func faintLimit(eigenvalues []float64) float64 {
	sorted := slices.Sorted(slices.Values(eigenvalues))
	whole := 0.0
	for _, v := range sorted {
		whole += v
	}
	sum := 0.0
	for _, v := range sorted {
		if sum += v; sum > faintShare*whole {
			return v
		}
	}
	return 0
}

// noisePower bounds the power that rounding adds to a mode. Errors of values are independent, and so they are white noise of
// the variance of one of them: here that of four roundings of a value of one standard deviation.
func noisePower(c *Claim) float64 {
	return 16 * c.Rounding * c.Rounding * (c.Variance + c.Nugget)
}

// transform returns the coefficients of a field, which are overwritten by the next call. They are divided by the root of
// the number of points, so that the expected square of one is its eigenvalue.
func (s *spectrum) transform(x []float32) []complex128 {
	last := len(s.shape) - 1
	n, half := s.shape[last], s.half[last]
	norm := 1 / math.Sqrt(float64(len(x)))
	for r := range len(x) / n {
		for i, v := range x[r*n:][:n] {
			s.row[i] = float64(v) * norm
		}
		s.fft.Coefficients(s.coefficients[r*half:][:half], s.row)
	}
	stride := half
	for i := last - 1; i >= 0; i-- {
		n := s.shape[i]
		line := s.line[:n]
		for start := range len(s.coefficients) / n {
			first := start/stride*stride*n + start%stride
			for k := range line {
				line[k] = s.coefficients[first+k*stride]
			}
			s.axes[i].Coefficients(line, line)
			for k := range line {
				s.coefficients[first+k*stride] = line[k]
			}
		}
		stride *= n
	}
	return s.coefficients
}

// frequencies returns those of a mode along all axes, between -n/2 and n/2.
func (s *spectrum) frequencies(at int) []int {
	k := dims.Index(at, s.half)
	for i, n := range s.shape {
		if 2*k[i] > n {
			k[i] -= n
		}
	}
	return k
}

// cosines returns, for every tested mode, its cosine at a lag.
func (s *spectrum) cosines(lag []int) []float64 {
	out := make([]float64, len(s.modes))
	tables := make([][]complex128, len(lag)) // of the phases along an axis
	for i, h := range lag {
		tables[i] = make([]complex128, s.half[i])
		for k := range tables[i] {
			sin, cos := math.Sincos(2 * math.Pi * float64(k*h%s.shape[i]) / float64(s.shape[i]))
			tables[i][k] = complex(cos, sin)
		}
	}
	for j, m := range s.modes {
		phase, at := complex(1, 0), m.at
		for i := len(lag) - 1; i >= 0; i-- {
			phase *= tables[i][at%s.half[i]]
			at /= s.half[i]
		}
		out[j] = real(phase)
	}
	return out
}
