package gp

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"backdrop/lib/machine"
)

// Spec says what is drawn: samples S = Σ powerᵢ·Sᵢ, where every Sᵢ is a field standardised over its own sample.
type Spec struct {
	Shape  []int       // height and width in pixels
	Scales [][]float64 // of each scale, the correlation lengths to choose from, in pixels
	Power  []float64   // one for each scale
	Seed   uint64
}

const (
	maxClasses = 1 << 20
	maxPower   = 1e30 // leaves float32 room for the largest sum of fields
)

// Validate says what is wrong with s, nil if nothing is.
func (s *Spec) Validate() error {
	if len(s.Shape) != 2 {
		return fmt.Errorf("shape must be two sizes, height and width, got %d", len(s.Shape))
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
	if need, have := s.memory(), float64(machine.Memory()); need > have {
		return fmt.Errorf("drawing %dx%d pixels needs %s of memory, this machine has %s; try a smaller size",
			s.Shape[0], s.Shape[1], bytesText(need), bytesText(have))
	}
	return nil
}

func (s *Spec) validateScales() error {
	if len(s.Scales) == 0 {
		return fmt.Errorf("at least one scale is needed, got none")
	}
	side := slices.Min(s.Shape)
	classes := 1
	scaleOf := map[float64]int{}
	for j, lengths := range s.Scales {
		if len(lengths) == 0 {
			return fmt.Errorf("scale %d has no length", j+1)
		}
		for _, l := range lengths {
			if !(l > 0) || math.IsInf(l, 0) {
				return fmt.Errorf("length must be positive and finite, got %g in scale %d", l, j+1)
			}
			// At the side itself all but 5e-9 of the variance is in the mean; beyond, float32 cannot tell a field from none.
			if l > float64(side) {
				return fmt.Errorf("length %g is longer than a torus of %d px can hold, at most %d; try a larger size or shorter lengths", l, side, side)
			}
			switch i, taken := scaleOf[l]; {
			case taken && i == j:
				return fmt.Errorf("length %g stands twice in scale %d", l, j+1)
			case taken:
				return fmt.Errorf("length %g stands in scales %d and %d; a length may belong to one scale only", l, i+1, j+1)
			}
			scaleOf[l] = j
		}
		if classes > maxClasses/len(lengths) {
			return fmt.Errorf("lengths combine to more than %d classes; try fewer scales or lengths", maxClasses)
		}
		classes *= len(lengths)
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
func (s *Spec) Lengths(class int) []float64 {
	out := make([]float64, len(s.Scales))
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
			parts = append(parts, strconv.FormatFloat(l, 'g', -1, 64))
		}
		names[c] = strings.Join(parts, "-")
	}
	return names
}

// memory bounds the bytes that drawing one sample takes, in floating point because the sizes may be absurd.
func (s *Spec) memory() float64 {
	shortest := math.Inf(1)
	for _, lengths := range s.Scales {
		shortest = min(shortest, slices.Min(lengths))
	}
	modes := func(n float64) float64 { return min(n, 2*maxDeviations*n/(2*math.Pi*shortest)+3) }
	h, w := float64(s.Shape[0]), float64(s.Shape[1])
	mh, mw := modes(h), modes(w)
	sample, halfway, coefficients := 4*h*w, 4*mh*w, (4+8)*mh*mw
	tables := 2*4*(h/2+1)*mh + 2*4*(w/2+1)*mw
	return sample + halfway + coefficients + tables
}

func bytesText(n float64) string {
	const unit = "kMGTPEZY"
	i := 0
	for n /= 1000; n >= 999.5 && i < len(unit)-1; i++ {
		n /= 1000
	}
	return fmt.Sprintf("%.3g %cB", n, unit[i])
}
