package engine

import (
	"runtime"
	"sync/atomic"
	"time"
)

// crew is a number of goroutines that share out the items of a job. They wait for work until start is closed.
type crew struct {
	workers  int
	job      func(worker, item int)
	items    int
	next     atomic.Int64
	start    chan int // numbers of workers
	finished chan int
}

func newCrew(workers int) *crew {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	c := &crew{workers: workers, start: make(chan int, workers), finished: make(chan int, workers)}
	for range workers - 1 {
		go func() {
			for {
				w, ok := await(c.start)
				if !ok {
					return
				}
				c.work(w)
				c.finished <- w
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
	for w := 1; w < workers; w++ {
		c.start <- w
	}
	c.work(0)
	for w := 1; w < workers; w++ {
		await(c.finished)
	}
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

// patience is how long an idle worker spins before it sleeps. Waking a sleeping processor takes about 0.1 ms on a virtual
// machine, longer than many jobs.
const patience = 200 * time.Microsecond

// await receives from a channel.
func await(ch <-chan int) (v int, ok bool) {
	for begin := time.Now(); time.Since(begin) < patience; runtime.Gosched() {
		for range 100 {
			select {
			case v, ok = <-ch:
				return v, ok
			default:
			}
		}
	}
	v, ok = <-ch
	return v, ok
}
