package mask

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"

	"backdrop/lib/rng"
)

// Mask says where a gradient survives. The zero Mask is empty, ready for Draw or Pin.
type Mask struct {
	Axes   Axes    // along which cells differ
	Shape  [5]int  // the tensor's extent along Axes, 1 along the others
	Keep   []bool  // one cell each, the last axis fastest
	Factor float32 // of the cells that are kept: size/kept
}

// New returns the mask of a tensor of the given shape that keeps the given cells, at least one. It holds on to keep.
func New(axes Axes, shape [5]int, keep []bool) *Mask {
	extent, size := axes.extent(shape)
	if len(keep) != size {
		panic("mask: length of keep is not the product of the shape on the axes")
	}
	m := &Mask{Axes: axes, Shape: extent, Keep: keep}
	m.normalise()
	return m
}

// At returns the factor of the gradient at one place of the tensor: 0 or Factor.
func (m *Mask) At(n, c, d, h, w int) float32 {
	i := 0
	if m.Axes&N != 0 {
		i = n
	}
	if m.Axes&C != 0 {
		i = i*m.Shape[1] + c
	}
	if m.Axes&D != 0 {
		i = i*m.Shape[2] + d
	}
	if m.Axes&H != 0 {
		i = i*m.Shape[3] + h
	}
	if m.Axes&W != 0 {
		i = i*m.Shape[4] + w
	}
	if m.Keep[i] {
		return m.Factor
	}
	return 0
}

// Passes reports whether the gradient of one pixel of sample n gets through, in any channel.
func (m *Mask) Passes(n, d, h, w int) bool {
	if m.Axes&C == 0 {
		return m.At(n, 0, d, h, w) != 0
	}
	for c := range m.Shape[1] {
		if m.At(n, c, d, h, w) != 0 {
			return true
		}
	}
	return false
}

// Coord names one draw: the layer by its index in the network.
type Coord struct {
	Seed, Step uint64 // of the run; steps count from 0 through all epochs
	Layer      int    // from 0
}

// fallback stands where the sample's number does, in the coordinates of the stream that chooses the one cell kept
// when all were dropped.
const fallback = math.MaxUint64

// Draw makes m the mask of a tensor of shape N, C, D, H, W in which each cell along the axes is dropped with probability
// p, in [0, 1]. A cell is kept where the next rand.Rand.Float64 of its stream is at least p, so its probability is
// exact to 2⁻⁵³.
func (m *Mask) Draw(at Coord, p float64, axes Axes, shape [5]int) {
	if !(p >= 0 && p <= 1) {
		panic("mask: probability must be between 0 and 1")
	}
	m.reset(axes, shape)
	// Float64 is k·2⁻⁵³ for the lower 53 bits k of the next number; k·2⁻⁵³ ≥ p when k ≥ p·2⁵³, which is exact.
	threshold := uint64(math.Ceil(p * (1 << 53)))
	samples := m.Shape[0]
	cells := len(m.Keep) / samples
	var s rng.Stream
	for n := range samples {
		s.Set(at.Seed, rng.Mask, at.Step, uint64(at.Layer), uint64(n))
		for i := range cells {
			m.Keep[n*cells+i] = s.Uint64()&(1<<53-1) >= threshold
		}
	}
	if !slices.Contains(m.Keep, true) {
		s.Set(at.Seed, rng.Mask, at.Step, uint64(at.Layer), fallback)
		m.Keep[below(&s, uint64(len(m.Keep)))] = true
	}
	m.normalise()
}

// Pin makes m the mask that keeps only the cells at one place along the last axes, as many as there are numbers, in every
// sample and channel. Along an axis that is not named there is one cell, number 0.
func (m *Mask) Pin(axes Axes, shape [5]int, at ...int) error {
	extent, _ := axes.extent(shape)
	own := extent[len(extent)-len(at):]
	cell, size := 0, 1
	for i, n := range own {
		if at[i] < 0 || at[i] >= n {
			return fmt.Errorf("mask: cell %s lies outside a mask of %s", strings.Trim(strings.ReplaceAll(fmt.Sprint(at), " ", ","), "[]"), cells(own))
		}
		cell, size = cell*n+at[i], size*n
	}
	m.reset(axes, shape)
	for i := cell; i < len(m.Keep); i += size {
		m.Keep[i] = true
	}
	m.normalise()
	return nil
}

// cells writes how many cells there are along the last axes: 2 planes, 3 rows and 4 columns.
func cells(sizes []int) string {
	switch len(sizes) {
	case 3:
		return fmt.Sprintf("%d planes, %d rows and %d columns", sizes[0], sizes[1], sizes[2])
	case 2:
		return fmt.Sprintf("%d rows and %d columns", sizes[0], sizes[1])
	}
	return fmt.Sprintf("%d cells", sizes[0])
}

// reset gives m its shape, with no cell kept.
func (m *Mask) reset(axes Axes, shape [5]int) {
	extent, size := axes.extent(shape)
	m.Axes, m.Shape, m.Factor = axes, extent, 0
	m.Keep = slices.Grow(m.Keep[:0], size)[:size]
	clear(m.Keep)
}

// normalise computes Factor from Keep.
func (m *Mask) normalise() {
	kept := 0
	for _, k := range m.Keep {
		if k {
			kept++
		}
	}
	if kept == 0 {
		panic("mask: no cell is kept")
	}
	m.Factor = float32(float64(len(m.Keep)) / float64(kept))
}

// below returns a number in [0, n), every one equally probable (D. Lemire, "Fast Random Integer Generation in an
// Interval", ACM TOMACS 29, 2019, algorithm 5). A rand.Rand would do the same, but allocates.
func below(s *rng.Stream, n uint64) uint64 {
	hi, lo := bits.Mul64(s.Uint64(), n)
	for reject := -n % n; lo < reject; {
		hi, lo = bits.Mul64(s.Uint64(), n)
	}
	return hi
}
