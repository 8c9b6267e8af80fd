package metric

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Scores are sorted as whole numbers by their digits, the last one first (H. H. Seward, "Information Sorting in the
// Application of Electronic Digital Computers to Business Operations", MIT, 1954), which takes a few passes and no
// comparison. A digit that all scores share takes no pass: float32 scores have 29 zeros at their end.
const (
	digitBits = 11 // 2048 counts are 16 KiB, half of a first-level cache
	digits    = (64 + digitBits - 1) / digitBits
	few       = 256 // as many are sorted sooner by comparing them
)

// key returns a whole number in the order of finite scores. Zeros of both signs are one.
func key(score float64) uint64 {
	u := math.Float64bits(score + 0)          // -0 + 0 is +0
	return u ^ (uint64(int64(u)>>63) | 1<<63) // all bits of a negative number, else the sign
}

// score is the inverse of key.
func score(key uint64) float64 {
	return math.Float64frombits(key ^ (uint64(int64(^key)>>63) | 1<<63))
}

// sortScores sorts finite scores. It takes 16 bytes a score beside them.
func sortScores(scores []float64) {
	if len(scores) < few {
		slices.Sort(scores)
		return
	}
	keys := make([]uint64, len(scores))
	for i, s := range scores {
		keys[i] = key(s)
	}
	keys, _ = radix(keys, nil)
	for i, k := range keys {
		scores[i] = score(k)
	}
}

// order returns the numbers of samples by their scores, equal ones as they come. The first of every run of equal scores
// is marked with the bit first.
func order(scores []float64) []uint32 {
	keys, index := make([]uint64, len(scores)), make([]uint32, len(scores))
	for i, s := range scores {
		keys[i], index[i] = key(s), uint32(i)
	}
	if len(scores) < few {
		slices.SortStableFunc(index, func(a, b uint32) int { return compare(keys[a], keys[b]) })
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

func compare(a, b uint64) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

// radix sorts keys, and with them an index unless that is nil. The result may be in other memory.
func radix(keys []uint64, index []uint32) ([]uint64, []uint32) {
	count := new([digits][1 << digitBits]int)
	for _, k := range keys {
		for d := range count {
			count[d][k>>(d*digitBits)%(1<<digitBits)]++
		}
	}
	carry := index != nil
	keys2, index2 := make([]uint64, len(keys)), make([]uint32, len(index))
	for d := range count {
		at, sum := &count[d], 0
		shift := d * digitBits
		if at[keys[0]>>shift%(1<<digitBits)] == len(keys) {
			continue
		}
		for v, n := range at {
			at[v] = sum
			sum += n
		}
		if !carry {
			for _, k := range keys {
				v := k >> shift % (1 << digitBits)
				keys2[at[v]] = k
				at[v]++
			}
		} else {
			for i, k := range keys {
				v := k >> shift % (1 << digitBits)
				keys2[at[v]], index2[at[v]] = k, index[i]
				at[v]++
			}
		}
		keys, keys2, index, index2 = keys2, keys, index2, index
	}
	return keys, index
}

// parallel calls f with 0 to n-1 on all processors.
func parallel(n int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}
