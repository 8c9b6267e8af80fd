package gp

// An axis turns coefficients of modes along one dimension into values at its points: sums of the basis functions
//
//	1, √2 cos 2πkx/L, √2 sin 2πkx/L, and (-1)ˣ at the Nyquist frequency
//
// of a ring of L points, the period, at n of them. A value does not depend on which others are asked for with it.
type axis interface {
	// last expands the last dimension: dst[rows, n] from src[rows, modes].
	last(dst, src []float32, rows int)
	// first expands the first dimension, its columns from c0 to c1: dst[n, cols] from src[modes, cols], which may begin
	// at the same place.
	first(dst, src []float32, cols, c0, c1 int)
	// order has the place of each mode among the coefficients.
	order() []int
}

// newAxis returns the faster kind of axis for the lowest modes of a period and n points. The figures are those of one
// AVX2 core: 80 GFLOP/s for products of matrices, 1 ns an element and factor of the length for Fourier transforms.
func newAxis(n, period, modes int) axis {
	const flopsPerNs, nsPerFactor = 80, 1
	product := 2 * float64(modes) * float64(denseSums(n, period)) / flopsPerNs
	transform := nsPerFactor * float64(period) * float64(factors(period))
	if product <= transform {
		return newDense(n, period, modes)
	}
	return newFourier(n, period, modes)
}

// factors returns the sum of the prime factors of n.
func factors(n int) int {
	sum := 0
	for p := 2; n > 1; p++ {
		for n%p == 0 {
			sum += p
			n /= p
		}
		if p*p > n && n > 1 {
			return sum + n
		}
	}
	return sum
}

// identity is the order of coefficients that stand as the modes do.
func identity(modes int) []int {
	out := make([]int, modes)
	for m := range out {
		out[m] = m
	}
	return out
}
