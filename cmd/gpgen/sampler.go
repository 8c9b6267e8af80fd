package main

import "backdrop/lib/gp"

// sampler is a source that draws its samples.
type sampler struct {
	*gp.Sampler
	spec gp.Spec
}

// newSampler returns the source of a Spec, which uses so many threads for each sample.
func newSampler(spec gp.Spec, threads int) (*sampler, error) {
	s, err := gp.NewSampler(spec)
	if err != nil {
		return nil, err
	}
	s.Threads = threads
	return &sampler{Sampler: s, spec: spec}, nil
}

func (s *sampler) Shape() []int         { return s.spec.Shape }
func (s *sampler) Classes() []string    { return s.spec.Classes() }
func (s *sampler) Class(number int) int { return s.spec.Class(number) }

func (s *sampler) Draw(number int, dst []float32) error {
	s.Sampler.Draw(number, dst)
	return nil
}
