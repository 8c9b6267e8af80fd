package main

import (
	"fmt"
	"slices"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/dims"
	"backdrop/lib/machine"
)

// A source has samples by number, of the same shape, each of one class. It may be used by several goroutines at once.
type source interface {
	Shape() []int
	Classes() []string
	Class(number int) int
	Draw(number int, dst []float32) error
}

// A sample is drawn by a worker; draw waits for samples in order.
type sample struct {
	number int
	x      []float32
	drawn  chan error
}

// draw draws the samples on several threads and hands them to emit one by one, in order. At most two samples a thread
// are in memory; emit must not keep x.
func draw(s source, n numbers, threads int, emit func(number int, x []float32) error) error {
	threads = max(1, min(threads, n.count))
	ahead := ahead(threads, n.count)
	free, order := make(chan *sample, ahead), make(chan *sample, ahead)
	for range ahead {
		free <- &sample{drawn: make(chan error, 1)}
	}
	todo, stop := make(chan *sample), make(chan struct{})
	defer close(stop)
	go func() {
		defer close(order)
		defer close(todo)
		number := n.first
		for range n.count {
			var next *sample
			select {
			case next = <-free:
			case <-stop:
				return
			}
			if next.x == nil {
				next.x = make([]float32, dims.Count(s.Shape()))
				machine.HugePages(next.x)
			}
			next.number = number
			order <- next
			select {
			case todo <- next:
			case <-stop:
				return
			}
			number += n.step
		}
	}()
	for range threads {
		go func() {
			for next := range todo {
				next.drawn <- s.Draw(next.number, next.x)
			}
		}()
	}
	for next := range order {
		if err := <-next.drawn; err != nil {
			return err
		}
		if err := emit(next.number, next.x); err != nil {
			return err
		}
		free <- next
	}
	return nil
}

// A job is what samples are drawn for.
type job struct {
	what   string  // the beginning of the error that there is too little memory
	beside float64 // bytes that it takes besides the drawing itself
	try    string  // what to try where there is too little memory
}

// share divides threads between samples that are drawn at the same time and parts of each. Samples come first, unless
// there are fewer of them than threads, or several would fill the memory. need returns the bytes that drawing that many
// samples at a time takes, besides the job and the samples themselves.
func share(threads, samples, values int, need func(workers int) float64, j job) (workers, each int, err error) {
	const large = 1 << 24 // 64 MB
	if workers = max(1, min(threads, samples)); values >= large {
		workers = 1
	}
	have, _ := machine.Memory()
	all := func() float64 { return j.beside + need(workers) + 4*float64(values)*float64(ahead(workers, samples)) }
	for workers > 1 && all() > float64(have) {
		workers--
	}
	return workers, (threads + workers - 1) / workers, tool.Fits(fmt.Sprintf("%s of %d values", j.what, values), all(), j.try)
}

// ahead is how many samples are in memory when that many are drawn at a time.
func ahead(workers, samples int) int { return min(2*workers, max(1, samples)) }

// choices takes a class apart into the number of a length at each scale, with the number of lengths at each given. The first
// scale changes fastest with the class.
func choices(class int, counts []int) []int {
	out := slices.Clone(counts)
	for j, n := range counts {
		out[j] = class % n
		class /= n
	}
	return out
}
