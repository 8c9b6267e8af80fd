package parallel

import (
	"sync/atomic"
	"testing"
)

// Every piece is done once, whatever the number of threads, and never more at a time than there are threads.
func TestDo(t *testing.T) {
	for _, threads := range []int{-1, 0, 1, 2, 7, 100} {
		for _, pieces := range []int{0, 1, 2, 50} {
			var running, most atomic.Int64
			done := make([]atomic.Int64, pieces)
			Do(threads, pieces, func(p int) {
				if n := running.Add(1); n > most.Load() {
					most.Store(n)
				}
				done[p].Add(1)
				running.Add(-1)
			})
			for p := range done {
				if n := done[p].Load(); n != 1 {
					t.Errorf("%d threads, %d pieces: piece %d was done %d times", threads, pieces, p, n)
				}
			}
			if n := most.Load(); n > int64(max(1, threads)) {
				t.Errorf("%d threads: %d pieces at a time", threads, n)
			}
		}
	}
}

func TestAll(t *testing.T) {
	var sum atomic.Int64
	All(101, func(p int) { sum.Add(int64(p)) })
	if sum.Load() != 5050 {
		t.Errorf("the numbers of the pieces add up to %d, want 5050", sum.Load())
	}
}
