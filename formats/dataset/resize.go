package dataset

import (
	"fmt"
	"math"

	"backdrop/formats/stream"
	"backdrop/lib/dims"
	"backdrop/lib/pixels"
	"backdrop/lib/resize"
)

// resizer resamples the samples of a source to one size.
type resizer struct {
	to    dims.Sides // none: samples stay as they are
	limit int64      // bytes of a sample
	note  func(line string)

	resize.Resizer
	spare buffers
	noted bool // that a sample is stretched
}

// shape is that of a sample which has the given one, channels first, once it is resampled.
func (r *resizer) shape(shape []int) ([]int, error) {
	if r.to.None() {
		return shape, nil
	}
	axes := len(shape) - 1
	if !r.to.Fit(axes) {
		return nil, fmt.Errorf("has shape %v, which cannot be resized to %v: it has %s besides channels", shape, r.to, axesText(axes))
	}
	sized := append([]int{shape[0]}, r.to.Along(axes)...)
	if size := 4 * dims.CountFloat(sized); size > float64(r.limit) {
		return nil, &AdvisedError{Err: fmt.Errorf("takes %.0f bytes once it is resized to %v, and %d may be in memory", size, r.to, r.limit), Try: "take a smaller size", Advice: AllowMemory}
	}
	return sized, nil
}

// resample makes a sample one of that shape in memory, which becomes the sample's, read a piece at a time. It returns the memory
// that the sample had before.
func (r *resizer) resample(s *stream.Sample, shape []int, reading *pixels.Reading) (free []float32, err error) {
	r.noteStretch(s, shape)
	x := r.spare.take()
	if n := dims.Count(shape); cap(x) < n {
		x = make([]float32, n)
	} else {
		x = x[:n]
	}
	r.Resize(x, reading.Of(s.Source()), shape[0], s.Shape[1:], shape[1:])
	free = s.X
	s.X, s.Array, s.Own, s.Shape = x, nil, s.Shape, shape
	return free, reading.Err()
}

// mostStretch is how much more one axis may grow than another before a line says so.
const mostStretch = 2

// noteStretch says, once, that the aspect of a sample changes a lot.
func (r *resizer) noteStretch(s *stream.Sample, shape []int) {
	least, most := math.Inf(1), 0.0
	for i, n := range shape[1:] {
		factor := float64(n) / float64(s.Shape[1+i])
		least, most = min(least, factor), max(most, factor)
	}
	if most <= mostStretch*least || r.noted || r.note == nil {
		return
	}
	r.noted = true
	r.note(fmt.Sprintf("sample %s is resized from %s to %s, which changes its aspect by %.3g times; crops (or padding beforehand) keep it", s.Key, dims.Text(s.Shape[1:]), dims.Text(shape[1:]), most/least))
}

// bytes is the memory that the resizer holds.
func (r *resizer) bytes() int64 { return r.spare.bytes() + r.Bytes() }

// axesText is a number of axes.
func axesText(n int) string {
	if n == 1 {
		return "1 axis"
	}
	return fmt.Sprintf("%d axes", n)
}
