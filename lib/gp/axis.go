package gp

import (
	"sync"

	"backdrop/lib/kernel"
)

// An axis turns coefficients of modes along one dimension into values at its points: sums of the basis functions
//
//	1, √2 cos 2πkx/L, √2 sin 2πkx/L, and (-1)ˣ at the Nyquist frequency
//
// of a ring of L points, the period, at n of them. A value does not depend on which other values are computed with it.
type axis interface {
	// last expands the last dimension, [rows, modes] in src to [rows, n] in dst.
	last(dst, src []float32, rows int)
	// first expands the first dimension in the columns from c0 up to c1, [modes, cols] in src to [n, cols] in dst. Both may
	// begin at the same place in memory.
	first(dst, src []float32, cols, c0, c1 int)
	// order returns the index of each mode among the coefficients.
	order() []int
	// time is about that of a line, in nanoseconds.
	time() float64
	// memory returns the bytes of the tables, and of what each working thread needs.
	memory() (tables, work float64)
	// ring is the number of points of the period.
	ring() int
	// release gives up tables that can be computed again. No other method may be at work.
	release()
}

// A table is computed when it is first needed.
type table struct {
	make   func() []float32
	mu     sync.Mutex
	values []float32
}

func (t *table) get() []float32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.values == nil {
		t.values = t.make()
	}
	return t.values
}

func (t *table) release() { t.values = nil }

// newAxis returns the faster kind of axis for the lowest modes of a period and n points.
func newAxis(n, period, modes int) axis {
	if isDense(n, period, modes) {
		return newDense(n, period, modes)
	}
	return newFourier(n, period, modes)
}

// isDense reports whether matrix products are faster than Fourier transforms. The times here and below are nanoseconds for a
// line, of one AVX2 core at 80 GFLOP/s.
func isDense(n, period, modes int) bool {
	return denseTime(n, period, modes) <= transformTime(period)
}

// denseTime is the time of the products.
func denseTime(n, period, modes int) float64 {
	return 2 * float64(modes) * float64(denseSums(n, period)) / 80
}

// transformTime is the time of the faster kind of Fourier transform.
func transformTime(n int) float64 { return min(mixedTime(n), chirpTime(n)) }

// mixedTime is the time of gonum's transform, which takes a step for every prime factor.
func mixedTime(n int) float64 { return float64(n) * float64(factors(n)) }

// chirpTime is the time of two complex transforms that are half as long again.
func chirpTime(n int) float64 { return 2 * 2 * 1.5 * 30 * float64(n) }

// axisMemory returns the bytes that the tables of an axis take.
func axisMemory(n, period, modes int) float64 {
	if isDense(n, period, modes) {
		return 2*denseTable(n, period, modes) + 2*8*float64(period) // a turn's cosines and sines
	}
	return 128 * float64(period)
}

// sideMemory returns the bytes that an axis takes that is either the first or another, but not both, on one thread.
func sideMemory(n, period, modes int) float64 {
	if isDense(n, period, modes) {
		const sums = groups * max(denseRows*kernel.Columns, kernel.Rows*denseColumns)
		return denseTable(n, period, modes) + 2*8*float64(period) + 4*float64(denseColumns*modes+sums) + 16*float64(modes)
	}
	return 128*float64(period) + 4*float64(lineBlock*max(n, modes))
}

// denseTable is the number of bytes of the basis, in one of its two orders.
func denseTable(n, period, modes int) float64 {
	return 4 * float64(denseSums(n, period)+16) * float64(modes)
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

// identity is the order of coefficients that stand in the order of the modes.
func identity(modes int) []int {
	out := make([]int, modes)
	for m := range out {
		out[m] = m
	}
	return out
}
