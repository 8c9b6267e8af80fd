package gp

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
)

// Kernel is a covariance function of stationary fields of variance 1. It depends on the lag h, in pixels, through
// r² = Σ (hᵢ/ℓᵢ)², with a length for every axis. The zero value is SE.
type Kernel uint8

// The kernels of forms, which says what they are.
const (
	SE Kernel = iota
	Matern12
	Matern32
	Matern52
)

// forms is the table of kernels: a new one is a constant above and an entry here.
//
// The Matérn covariances of smoothness 1/2, 3/2 and 5/2 are those of C. E. Rasmussen, C. K. I. Williams, "Gaussian
// Processes for Machine Learning", MIT Press, 2006, section 4.2.1.
var forms = []form{
	SE: {
		name: "se", about: "the squared exponential",
		at:      func(r float64) float64 { return math.Exp(-r * r / 2) },
		mixture: func() []component { return []component{{1, 1}} },
	},
	Matern12: {
		name: "matern12", about: "the exponential",
		at:      func(r float64) float64 { return math.Exp(-r) },
		mixture: maternMixture(0.5),
	},
	Matern32: {
		name: "matern32",
		at: func(r float64) float64 {
			r *= math.Sqrt(3)
			return (1 + r) * math.Exp(-r)
		},
		mixture: maternMixture(1.5),
	},
	Matern52: {
		name: "matern52",
		at: func(r float64) float64 {
			r *= math.Sqrt(5)
			return (1 + r + r*r/3) * math.Exp(-r)
		},
		mixture: maternMixture(2.5),
	},
}

// A form is all that is known of a kernel. Both at and mixture are needed: the first is the covariance in open space, and
// the second gives the covariance and the spectrum on a torus. Tests compare the two for every kernel.
type form struct {
	name    string                  // as ParseKernel reads it
	about   string                  // what it is called otherwise; "" if the name says it
	at      func(r float64) float64 // the covariance at distance r, in lengths: 1 at 0, and negligible beyond farthest
	mixture func() []component      // the same as a sum of squared exponentials, whose weights add up to 1
}

// A component is a squared exponential of a given weight and length, relative to the kernel's.
type component struct{ weight, length float64 }

// farthest is the distance, in lengths, at which every kernel is negligible.
const farthest = 64

// Kernels returns all kernels.
func Kernels() []Kernel {
	all := make([]Kernel, len(forms))
	for i := range all {
		all[i] = Kernel(i)
	}
	return all
}

// String returns the name of the kernel.
func (k Kernel) String() string {
	if int(k) >= len(forms) {
		return fmt.Sprintf("kernel %d", uint8(k))
	}
	return forms[k].name
}

// About returns what the kernel is called besides its name, such as "the squared exponential"; "" if nothing.
func (k Kernel) About() string { return forms[k].about }

// ParseKernel returns the kernel of a name.
func ParseKernel(name string) (Kernel, error) {
	if k := slices.IndexFunc(forms, func(f form) bool { return f.name == name }); k >= 0 {
		return Kernel(k), nil
	}
	var names []string
	for _, f := range forms {
		names = append(names, f.name)
	}
	last := len(names) - 1
	return 0, fmt.Errorf("kernel must be %s or %s, got %q", strings.Join(names[:last], ", "), names[last], name)
}

// validate refuses a number that is no kernel.
func (k Kernel) validate() error {
	if int(k) >= len(forms) {
		return fmt.Errorf("there is no %v", k)
	}
	return nil
}

// At returns the covariance at distance r, in lengths. It panics if there is no such kernel.
func (k Kernel) At(r float64) float64 { return forms[k].at(r) }

// mixture returns the kernel as a mixture of squared exponentials.
func (k Kernel) mixture() []component { return forms[k].mixture() }

// separable reports whether the kernel is a product over the axes, and so is its spectrum: whether it is a squared
// exponential. The length is that one's, relative to the kernel's.
func (k Kernel) separable() (length float64, ok bool) {
	if m := k.mixture(); len(m) == 1 {
		return m[0].length, true
	}
	return 0, false
}

// maternMixture returns the Matérn covariance of smoothness ν as a mixture of squared exponentials. So what is known of
// these in closed form on a torus, axis by axis, gives sums over images and spectra that converge too slowly to be added
// up term by term.
//
// The integral [M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions", 1964, eq. 9.6.24, and Rasmussen and
// Williams, eq. 4.14]
//
//	k(r) = νᵛ/Γ(ν) ∫ exp(-r²/2t) tᵛ⁻¹ exp(-νt) dt
//
// is taken over u = log t with the trapezoidal rule of step h. The integrand is analytic for |Im u| < π/2, so that the
// error vanishes nearly like exp(-π²/h) (L. N. Trefethen, J. A. C. Weideman, "The Exponentially Convergent Trapezoidal Rule",
// SIAM Review 56, 2014, theorem 5.1): for 0.2 it is below rounding.
func maternMixture(nu float64) func() []component {
	return sync.OnceValue(func() []component {
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
	})
}
