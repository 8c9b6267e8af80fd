package gp

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Spec says what is drawn: samples S = Σ powerᵢ·Sᵢ of independent fields Sᵢ.
type Spec struct {
	Shape  []int      // in pixels: a sequence's length; height and width; or depth, height and width
	Scales [][]Length // of each scale, the correlation lengths to choose from
	Power  []float64  // one for each scale
	Seed   uint64
	Kernel Kernel
	Open   bool    // a sample is a window of open space; else it is a torus
	Nugget float64 // variance of white noise that is added to every field
	Raw    bool    // fields keep their own mean and variance; else every one is standardised over its own sample

	Patches    bool    // fields are put together from patches, as in 2018; they are squared-exponential and neither open nor a torus
	WrapFactor float64 // with Patches, the width of the strips that edges share: see Patchwork
}

const (
	maxClasses = 1 << 20
	maxPower   = 1e30 // leaves float32 room for the largest sum of fields
	maxNugget  = 1e12 // a million deviations of the field; float32 has not more digits
)

// Validate says what is wrong with s, nil if nothing is.
func (s *Spec) Validate() error {
	if n := len(s.Shape); n < 1 || n > 3 {
		return fmt.Errorf("shape must be one to three sizes, got %d", n)
	}
	for _, n := range s.Shape {
		if n < 1 {
			return fmt.Errorf("size must be positive, got %d", n)
		}
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
		return fmt.Errorf("a single pixel cannot be standardised, its deviation is 0; try a larger size or --standardise none")
	}
	if s.Patches {
		if err := s.validatePatches(); err != nil {
			return err
		}
	}
	return s.validateMemory()
}

func (s *Spec) validateScales() error {
	if len(s.Scales) == 0 {
		return fmt.Errorf("at least one scale is needed, got none")
	}
	classes := 1
	scaleOf := map[string]int{}
	for j, lengths := range s.Scales {
		if len(lengths) == 0 {
			return fmt.Errorf("scale %d has no length", j+1)
		}
		for _, l := range lengths {
			if err := s.validateLength(l, j+1); err != nil {
				return err
			}
			key := Length(l.each(len(s.Shape))).String()
			switch i, taken := scaleOf[key]; {
			case taken && i == j:
				return fmt.Errorf("length %v stands twice in scale %d", l, j+1)
			case taken:
				return fmt.Errorf("length %v stands in scales %d and %d; a length may belong to one scale only", l, i+1, j+1)
			}
			scaleOf[key] = j
		}
		if classes > maxClasses/len(lengths) {
			return fmt.Errorf("lengths combine to more than %d classes; try fewer scales or lengths", maxClasses)
		}
		classes *= len(lengths)
	}
	return nil
}

// maxWindow is how many times longer than a window's side a length may be: the deviation of what is then left of a field
// without its mean is above 1/20, and float32 has five digits of it.
const maxWindow = 4

func (s *Spec) validateLength(l Length, scale int) error {
	if len(l) != 1 && len(l) != len(s.Shape) {
		return fmt.Errorf("length must be one number, or one for each of %d axes, got %v in scale %d", len(s.Shape), l, scale)
	}
	for i, v := range l.each(len(s.Shape)) {
		n := s.Shape[i]
		switch {
		case !(v > 0) || math.IsInf(v, 0):
			return fmt.Errorf("length must be positive and finite, got %v in scale %d", l, scale)
		// At the side itself all but 5e-9 of a squared exponential's variance is in the mean; beyond, float32 cannot
		// tell a field from none.
		case !s.Open && v > float64(n):
			return fmt.Errorf("length %v is longer than a torus of %d px can hold, at most %d; try a larger size, shorter lengths or --boundary open", l, n, n)
		case s.Open && v > maxWindow*float64(n):
			return fmt.Errorf("length %v is longer than a window of %d px can show, at most %d; try a larger size or shorter lengths", l, n, maxWindow*n)
		}
	}
	return nil
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
