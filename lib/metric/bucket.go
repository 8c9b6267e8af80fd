package metric

import (
	"math/bits"
	"slices"
)

// A sorter sorts buckets of items by all their bits but the lowest.
type sorter[K key] struct {
	buffer []K
	count  [1 << digitBits]uint32
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
	from := max(low, high-2*digitBits)
	s.digits(items, from, high)
	if from > low && !insert(items) {
		s.digits(items, low, high)
	}
	return ones
}

// digits sorts items by their bits low ≤ i < high.
func (s *sorter[K]) digits(items []K, low, high int) {
	if len(s.buffer) < len(items) {
		s.buffer = make([]K, len(items))
	}
	passes := (high - low + digitBits - 1) / digitBits
	width := (high - low + passes - 1) / passes
	mask := K(1)<<width - 1
	count := s.count[:1<<width]
	from, to := items, s.buffer[:len(items)]
	for shift := low; shift < high; shift += width {
		clear(count)
		for _, x := range from {
			count[x>>shift&mask]++
		}
		sum := uint32(0)
		for v, n := range count {
			count[v] = sum
			sum += n
		}
		for _, x := range from {
			at := &count[x>>shift&mask]
			to[*at] = x
			*at++
		}
		from, to = to, from
	}
	if passes%2 == 1 {
		copy(items, from)
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
