// Package finite tells finite numbers from infinities and NaN.
package finite

import "math"

// Is reports whether v is a number: neither infinite nor NaN.
func Is[F ~float32 | ~float64](v F) bool { return math.Abs(float64(v)) <= math.MaxFloat64 } // v−v may be fused with what made v

// First returns the index of the first value that is infinite or NaN, -1 if all are finite.
func First[F ~float32 | ~float64](values []F) int {
	for i, v := range values {
		if v-v != 0 {
			return i
		}
	}
	return -1
}
