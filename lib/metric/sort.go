package metric

import (
	"cmp"
	"math"
	"slices"
	"unsafe"

	"backdrop/lib/parallel"
)

// Scores are sorted by a radix sort of their bits, least significant digit first (H. H. Seward, "Information Sorting in the
// Application of Electronic Digital Computers to Business Operations", MIT, 1954): a few passes and no comparisons. A digit
// that all scores share takes no pass.
const (
	digitBits = 11  // 2048 counts are 16 KiB, half of a first-level cache
	few       = 256 // fewer keys are sorted faster by comparing them
)

// A key is a whole number in the order of scores, infinite ones included. Zeros of both signs are one.
type key interface{ uint32 | uint64 }

// narrow returns the key of a score that is a float32.
func narrow(score float64) uint32 {
	u := math.Float32bits(float32(score) + 0) // -0 + 0 is +0
	return u ^ (uint32(int32(u)>>31) | 1<<31) // all bits of a negative number, else the sign
}

// wide returns the key of a score.
func wide(score float64) uint64 {
	u := math.Float64bits(score + 0)
	return u ^ (uint64(int64(u)>>63) | 1<<63)
}

// scoreOf is the inverse of narrow and wide.
func scoreOf[K key](k K) float64 {
	switch k := any(k).(type) {
	case uint32:
		return float64(math.Float32frombits(k ^ (uint32(int32(^k)>>31) | 1<<31)))
	case uint64:
		return math.Float64frombits(k ^ (uint64(int64(^k)>>63) | 1<<63))
	}
	panic("unreachable")
}

// narrowKeys stores the keys of scores.
func narrowKeys(dst []uint32, scores []float32) {
	for i, v := range scores {
		u := math.Float32bits(v + 0)
		dst[i] = u ^ (uint32(int32(u)>>31) | 1<<31)
	}
}

// narrowedKeys stores those of scores that are float32.
func narrowedKeys(dst []uint32, scores []float64) {
	for i, v := range scores {
		dst[i] = narrow(v)
	}
}

// wideKeys stores those of other scores.
func wideKeys(dst []uint64, scores []float64) {
	for i, v := range scores {
		dst[i] = wide(v)
	}
}

// isNarrow reports whether all scores are float32.
func isNarrow(s scores) bool {
	if c, ok := s.(clipped); ok {
		s = c.scores
	}
	d, ok := s.(float64s)
	if !ok {
		return true
	}
	for _, v := range d {
		if float64(float32(v)) != v {
			return false
		}
	}
	return true
}

// order returns the numbers of keys from the lowest, equal ones as they come. The first of every run of equal keys is
// marked with the bit first. The keys are lost.
func order[K key](keys []K) []uint32 {
	index := make([]uint32, len(keys))
	for i := range index {
		index[i] = uint32(i)
	}
	if len(keys) < few {
		slices.SortStableFunc(index, func(a, b uint32) int { return cmp.Compare(keys[a], keys[b]) })
		slices.Sort(keys)
	} else {
		keys, index = radix(keys, index)
	}
	for i := range index {
		if i == 0 || keys[i] != keys[i-1] {
			index[i] |= first
		}
	}
	return index
}

const first = 1 << 31

// radix sorts keys, and with them an index unless that is nil. The result may be in other memory. Each processor takes a
// part of the keys and counts their digits; starts then tells it where its keys of each digit go.
func radix[K key](keys []K, index []uint32) ([]K, []uint32) {
	const values = 1 << digitBits
	workers := processors(len(keys))
	count := make([][values]int, workers)
	part := func(w int) (from, to int) { return w * len(keys) / workers, (w + 1) * len(keys) / workers }
	carry := index != nil
	keys2, index2 := make([]K, len(keys)), make([]uint32, len(index))
	for shift := 0; shift < 8*int(unsafe.Sizeof(keys[0])); shift += digitBits {
		parallel.All(workers, func(w int) {
			clear(count[w][:])
			from, to := part(w)
			for _, k := range keys[from:to] {
				count[w][k>>shift%values]++
			}
		})
		if starts(count) {
			continue // all keys share the digit
		}
		parallel.All(workers, func(w int) {
			at := &count[w]
			from, to := part(w)
			for i, k := range keys[from:to] {
				to := &at[k>>shift%values]
				keys2[*to] = k
				if carry {
					index2[*to] = index[from+i]
				}
				*to++
			}
		})
		keys, keys2, index, index2 = keys2, keys, index2, index
	}
	return keys, index
}

// starts turns the counts of each worker and digit value into the indices where their keys begin: sorted by value, and keys of
// one value in the order of the workers. It reports whether there is only one value.
func starts[A ~[1 << digitBits]int](count []A) (one bool) {
	sum := 0
	for v := range count[0] {
		before := sum
		for w := range count {
			n := count[w][v]
			count[w][v] = sum
			sum += n
		}
		if sum > before {
			one = before == 0
		}
	}
	return one
}
