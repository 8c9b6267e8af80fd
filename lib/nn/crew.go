package nn

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// crew is a number of goroutines that do the items of a job in any order. They wait for
// work until start is closed.
type crew struct {
	workers int
	job     func(worker, item int)
	items   int
	next    atomic.Int64
	start   chan int
	done    sync.WaitGroup
}

func newCrew(workers int) *crew {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	c := &crew{workers: workers, start: make(chan int)}
	for range workers - 1 {
		go func() {
			for w := range c.start {
				c.work(w)
				c.done.Done()
			}
		}()
	}
	return c
}

// do calls job for every item; worker tells the goroutines apart. It returns when all are done.
func (c *crew) do(items int, job func(worker, item int)) {
	workers := min(c.workers, items)
	if workers <= 1 {
		for i := range items {
			job(0, i)
		}
		return
	}
	c.job, c.items = job, items
	c.next.Store(0)
	c.done.Add(workers - 1)
	for w := 1; w < workers; w++ {
		c.start <- w
	}
	c.work(0)
	c.done.Wait()
	c.job = nil
}

func (c *crew) work(w int) {
	for {
		i := int(c.next.Add(1)) - 1
		if i >= c.items {
			return
		}
		c.job(w, i)
	}
}
