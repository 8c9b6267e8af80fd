// Package parallel shares the pieces of a job among goroutines. Results do not depend on how many there are, as long as a
// piece writes only what belongs to it.
package parallel

import (
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Do calls f with 0 to pieces-1, each once, on at most that many threads, and returns when all calls have. Pieces begin in
// order. One thread, or one piece, is the caller's own goroutine. If faults of memory are panics there (debug.SetPanicOnFault),
// they are in all, and Do panics with one of them.
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
	var fault atomic.Pointer[any]
	panics := debug.SetPanicOnFault(false)
	debug.SetPanicOnFault(panics)
	for range threads {
		wg.Go(func() {
			if panics {
				debug.SetPanicOnFault(true)
				defer catch(&fault)
			}
			for p := int(next.Add(1)) - 1; p < pieces; p = int(next.Add(1)) - 1 {
				f(p)
			}
		})
	}
	if wg.Wait(); fault.Load() != nil {
		panic(*fault.Load())
	}
}

// catch keeps a panic if it is a fault of memory. Others go on where they are, and end the program.
func catch(fault *atomic.Pointer[any]) {
	r := recover()
	if _, ok := r.(interface{ Addr() uintptr }); ok { // a runtime.Error
		fault.Store(&r)
	} else if r != nil {
		panic(r)
	}
}

// All is Do on all processors.
func All(pieces int, f func(piece int)) { Do(runtime.GOMAXPROCS(0), pieces, f) }
