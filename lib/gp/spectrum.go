package gp

import "math"

// The modes of an axis are numbered from low to high frequency: the constant, then the cosine and the sine of frequency
// 1, of frequency 2, and so on. At the Nyquist frequency of an even period there is a cosine only.

// frequency returns that of a mode: how many times it goes round in a period.
func frequency(mode int) int { return (mode + 1) / 2 }

// isSine reports whether a mode is a sine, not a cosine or the constant.
func isSine(mode int) bool { return mode > 0 && mode%2 == 0 }

// neglected is the share of the variance, without that of the mean, that the modes left out may have together: 1/256 of
// float32's rounding. In a Gaussian spectrum these modes lie more than maxDeviations standard deviations from zero, each
// n/2πℓ: 2·Q(6.34) = 2⁻³².
const (
	neglected     = 0x1p-32
	maxDeviations = 6.34
)

// gaussianSpectrum returns the number of modes that are drawn for the squared exponential of length l on a ring of n
// points, and their standard deviations by frequency. The highest frequencies, which have a share of neglected, are not
// drawn.
func gaussianSpectrum(n int, l float64) (modes int, amplitude []float64) {
	half := n / 2
	variance := make([]float64, half+1)
	share := func(k int) float64 { // of cosine and sine together
		if k == 0 || 2*k == n { // a cosine only
			return variance[k]
		}
		return 2 * variance[k]
	}
	total := 0.0
	for k := range variance {
		variance[k] = eigenvalue(float64(k)/float64(n), l) / float64(n)
		if k > 0 {
			total += share(k)
		}
	}
	last, tail := half, 0.0
	for last > 0 && tail+share(last) <= neglected*total {
		tail += share(last)
		last--
	}
	amplitude = variance[:last+1]
	for k, v := range amplitude {
		amplitude[k] = math.Sqrt(v)
	}
	return min(2*last+1, n), amplitude
}

// eigenvalue is the spectral density at u, in periods a pixel, |u| <= 1/2, of exp(-r²/2l²) sampled at all whole r. The
// two sides of Poisson's formula (NIST Digital Library of Mathematical Functions, eq. 1.8.16, https://dlmf.nist.gov/1.8.E16)
//
//	Σₙ exp(-n²/2l²) cos 2πun = l√(2π) Σⱼ exp(-2π²l²(u+j)²)
//
// each converge within a few terms where the other does not. With u = k/n the left side is the k-th eigenvalue of the
// kernel summed over all images on a ring of n points.
func eigenvalue(u, l float64) float64 {
	if l < 1 {
		return cosines(u, l)
	}
	return l * math.Sqrt(2*math.Pi) * gaussians(u, 1/(2*math.Pi*l))
}

// ring is exp(-r²/2l²) summed over the images of a lag r on a ring of n points, by the same formula.
func ring(r, n int, l float64) float64 {
	u := math.Remainder(float64(r), float64(n)) / float64(n)
	if s := l / float64(n); s <= 1/(2*math.Pi) {
		return gaussians(u, s)
	}
	s := l / float64(n)
	return s * math.Sqrt(2*math.Pi) * cosines(u, 1/(2*math.Pi*s))
}

// cosines is Σₙ exp(-n²/2l²) cos 2πun for l <= 1.
func cosines(u, l float64) float64 {
	sum := 1.0
	const reach = 10 // exp(-10²/2) is 2e-22
	for n := 1.0; n <= reach*l; n++ {
		r := n / l
		sum += 2 * math.Exp(-r*r/2) * math.Cos(2*math.Pi*u*n)
	}
	return sum
}

// gaussians is Σⱼ exp(-(u+j)²/2s²) for |u| <= 1/2 and s <= 1/2π.
func gaussians(u, s float64) float64 {
	sum := 0.0
	const reach = 2 // the next term is exp(-2π²·2.5²) = 3e-54
	for j := -reach; j <= reach; j++ {
		r := (u + float64(j)) / s
		sum += math.Exp(-r * r / 2)
	}
	return sum
}
