package fieldtest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"backdrop/lib/gp"
	"backdrop/lib/machine"
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

// bytesPerPoint bounds the memory that a test takes: eigenvalues, modes, their powers and weights.
const bytesPerPoint = 64

// Memory bounds the bytes that testing fields of a shape takes.
func Memory(shape []int) float64 {
	need := float64(bytesPerPoint)
	for _, n := range shape {
		need *= float64(n)
	}
	return need
}

func (c *Claim) validate() error {
	need := Memory(c.Shape)
	if have, whose := machine.Memory(); need > float64(have) {
		return fmt.Errorf("testing fields of %s pixels takes %.3g GB of memory, %s; try smaller fields", sizes(c.Shape), need/1e9, fmt.Sprintf(whose, fmt.Sprintf("%.3g GB", float64(have)/1e9)))
	}
	spec := gp.Spec{Shape: c.Shape, Scales: [][]gp.Length{{c.Length}}, Power: []float64{1}, Kernel: c.Kernel, Open: c.Open, Nugget: c.Nugget, Raw: true}
	if err := spec.Validate(); err != nil {
		return err
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
	parts := []string{c.Kernel.String(), fmt.Sprintf("length %v", c.Length), sizes(c.Shape)}
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

// lags are those that covariances are tested at: parts and multiples of the length along each axis, and along all at
// once.
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

func sizes(shape []int) string {
	var out []string
	for _, n := range shape {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, "x")
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
