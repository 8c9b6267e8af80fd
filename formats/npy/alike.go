package npy

import (
	"cmp"
	"math"
	"slices"
)

// Alike finds two different integers that Float64 rounds to the same number, which only integers beyond 2⁵³ can be. It
// returns the positions of the smallest such pair. It takes 16 bytes for each integer beyond 2⁵³.
func (a *Array) Alike() (i, j int, found bool) {
	if a.DType != Int64 && a.DType != Uint64 {
		return 0, 0, false
	}
	const whole = 1 << 53
	type integer struct {
		bits uint64
		at   int
	}
	var long []integer
	value := func(bits uint64) float64 {
		if a.DType == Int64 {
			return float64(int64(bits))
		}
		return float64(bits)
	}
	a.runs(func(at, n int, src []byte, step int) error {
		for i := range n {
			if bits := a.u64(src[i*step:]); math.Abs(value(bits)) >= whole {
				long = append(long, integer{bits, at + i})
			}
		}
		return nil
	})
	slices.SortFunc(long, func(x, y integer) int {
		if a.DType == Int64 {
			return cmp.Or(cmp.Compare(int64(x.bits), int64(y.bits)), cmp.Compare(x.at, y.at))
		}
		return cmp.Or(cmp.Compare(x.bits, y.bits), cmp.Compare(x.at, y.at))
	})
	for k := 1; k < len(long); k++ {
		if x, y := long[k-1], long[k]; x.bits != y.bits && value(x.bits) == value(y.bits) {
			return min(x.at, y.at), max(x.at, y.at), true
		}
	}
	return 0, 0, false
}
