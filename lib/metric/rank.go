package metric

import (
	"math/bits"
	"runtime"
	"sync/atomic"

	"backdrop/lib/parallel"
)

// ranks are the samples of two classes in the order of their scores.
type ranks interface {
	// groups calls f with the number of positive and of negative samples at each distinct score, from the lowest.
	groups(f func(score float64, positive, negative int))
	// spreads sums the placements of either class, of which there are that many samples.
	spreads(size [2]int) [2]spread
}

// ranking implements ranks. Samples are in buckets by the first digit of their keys, and sorted in each. What is kept of a
// sample is the rest of its key and, as the lowest bit, its label.
type ranking[K key] struct {
	base     K     // the lowest key
	shift    uint  // bits of a key that are below the first digit
	items    []K   // by bucket
	start    []int // where each bucket begins, and the number of items
	positive []int // positive samples of each bucket
}

// rank sorts the samples, once.
func (b *Binary) rank() ranks {
	if b.ranks != nil {
		return b.ranks
	}
	s, low, high := b.scores, b.low, b.high
	if c, ok := s.(clipped); ok {
		s, low, high = c.scores, max(0, min(1, low)), max(0, min(1, high))
	}
	if single, ok := s.(float32s); ok {
		b.ranks = newRanking(source[float32, uint32]{single, narrowKeys}, narrow(low), narrow(high), b.labels)
	} else if double := s.(float64s); isNarrow(double) {
		b.ranks = newRanking(source[float64, uint32]{double, narrowedKeys}, narrow(low), narrow(high), b.labels)
	} else {
		b.ranks = newRanking(source[float64, uint64]{double, wideKeys}, wide(low), wide(high), b.labels)
	}
	return b.ranks
}

// groups is that of the ranks.
func (b *Binary) groups(f func(score float64, positive, negative int)) { b.rank().groups(f) }

// A source makes keys of scores.
type source[F float32 | float64, K key] struct {
	scores []F
	keys   func(dst []K, scores []F) // stores those of as many
}

// block is how many keys are made at a time: 8 KiB of wide ones, a quarter of a first-level cache.
const block = 1 << 10

// blocks calls f with the keys of scores from ≤ i < to, some at a time.
func (s source[F, K]) blocks(from, to int, f func(at int, keys []K)) {
	keys := make([]K, min(block, to-from))
	for at := from; at < to; at += block {
		now := keys[:min(block, to-at)]
		s.keys(now, s.scores[at:at+len(now)])
		f(at, now)
	}
}

// newRanking sorts samples by their keys, which count as low or high if they are beyond these. Each processor takes a part of
// the samples and counts the first digits of their keys, which says where they go; then it takes bucket after bucket, which
// mostly fit into a cache.
//
// A file of scores or labels may change while it is read. What is made of them is wrong then, but no index is out of range.
func newRanking[F float32 | float64, K key](keys source[F, K], low, high K, labels []int) *ranking[K] {
	n := len(labels)
	width := firstDigit(n)
	workers := min(processors(n), n>>(width+2)+1) // so that counts take less than a byte a key
	part := func(w int) (from, to int) { return w * n / workers, (w + 1) * n / workers }
	r := &ranking[K]{items: make([]K, n)}
	if n == 0 {
		r.start = make([]int, 1)
		return r
	}

	r.base, r.shift = low, uint(max(0, bits.Len64(uint64(high-low))-width))
	count := make([][]uint32, workers)
	shift := r.shift
	parallel.All(workers, func(w int) {
		from, to := part(w)
		c := make([]uint32, (high-low)>>shift+1)
		keys.blocks(from, to, func(_ int, keys []K) { tally(c, keys, low, high, shift) })
		count[w] = c
	})
	for filled(count) > mostBuckets {
		r.shift++
		for w, c := range count {
			count[w] = halve(c)
		}
	}
	shift = r.shift
	buckets := len(count[0])
	r.start, r.positive = make([]int, buckets+1), make([]int, buckets)
	sum := 0
	for d := range r.positive {
		r.start[d] = sum
		for _, c := range count {
			at := uint32(sum)
			sum += int(c[d])
			c[d] = at
		}
	}
	r.start[buckets] = sum
	parallel.All(workers, func(w int) {
		from, to := part(w)
		c := count[w]
		keys.blocks(from, to, func(at int, keys []K) { deal(r.items, c, keys, labels[at:], low, high, shift) })
	})
	r.each(func() func(d int) {
		var s sorter[K]
		return func(d int) { r.positive[d] = s.sort(r.items[r.start[d]:r.start[d+1]]) }
	})
	return r
}

// tally counts the first digits of keys, which count as low or high if they are beyond these.
func tally[K key](count []uint32, keys []K, low, high K, shift uint) {
	for _, k := range keys {
		count[uint64(max(low, min(high, k))-low)>>(shift&63)]++
	}
}

// deal stores what is kept of samples where those of their first digit go.
func deal[K key](items []K, places []uint32, keys []K, labels []int, low, high K, shift uint) {
	rest := K(1)<<shift - 1
	labels = labels[:len(keys)]
	for i, k := range keys {
		k = max(low, min(high, k)) - low
		place := &places[uint64(k)>>(shift&63)]
		to := *place
		*place = to + 1
		if int(to) < len(items) {
			items[to] = k&rest<<1 | K(labels[i]&1)
		}
	}
}

// The first digit has many values, so that scores of any distribution come into many buckets, but not more than mostBuckets: the
// processor remembers the places of so many pages.
const mostBuckets = 1 << 10

// firstDigit is how many bits make the first digit of n keys.
func firstDigit(n int) int { return max(1, min(16, bits.Len(uint(n))-8)) }

// processors is how many share the work on n keys.
func processors(n int) int { return max(1, min(runtime.GOMAXPROCS(0), n/few)) }

// filled counts the values of the first digit that some key has.
func filled(count [][]uint32) (n int) {
	for d := range count[0] {
		for _, c := range count {
			if c[d] > 0 {
				n++
				break
			}
		}
	}
	return n
}

// halve adds up the counts of every two values of a digit, for one that has a bit less. It overwrites them.
func halve(count []uint32) []uint32 {
	for d, n := range count {
		if d%2 == 0 {
			count[d/2] = n
		} else {
			count[d/2] += n
		}
	}
	return count[:(len(count)+1)/2]
}

// each has every processor call worker for a function, and calls one of these for each bucket.
func (r *ranking[K]) each(worker func() func(d int)) {
	var next atomic.Int64
	parallel.All(processors(len(r.items)), func(int) {
		f := worker()
		for d := int(next.Add(1)) - 1; d < len(r.positive); d = int(next.Add(1)) - 1 {
			if r.start[d] < r.start[d+1] {
				f(d)
			}
		}
	})
}

func (r *ranking[K]) groups(f func(score float64, positive, negative int)) {
	for d := range r.positive {
		first := r.base + K(d)<<r.shift
		items := r.items[r.start[d]:r.start[d+1]]
		for i := 0; i < len(items); {
			rest, from, positive := items[i]>>1, i, 0
			for ; i < len(items) && items[i]>>1 == rest; i++ {
				positive += int(items[i] & 1)
			}
			f(scoreOf(first+rest), positive, i-from-positive)
		}
	}
}

func (r *ranking[K]) spreads(size [2]int) [2]spread {
	below := make([]int, len(r.positive)) // positive samples in lower buckets
	for d := 1; d < len(below); d++ {
		below[d] = below[d-1] + r.positive[d-1]
	}
	sums := make([][2]spread, processors(len(r.items)))
	var worker atomic.Int64
	r.each(func() func(d int) {
		sum := &sums[worker.Add(1)-1]
		return func(d int) {
			place(r.items[r.start[d]:r.start[d+1]], r.start[d]-below[d], size[1]-below[d], sum)
		}
	})
	for w := range sums[1:] {
		for y := range sums[0] {
			sums[0][y].merge(&sums[1+w][y])
		}
	}
	sums[0][0].sum = sums[0][1].sum // both count the pairs that positive samples win, twice
	return sums[0]
}

// place adds the placements of samples, which are in order, to the sums: of negative ones only the squares. Below is the number
// of negative samples with lower scores, and above that of positive ones that have no lower ones.
func place[K key](items []K, below, above int, sums *[2]spread) {
	var won, hi0, lo0, hi1, lo1, carry uint64
	for i := 0; i < len(items); {
		x := items[i]
		n, p := 1, int(x&1)
		for i++; i < len(items) && items[i]>>1 == x>>1; i++ {
			n++
			p += int(items[i] & 1)
		}
		n -= p
		above -= p
		beaten, beating := uint64(2*below+n), uint64(2*above+p)
		below += n
		pairs := uint64(p) * beaten
		won += pairs
		hi, lo := bits.Mul64(pairs, beaten)
		lo1, carry = bits.Add64(lo1, lo, 0)
		hi1 += hi + carry
		hi, lo = bits.Mul64(uint64(n)*beating, beating)
		lo0, carry = bits.Add64(lo0, lo, 0)
		hi0 += hi + carry
	}
	sums[0].merge(&spread{0, hi0, lo0})
	sums[1].merge(&spread{int64(won), hi1, lo1})
}
