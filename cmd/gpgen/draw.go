package main

import "backdrop/lib/gp"

// A sample is one that is drawn by a worker and waited for in order.
type sample struct {
	number int
	x      []float32
	drawn  chan struct{}
}

// draw draws the samples on several threads and hands them to emit one by one in order. At most two samples a thread
// are in memory; x is emit's until it returns.
func draw(s *gp.Sampler, values int, n numbers, threads int, emit func(number int, x []float32) error) error {
	threads = max(1, min(threads, n.count))
	ahead := 2 * threads
	free, order := make(chan *sample, ahead), make(chan *sample, ahead)
	for range ahead {
		free <- &sample{drawn: make(chan struct{}, 1)}
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
				next.x = make([]float32, values)
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
				s.Draw(next.number, next.x)
				next.drawn <- struct{}{}
			}
		}()
	}
	for next := range order {
		<-next.drawn
		if err := emit(next.number, next.x); err != nil {
			return err
		}
		free <- next
	}
	return nil
}
