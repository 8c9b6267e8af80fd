package fieldcheck

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"backdrop/lib/dims"
	"backdrop/lib/finite"
	"backdrop/lib/gp"
	"backdrop/lib/machine"
)

// A Claim says what fields are claimed to be.
type Claim struct {
	Kernel       gp.Kernel // covariance of unit variance
	Length       gp.Length // one for all axes, or one for each, in pixels
	Shape        []int     // of a field: one to three sizes
	Open         bool      // a window of open space; else a torus
	Variance     float64   // at lag 0, before the nugget: 0 means 1
	Nugget       float64   // variance of white noise on top
	Standardised bool      // every field has mean 0 and mean square 1
	Rounding     float64   // relative, of a value: 0 means that of float32, 2⁻²⁴
}

// bytesPerPoint bounds the memory that a test takes: eigenvalues, modes, their powers and weights.
const bytesPerPoint = 64

// Memory bounds the bytes that testing fields of a shape takes.
func Memory(shape []int) float64 { return bytesPerPoint * dims.CountFloat(shape) }

// ErrStandardisedOpen is the error of a claim that nothing can be tested of.
var ErrStandardisedOpen = errors.New("standardised fields cannot be tested in open space, where they have no covariance of their own at lags")

// validate says what is wrong with the claim, and fills in what is 0. Errors are *machine.Shortage, ErrStandardisedOpen, and
// those of package gp.
func (c *Claim) validate() error {
	if err := machine.Fits(fmt.Sprintf("testing fields of %s pixels", dims.Text(c.Shape)), Memory(c.Shape)); err != nil {
		return err
	}
	if err := gp.CheckLength(c.Length, c.Shape, c.Open); err != nil { // a Spec's error would speak of scales
		return err
	}
	spec := gp.Spec{Shape: c.Shape, Scales: [][]gp.Length{{c.Length}}, Power: []float64{1}, Kernel: c.Kernel, Open: c.Open, Nugget: c.Nugget, Raw: true}
	if err := spec.Validate(); err != nil {
		return err
	}
	if c.Variance == 0 {
		c.Variance = 1
	}
	if !(c.Variance > 0) || !finite.Is(c.Variance) {
		return fmt.Errorf("variance must be positive and finite, got %g", c.Variance)
	}
	if c.Standardised && c.Open {
		return ErrStandardisedOpen
	}
	if c.Rounding == 0 {
		c.Rounding = 0x1p-24
	}
	return nil
}

// lengths are those along all axes.
func (c *Claim) lengths() []float64 { return c.Length.Along(len(c.Shape)) }

// String says it in one line.
func (c *Claim) String() string {
	parts := []string{c.Kernel.String(), fmt.Sprintf("length %v", c.Length), dims.Text(c.Shape)}
	if c.Open {
		parts = append(parts, "open")
	} else {
		parts = append(parts, "torus")
	}
	if c.Standardised {
		parts = append(parts, "standardised")
	} else {
		parts = append(parts, fmt.Sprintf("variance %g", c.Variance))
	}
	if c.Nugget > 0 {
		parts = append(parts, fmt.Sprintf("nugget %g", c.Nugget))
	}
	return strings.Join(parts, ", ")
}

// lags are the lags, in pixels along each axis, at which covariances are tested: parts and multiples of the length along
// each axis, and along all axes at once.
func (c *Claim) lags() [][]int {
	var out [][]int
	add := func(lag []int) {
		far := false
		for i, h := range lag {
			far = far || 2*h > c.Shape[i]
		}
		if !far && slices.Max(lag) > 0 && !slices.ContainsFunc(out, func(l []int) bool { return slices.Equal(l, lag) }) {
			out = append(out, lag)
		}
	}
	lengths := c.lengths()
	for i, l := range lengths {
		for _, part := range []float64{0.25, 0.5, 1, 1.5, 2, 3} {
			lag := make([]int, len(c.Shape))
			lag[i] = max(1, int(math.Round(part*l)))
			add(lag)
		}
	}
	for _, part := range []float64{0.5, 1} {
		lag := make([]int, len(c.Shape))
		for i, l := range lengths {
			lag[i] = max(1, int(math.Round(part*l)))
		}
		add(lag)
	}
	return out
}
