package gp

import (
	"sync"
	"sync/atomic"
)

// parallel calls f for every piece of a job, on several goroutines if there are to be more than one.
func parallel(threads, pieces int, f func(piece int)) {
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

// A freeList keeps as many of something as were ever used at once.
type freeList[T any] struct {
	make func() T
	mu   sync.Mutex
	free []T
}

func (l *freeList[T]) take() T {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.free); n > 0 {
		v := l.free[n-1]
		l.free = l.free[:n-1]
		return v
	}
	return l.make()
}

func (l *freeList[T]) give(v T) {
	l.mu.Lock()
	l.free = append(l.free, v)
	l.mu.Unlock()
}
