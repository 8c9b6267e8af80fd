package main

import (
	"slices"

	"backdrop/lib/machine"
)

// A source has samples by number, of the same shape, each of one class. It may be used by several goroutines at once.
type source interface {
	Shape() []int
	Classes() []string
	Class(number int) int
	Draw(number int, dst []float32) error
}

// A sample is one that is drawn by a worker and waited for in order.
type sample struct {
	number int
	x      []float32
	drawn  chan error
}

// draw draws the samples on several threads and hands them to emit one by one in order. At most two samples a thread
// are in memory; x is emit's until it returns.
func draw(s source, n numbers, threads int, emit func(number int, x []float32) error) error {
	threads = max(1, min(threads, n.count))
	ahead := min(2*threads, max(1, n.count))
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
				next.x = make([]float32, values(s.Shape()))
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

// values is the number of values of a sample.
func values(shape []int) int {
	n := 1
	for _, size := range shape {
		n *= size
	}
	return n
}

// share divides threads between samples that are drawn at the same time and parts of each. Samples come first, unless
// there are fewer than threads, or each is so large that several would fill the memory: drawing one takes need bytes.
func share(threads, samples, values int, need float64) (workers, each int) {
	const large = 1 << 24 // 64 MB
	if values >= large {
		return 1, threads
	}
	have, _ := machine.Memory()
	fit := float64(have) / (need + 2*4*float64(values)) // and two samples a worker wait
	workers = int(max(1, min(float64(threads), float64(samples), fit)))
	return workers, (threads + workers - 1) / workers
}

// choices takes a class apart into a number for each scale, of so many; the first scale changes fastest with the class.
func choices(class int, counts []int) []int {
	out := slices.Clone(counts)
	for j, n := range counts {
		out[j] = class % n
		class /= n
	}
	return out
}
