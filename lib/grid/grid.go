// Package grid counts the points of an array with any number of dimensions, and turns their numbers into coordinates. A
// shape has the size along each axis; points are numbered row by row, the last axis fastest.
package grid

import (
	"strconv"
	"strings"
)

// Points is the number of points: the product of the sizes.
func Points(shape []int) int {
	n := 1
	for _, size := range shape {
		n *= size
	}
	return n
}

// PointsFloat is Points in floating point, for sizes so large that their product is no int.
func PointsFloat(shape []int) float64 {
	n := 1.0
	for _, size := range shape {
		n *= float64(size)
	}
	return n
}

// Coordinates returns those of a point, from 0 along each axis.
func Coordinates(point int, shape []int) []int {
	at := make([]int, len(shape))
	SetCoordinates(at, point, shape)
	return at
}

// SetCoordinates overwrites at, which has a place for each axis, with the coordinates of a point.
func SetCoordinates(at []int, point int, shape []int) {
	for i := len(shape) - 1; i >= 0; i-- {
		at[i] = point % shape[i]
		point /= shape[i]
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
