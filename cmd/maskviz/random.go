package main

import (
	"math/rand/v2"

	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/rng"
)

// randomBlock is how many values of a large random input are drawn from a stream of their own.
const randomBlock = 64

// newRandom returns an input with values from a normal distribution. A large one is drawn where it is read.
func newRandom(shape net.Shape, seed uint64, number int) pixels.Source {
	if cellSize(shape) > 1 {
		return &random{seed, uint64(number), shape.Size().Product()}
	}
	r, values := rng.New(seed, rng.Field, uint64(number)), make([]float32, shape.Len())
	for i := range values {
		values[i] = float32(r.NormFloat64())
	}
	return &pixels.Memory{Values: values, Count: shape.Size().Product()}
}

// random is values from a normal distribution, the same ones whenever they are read.
type random struct {
	seed, number uint64
	count        int // pixels of a channel
}

// Pixels implements pixels.Source.
func (s *random) Pixels(dst []float32, step, c, from, to int) {
	var stream rng.Stream
	r := rand.New(&stream)
	for i, end := c*s.count+from, c*s.count+to; i < end; {
		block := i / randomBlock
		stream.Set(s.seed, rng.Field, s.number, uint64(block))
		for at := block * randomBlock; at < min(end, (block+1)*randomBlock); at++ {
			if v := float32(r.NormFloat64()); at >= i {
				dst[(at-c*s.count-from)*step] = v
			}
		}
		i = min(end, (block+1)*randomBlock)
	}
}
