package main

import (
	"backdrop/lib/dims"
	"backdrop/lib/gp"
)

// sampler is a source that draws its samples.
type sampler struct {
	*gp.Sampler
	spec gp.Spec
}

// newSampler returns a source for a Spec, and how many samples it draws at a time, of that many in all on that many threads.
func newSampler(spec gp.Spec, threads, samples int, j job) (s *sampler, workers int, err error) {
	from, err := gp.NewSampler(spec)
	if err != nil {
		return nil, 0, err
	}
	shared, each := from.Memory(threads)
	need := func(workers int) float64 { return shared + float64(workers)*each }
	if workers, from.Threads, err = share(threads, samples, dims.Count(spec.Shape), need, j); err != nil {
		return nil, 0, err
	}
	return &sampler{Sampler: from, spec: spec}, workers, nil
}

// Shape is that of a sample.
func (s *sampler) Shape() []int { return s.spec.Shape }

// Classes are the names of the classes.
func (s *sampler) Classes() []string { return s.spec.Classes() }

// Class is that of a sample.
func (s *sampler) Class(number int) int { return s.spec.Class(number) }

// Draw draws a sample.
func (s *sampler) Draw(number int, dst []float32) error {
	s.Sampler.Draw(number, dst)
	return nil
}
