package gp

import "sync"

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
