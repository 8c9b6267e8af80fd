package metric

import (
	"math/bits"
	"slices"
)

// A sorter sorts buckets of items by all their bits but the lowest.
type sorter[K key] struct {
	buffer []K
	count  *[2][1 << digitBits]uint32
}

// sort sorts the items and returns how many have the lowest bit.
//
// A radix sort by the two highest digits in which items differ leaves few in disorder, as there are more such digits than
// items, and insertion ends it. Where it does not, the items are sorted by all digits.
func (s *sorter[K]) sort(items []K) (ones int) {
	differ := K(0)
	for _, x := range items {
		differ |= x ^ items[0]
		ones += int(x & 1)
	}
	differ &^= 1
	if differ == 0 {
		return ones
	}
	if len(items) < few/4 {
		slices.Sort(items)
		return ones
	}
	low, high := bits.TrailingZeros64(uint64(differ)), bits.Len64(uint64(differ))
	const two = 2 * digitBits
	from := max(low, high-two)
	s.digits(items, from, high)
	if from > low && !insert(items) {
		for ; low < high; low += two {
			s.digits(items, low, min(low+two, high))
		}
	}
	return ones
}

// digits sorts items by two digits that are the bits low ≤ i < high.
func (s *sorter[K]) digits(items []K, low, high int) {
	if len(s.buffer) < len(items) {
		s.buffer = make([]K, len(items))
	}
	if s.count == nil {
		s.count = new([2][1 << digitBits]uint32)
	}
	width := (high - low + 1) / 2
	first := digit{shift: uint(low), mask: 1<<width - 1}
	second := digit{shift: uint(low + width), mask: first.mask}
	one, two := s.count[0][:first.mask+1], s.count[1][:first.mask+1]
	clear(one)
	clear(two)
	for _, x := range items {
		one[first.of(uint64(x))]++
		two[second.of(uint64(x))]++
	}
	begin(one)
	begin(two)
	scatter(s.buffer, items, one, first)
	scatter(items, s.buffer[:len(items)], two, second)
}

// digit is some successive bits of a number.
type digit struct {
	shift uint // less than 64
	mask  uint64
}

func (d digit) of(x uint64) uint64 { return x >> (d.shift & 63) & d.mask } // & 63: for a plain shift

// begin turns counts of a digit's values into where their items begin.
func begin(count []uint32) {
	sum := uint32(0)
	for v, n := range count {
		count[v] = sum
		sum += n
	}
}

// scatter brings items to where those of their digit begin.
func scatter[K key](dst, items []K, begin []uint32, d digit) {
	for _, x := range items {
		at := &begin[d.of(uint64(x))]
		to := *at
		*at = to + 1
		dst[to] = x
	}
}

// insert sorts items that are nearly in order. It gives up if they are not, and reports that.
func insert[K key](items []K) (done bool) {
	moves := 0
	for i := 1; i < len(items); i++ {
		x := items[i]
		j := i
		for ; j > 0 && x>>1 < items[j-1]>>1; j-- {
			items[j] = items[j-1]
		}
		items[j] = x
		if moves += i - j; moves > 4*len(items) {
			return false
		}
	}
	return true
}
