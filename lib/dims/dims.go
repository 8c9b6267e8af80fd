// Package dims counts in arrays of any number of axes, whose elements are in C order: the last axis runs fastest.
package dims

// Count is the number of elements: 1 of a scalar, which has no axes.
func Count(shape []int) int {
	n := 1
	for _, size := range shape {
		n *= size
	}
	return n
}

// Index is where element i stands along each axis, as numpy.unravel_index says it.
func Index(i int, shape []int) []int {
	at := make([]int, len(shape))
	for axis := len(shape) - 1; axis >= 0; axis-- {
		at[axis] = i % shape[axis]
		i /= shape[axis]
	}
	return at
}
