package gp

import (
	"fmt"
	"math"
	"runtime"
	"strings"
)

// Kernel is a covariance function of stationary fields of variance 1. It depends on the lag h, in pixels, through
// r² = Σ (hᵢ/ℓᵢ)², with a length for every axis.
type Kernel int

// SE is the squared exponential exp(-r²/2). The others are the Matérn covariances of smoothness 1/2, 3/2 and 5/2
// (C. E. Rasmussen, C. K. I. Williams, "Gaussian Processes for Machine Learning", MIT Press, 2006, section 4.2.1):
//
//	exp(-r),  (1 + √3 r) exp(-√3 r),  (1 + √5 r + 5r²/3) exp(-√5 r)
const (
	SE Kernel = iota
	Matern12
	Matern32
	Matern52
)

var kernelNames = []string{"se", "matern12", "matern32", "matern52"}

func (k Kernel) String() string { return kernelNames[k] }

// ParseKernel returns the kernel of a name: se, matern12, matern32 or matern52.
func ParseKernel(name string) (Kernel, error) {
	for k, known := range kernelNames {
		if name == known {
			return Kernel(k), nil
		}
	}
	last := len(kernelNames) - 1
	return 0, fmt.Errorf("kernel must be %s or %s, got %q", strings.Join(kernelNames[:last], ", "), kernelNames[last], name)
}

// At returns the covariance at distance r, in lengths.
func (k Kernel) At(r float64) float64 {
	switch k {
	case Matern12:
		return math.Exp(-r)
	case Matern32:
		r *= math.Sqrt(3)
		return (1 + r) * math.Exp(-r)
	case Matern52:
		r *= math.Sqrt(5)
		return (1 + r + r*r/3) * math.Exp(-r)
	}
	return math.Exp(-r * r / 2)
}

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
	half := make([]int, len(shape))
	for i, n := range shape {
		half[i] = n/2 + 1
	}
	values := k.eigenvalues(shape, lengths)
	points := 1
	for _, n := range shape {
		points *= n
	}
	out := make([]float64, points)
	for p := range out {
		at, rest, stride := 0, p, 1
		for i := len(shape) - 1; i >= 0; i-- {
			f := rest % shape[i]
			rest /= shape[i]
			at += min(f, shape[i]-f) * stride
			stride *= half[i]
		}
		out[p] = values[at]
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
		if longest(lengths)*m.length < pointlike {
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
	rows := 1
	for _, n := range shape[:len(shape)-1] {
		rows *= n/2 + 1
	}
	out := make([]float64, rows*width)
	parallel(runtime.GOMAXPROCS(0), rows, func(r int) {
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

func longest(lengths []float64) float64 {
	out := 0.0
	for _, l := range lengths {
		out = max(out, l)
	}
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

// A component is a squared exponential of a given weight and length.
type component struct{ weight, length float64 }

// mixture returns the kernel as a mixture of squared exponentials, whose lengths are relative to the kernel's. So what is
// known in closed form for these on a torus, axis by axis, gives the sums over images and the spectra of all kernels,
// which for the Matérn covariances converge too slowly to be added up term by term.
//
// The integral [M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions", 1964, eq. 9.6.24, and Rasmussen and
// Williams, eq. 4.14]
//
//	k(r) = νᵛ/Γ(ν) ∫ exp(-r²/2t) tᵛ⁻¹ exp(-νt) dt
//
// is taken over u = log t with the trapezoidal rule of step h. The integrand is analytic for |Im u| < π/2, so that the
// error vanishes nearly like exp(-π²/h) (L. N. Trefethen, J. A. C. Weideman, "The Exponentially Convergent Trapezoidal Rule",
// SIAM Review 56, 2014, theorem 5.1): for 0.2 it is below rounding.
func (k Kernel) mixture() []component {
	var nu float64
	switch k {
	case SE:
		return []component{{1, 1}}
	case Matern12:
		nu = 0.5
	case Matern32:
		nu = 1.5
	case Matern52:
		nu = 2.5
	}
	const step = 0.2
	const smallest = 40 // exp(-40) is 4e-18, of a weight as of a tail
	var out []component
	sum := 0.0
	for u := -smallest / nu; nu*(math.Exp(u)-u) < nu+smallest; u += step {
		w := math.Exp(nu*u - nu*math.Exp(u))
		out = append(out, component{w, math.Exp(u / 2)})
		sum += w
	}
	for i := range out {
		out[i].weight /= sum
	}
	return out
}
