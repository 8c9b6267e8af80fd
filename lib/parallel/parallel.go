// Package parallel shares the pieces of a job among goroutines. Results do not depend on how many there are, as long as a
// piece writes only what belongs to it.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Do calls f with 0 to pieces-1, each once, on at most that many threads, and returns when all calls have. Pieces begin in
// order. One thread, or one piece, is the caller's own goroutine.
func Do(threads, pieces int, f func(piece int)) {
	threads = min(threads, pieces)
	if threads <= 1 {
		for p := range pieces {
			f(p)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			for p := int(next.Add(1)) - 1; p < pieces; p = int(next.Add(1)) - 1 {
				f(p)
			}
		})
	}
	wg.Wait()
}

// All is Do on all processors.
func All(pieces int, f func(piece int)) { Do(runtime.GOMAXPROCS(0), pieces, f) }
