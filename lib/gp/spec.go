package gp

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Spec says what is drawn: samples S = Σ powerᵢ·Sᵢ of independent fields Sᵢ.
//
// Fields of patches have two dimensions, one length for both, the kernel SE, and edges of their own: they are neither open
// nor a torus.
type Spec struct {
	Shape  []int      // in pixels: a sequence's length; height and width; or depth, height and width
	Scales [][]Length // of each scale, the correlation lengths to choose from
	Power  []float64  // one for each scale
	Seed   uint64     // of all random numbers
	Kernel Kernel     // the covariance of each field, of variance 1
	Open   bool       // a sample is a window of open space; else it is a torus
	Nugget float64    // variance of white noise that is added to every field
	Raw    bool       // fields keep their own mean and variance; else every one is standardised over its own sample

	// Disk is the number of bytes that may lie in a Store while a sample is drawn, so that it need not fit in memory; 0 for
	// samples that are drawn in memory.
	Disk  float64
	large bool // drawn by way of a Store

	Patches    bool    // fields are put together from patches, as in 2018: see package patchwork
	WrapFactor float64 // with Patches, the width of the strips that edges share
}

const (
	maxClasses = 1 << 20
	maxPower   = 1e30 // leaves float32 room for the largest sum of fields
	maxNugget  = 1e12 // a million deviations of the field; float32 has not more digits
)

// ErrSinglePixel is the error of standardised fields of one pixel.
var ErrSinglePixel = errors.New("a single pixel cannot be standardised, its deviation is 0")

// Validate says what is wrong with s, nil if nothing is. Some errors have a type, so that a program can say what to try:
// *LengthError, ErrSinglePixel, those of package patchwork, and *machine.Shortage.
func (s *Spec) Validate() error {
	if n := len(s.Shape); n < 1 || n > 3 {
		return fmt.Errorf("shape must be one to three sizes, got %d", n)
	}
	for _, n := range s.Shape {
		if n < 1 {
			return fmt.Errorf("size must be positive, got %d", n)
		}
	}
	if err := s.Kernel.validate(); err != nil {
		return err
	}
	if err := s.validateScales(); err != nil {
		return err
	}
	if len(s.Power) != len(s.Scales) {
		return fmt.Errorf("number of powers must be that of scales, %d, got %d", len(s.Scales), len(s.Power))
	}
	for _, p := range s.Power {
		if !(p >= 0 && p <= maxPower) {
			return fmt.Errorf("power must lie between 0 and %g, got %g", maxPower, p)
		}
	}
	if !(s.Nugget >= 0 && s.Nugget <= maxNugget) {
		return fmt.Errorf("nugget must lie between 0 and %g, got %g", maxNugget, s.Nugget)
	}
	if !s.Raw && slices.Max(s.Shape) == 1 {
		return ErrSinglePixel
	}
	if s.Patches {
		if err := s.validatePatches(); err != nil {
			return err
		}
	}
	return s.validateMemory()
}

// NumClasses is the number of combinations of lengths.
func (s *Spec) NumClasses() int {
	n := 1
	for _, lengths := range s.Scales {
		n *= len(lengths)
	}
	return n
}

// Class returns the class of sample i: the classes come one after the other in turn.
func (s *Spec) Class(i int) int { return i % s.NumClasses() }

// Lengths returns the length that a class has at each scale; the first scale changes fastest with the class.
func (s *Spec) Lengths(class int) []Length {
	out := make([]Length, len(s.Scales))
	for j, lengths := range s.Scales {
		out[j] = lengths[class%len(lengths)]
		class /= len(lengths)
	}
	return out
}

// Classes returns the names of the classes: their lengths, such as "9.5-80".
func (s *Spec) Classes() []string {
	names := make([]string, s.NumClasses())
	for c := range names {
		var parts []string
		for _, l := range s.Lengths(c) {
			parts = append(parts, l.String())
		}
		names[c] = strings.Join(parts, "-")
	}
	return names
}
