package net

import (
	"fmt"
	"strconv"
	"strings"
)

// The axes along which a sample extends, besides its channels.
const (
	D = iota // depth
	H        // rows
	W        // columns
)

// Size is a number for each of the axes D, H and W.
type Size [3]int

// Along returns a size that is v along the last axes, as many as there are dimensions, and rest along the others.
func Along(dimensions, v, rest int) Size {
	s := Size{rest, rest, rest}
	for axis := 3 - dimensions; axis < 3; axis++ {
		s[axis] = v
	}
	return s
}

// Product is that of the three numbers.
func (s Size) Product() int { return s[D] * s[H] * s[W] }

// Text writes the numbers of the last axes: one if they are the same, else all, such as 3x5.
func (s Size) Text(dimensions int) string {
	own := s[3-dimensions:]
	words := make([]string, len(own))
	same := true
	for i, v := range own {
		words[i] = strconv.Itoa(v)
		same = same && v == own[0]
	}
	if same {
		return words[0]
	}
	return strings.Join(words, "x")
}

// parse reads what Text writes. An axis that there is not gets the value rest.
func (s *Size) parse(text string, dimensions, rest int) error {
	words := strings.Split(text, "x")
	if len(words) != 1 && len(words) != dimensions {
		if dimensions == 1 {
			return fmt.Errorf("is not one number, as sequences have one axis")
		}
		return fmt.Errorf("is neither one number nor one for each of the %d axes, such as %s", dimensions, strings.Repeat("3x", dimensions-1)+"3")
	}
	*s = Along(dimensions, 0, rest)
	for i := range dimensions {
		v, err := strconv.Atoi(words[min(i, len(words)-1)])
		if err != nil {
			if dimensions == 1 || len(words) == 1 {
				return fmt.Errorf("is not a whole number")
			}
			return fmt.Errorf("is not whole numbers such as %s", strings.Repeat("3x", dimensions-1)+"3")
		}
		s[3-dimensions+i] = v
	}
	return nil
}

// Shape is the extent of one sample's tensor: channels, depth, rows, columns. Images have no depth (0), and sequences no
// rows either.
type Shape struct{ C, D, H, W int }

// Dimensions is the number of axes besides the channels: 1 for sequences, 2 for images, 3 for volumes.
func (s Shape) Dimensions() int {
	switch {
	case s.D != 0:
		return 3
	case s.H != 0:
		return 2
	}
	return 1
}

// Size is the extent along each axis; 1 along one that there is not.
func (s Shape) Size() Size {
	size := Size{s.D, s.H, s.W}
	for axis := range 3 - s.Dimensions() {
		size[axis] = 1
	}
	return size
}

// with returns a shape of as many dimensions with other channels and extents.
func (s Shape) with(channels int, size Size) Shape {
	t := Shape{C: channels, W: size[W]}
	if s.Dimensions() > 1 {
		t.H = size[H]
	}
	if s.Dimensions() > 2 {
		t.D = size[D]
	}
	return t
}

// Axes are the extents that there are, channels first.
func (s Shape) Axes() []int {
	size := s.Size()
	return append([]int{s.C}, size[3-s.Dimensions():]...)
}

// Batch is the shape N,C,D,H,W of a batch; 1 along an axis that there is not.
func (s Shape) Batch(samples int) [5]int {
	z := s.Size()
	return [5]int{samples, s.C, z[D], z[H], z[W]}
}

// Max is the larger of both extents along each axis of two shapes with the same axes.
func (s Shape) Max(t Shape) Shape {
	return Shape{max(s.C, t.C), max(s.D, t.D), max(s.H, t.H), max(s.W, t.W)}
}

// Len is the number of elements.
func (s Shape) Len() int { return s.C * s.Size().Product() }

// String writes the extents that there are, such as 3×100×317.
func (s Shape) String() string {
	words := make([]string, 0, 4)
	for _, v := range s.Axes() {
		words = append(words, strconv.Itoa(v))
	}
	return strings.Join(words, "×")
}

const (
	maxElements = 1 << 34 // of a tensor (64 GiB of float32), so that no product of sizes overflows
	maxExtent   = 1 << 24 // of each size on its own, but for what flatten makes
)

// check returns an error if the shape is out of bounds.
func (s Shape) check() error {
	rest := maxElements
	for _, v := range s.Axes() {
		if v < 1 || v > maxExtent || rest/v == 0 {
			return fmt.Errorf("%v: each size must be between 1 and %d, and their product at most %d", s, maxExtent, int64(maxElements))
		}
		rest /= v
	}
	return nil
}
