package dims

import (
	"slices"
	"strconv"
	"strings"
)

// Sides are the sizes of a window, or of a sample, as people write them: none, one number of pixels for all axes, or one for
// each.
type Sides struct {
	numbers int
	side    [3]int // the numbers
}

// Square returns sides of that many pixels along each axis.
func Square(side int) Sides { return Sides{numbers: 1, side: [3]int{side}} }

// SidesOf returns one side for each of one to three axes: one number if they are the same.
func SidesOf(axes []int) Sides {
	if slices.Min(axes) == slices.Max(axes) {
		return Square(axes[0])
	}
	s := Sides{numbers: len(axes)}
	copy(s.side[:], axes)
	return s
}

// ParseSides reads 32 or 32x48; ok is false if it is neither.
func ParseSides(text string) (s Sides, ok bool) {
	for word := range strings.SplitSeq(text, "x") {
		v, err := strconv.Atoi(word)
		if err != nil || v < 1 || s.numbers == len(s.side) {
			return Sides{}, false
		}
		s.side[s.numbers] = v
		s.numbers++
	}
	return s, true
}

// None reports whether there are no sides.
func (s Sides) None() bool { return s.numbers == 0 }

// Numbers is how many numbers there are: 1 is for any number of axes.
func (s Sides) Numbers() int { return s.numbers }

// String is what ParseSides reads.
func (s Sides) String() string { return Text(s.side[:s.numbers]) }

// Fit reports whether there is a side for each of one to three axes.
func (s Sides) Fit(axes int) bool { return s.numbers == 1 || s.numbers == axes }

// Side is that of an axis, counted from 0.
func (s Sides) Side(axis int) int {
	if s.numbers == 1 {
		axis = 0
	}
	return s.side[axis]
}

// Along returns the sides of that many axes, which must Fit.
func (s Sides) Along(axes int) []int {
	sides := make([]int, axes)
	for axis := range sides {
		sides[axis] = s.Side(axis)
	}
	return sides
}
