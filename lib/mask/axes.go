package mask

import (
	"fmt"
	"strings"
)

// Axes is a set of the axes of a tensor: sample, channel, depth, row, column.
type Axes uint8

const (
	N Axes = 1 << iota // samples
	C                  // channels
	D                  // depth
	H                  // rows
	W                  // columns
)

const letters = "NCDHW"

// ParseAxes reads a set of axes: one or more of the letters N, C, D, H and W in any order, each at most once.
func ParseAxes(s string) (Axes, error) {
	var axes Axes
	for _, r := range s {
		i := strings.IndexRune(letters, r)
		if i < 0 {
			return 0, fmt.Errorf("mask: unknown axis %q in axes %q, want letters of %s", r, s, letters)
		}
		if axes&(1<<i) != 0 {
			return 0, fmt.Errorf("mask: axis %c is named twice in axes %q", r, s)
		}
		axes |= 1 << i
	}
	if axes == 0 {
		return 0, fmt.Errorf("mask: no axes given, want letters of %s such as HW", letters)
	}
	return axes, nil
}

// String returns the letters of the axes in the order NCDHW.
func (a Axes) String() string {
	var b strings.Builder
	for i := range letters {
		if a&(1<<i) != 0 {
			b.WriteByte(letters[i])
		}
	}
	return b.String()
}

// extent returns the shape on the axes and 1 elsewhere, and its size.
func (a Axes) extent(shape [5]int) ([5]int, int) {
	size := 1
	for i, n := range shape {
		if n <= 0 {
			panic("mask: shape must be positive")
		}
		if a&(1<<i) == 0 {
			shape[i] = 1
		}
		size *= shape[i]
	}
	return shape, size
}

// Cells is the number of cells of the mask of a tensor of that shape, [N, C, D, H, W].
func (a Axes) Cells(shape [5]int) int {
	_, size := a.extent(shape)
	return size
}
