package engine

import (
	"slices"
	"sync/atomic"

	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// Sizes evaluates a network on samples of any size that it takes. It has a Runner for samples of the network's own input, and
// others for the sizes that came last. It is not for several goroutines at once, but for Progress, Stop and Restart.
type Sizes struct {
	own     *Runner
	weights *net.Weights
	others  []*Runner // that used last at the end
	scores  [][]float32
	x       []pixels.Source // those of one size

	now     atomic.Pointer[Runner] // that works, or worked last
	stopped atomic.Bool
	done    atomic.Int64 // samples of the batch that have their scores
	working atomic.Int64 // those under way
	batch   atomic.Int64
}

// keptSizes is how many runners of other sizes wait for more samples of theirs: photographs are upright or lie.
const keptSizes = 2

// NewSizes returns the evaluation of a runner's network, with the weights that the runner has.
func NewSizes(own *Runner, w *net.Weights) *Sizes {
	s := &Sizes{own: own, weights: w}
	s.now.Store(own)
	return s
}

// Scores returns the network's output for every sample of a batch, without masks: those of one size are taken through it together.
// They are valid until the next call. It is an error if the network does not take one of the shapes.
func (s *Sizes) Scores(x []pixels.Source, shapes []net.Shape) ([][]float32, error) {
	s.done.Store(0)
	s.batch.Store(int64(len(x)))
	if !slices.ContainsFunc(shapes, func(shape net.Shape) bool { return shape != s.own.Input() }) {
		return s.run(s.own, x), nil
	}
	for len(s.scores) < len(x) {
		s.scores = append(s.scores, nil)
	}
	for i, shape := range shapes {
		if slices.Index(shapes, shape) < i { // taken with the first of its size
			continue
		}
		r, err := s.runner(shape)
		if err != nil {
			return nil, err
		}
		s.x = s.x[:0]
		for j := i; j < len(x); j++ {
			if shapes[j] == shape {
				s.x = append(s.x, x[j])
			}
		}
		scores := s.run(r, s.x)
		for j := i; j < len(x); j++ {
			if shapes[j] == shape {
				s.scores[j], scores = append(s.scores[j][:0], scores[0]...), scores[1:]
			}
		}
	}
	return s.scores[:len(x)], nil
}

// run takes samples through a runner.
func (s *Sizes) run(r *Runner, x []pixels.Source) [][]float32 {
	s.working.Store(int64(len(x)))
	s.now.Store(r)
	if r != s.own {
		r.Restart()
		if s.stopped.Load() {
			r.Stop()
		}
	}
	scores := r.Forward(x, nil)
	s.working.Store(0)
	s.done.Add(int64(len(x)))
	return scores
}

// runner returns the runner of a size.
func (s *Sizes) runner(shape net.Shape) (*Runner, error) {
	if shape == s.own.Input() {
		return s.own, nil
	}
	if i := slices.IndexFunc(s.others, func(r *Runner) bool { return r.Input() == shape }); i >= 0 {
		r := s.others[i]
		s.others = append(slices.Delete(s.others, i, i+1), r)
		return r, nil
	}
	n, err := s.own.net.On(shape)
	if err != nil {
		return nil, err
	}
	r, err := newRunner(n, s.weights, s.own.crew)
	if err != nil {
		return nil, err
	}
	if len(s.others) == keptSizes {
		s.others = slices.Delete(s.others, 0, 1)
	}
	s.others = append(s.others, r)
	return r, nil
}

// Progress returns which part of the batch under way is done. Any goroutine may call it.
func (s *Sizes) Progress() float64 {
	_, part := s.now.Load().Progress()
	return min(1, (float64(s.done.Load())+part*float64(s.working.Load()))/float64(max(1, s.batch.Load())))
}

// Stop is Runner.Stop of all sizes.
func (s *Sizes) Stop() {
	s.stopped.Store(true)
	s.own.Stop()
	s.now.Load().Stop()
}

// Restart is Runner.Restart.
func (s *Sizes) Restart() {
	s.stopped.Store(false)
	s.own.Restart()
}

// SizesMemory bounds what evaluating batches of up to that many samples of different sizes takes besides the Runner of the network's
// own input, where no sample is larger than that shape along any axis.
func SizesMemory(n *net.Network, largest net.Shape, batch, threads int) (Memory, error) {
	on, err := n.On(largest)
	if err != nil {
		return Memory{}, err
	}
	m, err := ForwardMemory(on, batch, threads)
	m.Packed *= keptSizes + 1 // one more until it is collected
	m.Working *= keptSizes + 1
	return m, err
}
