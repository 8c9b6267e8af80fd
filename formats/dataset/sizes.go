package dataset

import (
	"slices"

	"backdrop/lib/dims"
)

// A SizesError is the error of samples that differ in size only, where all must have the same.
type SizesError struct {
	Err     error
	Extents // of this and the samples around it

	last seen // this sample
}

// Error says which samples differ.
func (e *SizesError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *SizesError) Unwrap() error { return e.Err }

// sameKind reports whether shapes, channels first, differ in size only.
func sameKind(a, b []int) bool { return len(a) == len(b) && a[0] == b[0] }

// How far samples are looked through for the smallest one, once it is known that they differ.
const (
	mostSurveyed       = 1000    // samples
	mostSurveyedValues = 1 << 28 // a few seconds of decoding pictures
)

// seen is a sample that was surveyed.
type seen struct {
	key   string
	shape []int
}

// survey finds the extents of the samples so far, all but the last of which have the shape of the first, and of those that are left,
// as far as they can be read in a short time.
func (s *checked) survey(last seen) Extents {
	all := slices.Repeat([]seen{{s.first.Key, s.first.Shape}}, min(s.n, mostSurveyed))
	all, _ = s.look(append(all, last), mostSurveyed)
	return ExtentsOf(len(all), func(i int) (string, []int) { return all[i].key, all[i].shape })
}

// look adds the samples that are left, at most that many. It returns the error at which it stopped.
func (s *checked) look(all []seen, most int) ([]seen, error) {
	values, axes := 0, len(s.first.Shape)
	for n := 0; n < most && values < mostSurveyedValues; n++ {
		sample, err := s.Source.Next()
		if err != nil {
			return all, err
		}
		values += dims.Count(sample.Shape)
		s.Source.Reuse(sample.X)
		sample.X = nil
		shape, err := s.arranger.shapeOf(sample, s.dataLayout)
		if err != nil || len(shape) != axes {
			return all, err
		}
		all = append(all, seen{sample.Key, shape})
	}
	return all, nil
}

// smallest makes least, extents along axes, at most those of a shape with channels first.
func smallest(least, shape []int) {
	for i := range least {
		least[i] = min(least[i], shape[1+i])
	}
}

// sizes are the shapes of the samples of a table, as far as they differ from the first one's.
type sizes struct {
	first []int   // of the first sample
	each  [][]int // of each sample; nil: all are as the first
	same  int     // samples before any that differs
}

// bytesPerShape bounds what it takes to remember the shape of a sample.
const bytesPerShape = 24 + 4*8

// recolour says that all samples so far have turned out to be RGB.
func (s *sizes) recolour() {
	inRGB := func(shape []int) []int { return append([]int{rgb}, shape[1:]...) }
	if s.first != nil {
		s.first = inRGB(s.first)
	}
	for i, shape := range s.each {
		s.each[i] = inRGB(shape)
	}
}

// add takes in the shape of a sample.
func (s *sizes) add(shape []int) {
	switch {
	case s.each != nil:
	case slices.Equal(shape, s.first):
		s.same++
		return
	default:
		s.each = slices.Repeat([][]int{s.first}, s.same)
	}
	if last := s.each[len(s.each)-1]; slices.Equal(shape, last) {
		shape = last
	}
	s.each = append(s.each, shape)
}

// of is the shape of sample i.
func (s *sizes) of(i int) []int {
	if s.each == nil {
		return s.first
	}
	return s.each[i]
}
