package main

import (
	"fmt"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/lib/machine"
	"backdrop/lib/net"
)

// sizes are those of the samples that a network judges.
type sizes struct {
	network *net.Network
	known   map[net.Shape]bool // shapes that it takes
	shape   net.Shape          // of the sample that was read last
	largest net.Shape          // the largest extent so far along each axis
	differ  bool               // a sample is of another shape than the network's input
}

func newSizes(m *models.Loaded) sizes {
	return sizes{network: m.Net, known: map[net.Shape]bool{m.Net.Input: true}}
}

// Shape is that of the sample that was read last.
func (s *sizes) Shape() net.Shape { return s.shape }

// take takes in the shape of the next sample, and reports whether it may need more memory than those before.
func (s *sizes) take(shape net.Shape) bool {
	s.shape = shape
	largest, differ := s.largest, s.differ
	s.largest, s.differ = largest.Max(shape), differ || shape != s.network.Input
	return s.largest != largest || s.differ != differ
}

// replan makes room for a sample that is larger than those before: with fewer samples at a time, unless --batch says how many.
func (e *evaluation) replan(key string) error {
	have, _ := machine.Memory()
	for {
		need, err := e.network(e.threads, e.size)
		if err != nil {
			return err
		}
		e.need = need
		if need <= float64(have) {
			return nil
		}
		if e.size == 1 || e.batchSet {
			return e.tooLarge(key, need)
		}
		e.size /= 2
		e.batches.SetSize(e.size)
	}
}

// tooLarge is the error of a sample that there is no memory for.
func (e *evaluation) tooLarge(key string, need float64) error {
	what, try := fmt.Sprintf("the network, with sample %s, %v,", key, e.shape), "smaller samples"
	if e.size > 1 {
		what, try = fmt.Sprintf("the network, with %d samples at a time up to the size of sample %s, %v,", e.size, key, e.shape), "a smaller --batch"
	}
	have, _ := machine.Memory()
	if alone, err := e.network(1, e.size); e.threads > 1 && err == nil && alone <= float64(have) {
		try = "--threads 1"
	}
	return tool.Fits(what, need, try)
}
