package dims

import (
	"strconv"
	"strings"
)

// CountFloat is Count in floating point, for sizes so large that their product is no int.
func CountFloat(shape []int) float64 {
	n := 1.0
	for _, size := range shape {
		n *= float64(size)
	}
	return n
}

// SetIndex is Index without an allocation: it overwrites at, which has an element for each axis.
func SetIndex(at []int, i int, shape []int) {
	for axis := len(shape) - 1; axis >= 0; axis-- {
		at[axis] = i % shape[axis]
		i /= shape[axis]
	}
}

// Text writes a shape as people do: 128x97.
func Text(shape []int) string {
	sizes := make([]string, len(shape))
	for i, n := range shape {
		sizes[i] = strconv.Itoa(n)
	}
	return strings.Join(sizes, "x")
}
