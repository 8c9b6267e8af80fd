package fieldtest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"backdrop/lib/gp"
)

// A Claim says what fields are claimed to be.
type Claim struct {
	Kernel       gp.Kernel
	Length       gp.Length // one for all axes, or one for each, in pixels
	Shape        []int     // of a field: one to three sizes
	Open         bool      // a window of open space; else a torus
	Variance     float64   // at lag 0, before the nugget: 0 means 1
	Nugget       float64   // variance of white noise on top
	Standardised bool      // every field has mean 0 and mean square 1
	Rounding     float64   // relative, of a value: 0 means that of float32, 2⁻²⁴
}

// maxPoints bounds the memory that a test takes, about 100 bytes a point.
const maxPoints = 1 << 28

func (c *Claim) validate() error {
	spec := gp.Spec{Shape: c.Shape, Scales: [][]gp.Length{{c.Length}}, Power: []float64{1}, Kernel: c.Kernel, Open: c.Open, Nugget: c.Nugget, Raw: true}
	if err := spec.Validate(); err != nil {
		return err
	}
	if points := size(c.Shape); points > maxPoints {
		return fmt.Errorf("testing fields of %v takes tables of %d values, the limit is %d; try smaller fields", c.Shape, points, maxPoints)
	}
	if c.Variance == 0 {
		c.Variance = 1
	}
	if !(c.Variance > 0) || math.IsInf(c.Variance, 0) {
		return fmt.Errorf("variance must be positive and finite, got %g", c.Variance)
	}
	if c.Standardised && c.Open {
		return fmt.Errorf("standardised fields cannot be tested in open space, where they have no covariance of their own at lags; draw them with --standardise none")
	}
	if c.Rounding == 0 {
		c.Rounding = 0x1p-24
	}
	return nil
}

// lengths are those along all axes.
func (c *Claim) lengths() []float64 {
	if len(c.Length) == 1 {
		return slices.Repeat(c.Length, len(c.Shape))
	}
	return c.Length
}

// String says it in one line.
func (c *Claim) String() string {
	var sizes []string
	for _, n := range c.Shape {
		sizes = append(sizes, fmt.Sprint(n))
	}
	parts := []string{c.Kernel.String(), fmt.Sprintf("length %v", c.Length), strings.Join(sizes, "x")}
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

// lags are those that covariances are tested at: parts and multiples of the length along each axis, and along all at once.
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

func size(shape []int) int {
	n := 1
	for _, v := range shape {
		n *= v
	}
	return n
}

// place returns the coordinates of a point of an array.
func place(p int, shape []int) []int {
	out := make([]int, len(shape))
	for i := len(shape) - 1; i >= 0; i-- {
		out[i] = p % shape[i]
		p /= shape[i]
	}
	return out
}
