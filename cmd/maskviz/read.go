package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/stream"
)

// A sampleReader reads the samples of a step: from the first one on, or from the one that --sample names.
type sampleReader struct {
	source dataset.Source
	want   int // how many
	c      *config
	known  bool // the number of axes is

	n       int // that were read
	largest int // values of one
}

// read returns the samples that are wanted, fewer if there are no more.
func (r *sampleReader) read() ([]*stream.Sample, error) {
	if r.c.sample == "" || r.c.mode == "masks" {
		return r.more(nil)
	}
	number, err := strconv.ParseUint(r.c.sample, 10, 63)
	isNumber := err == nil
	var first, numbered []*stream.Sample // from the first one on, and from the one of that number on
	for {
		s, err := r.next()
		switch {
		case err == io.EOF && numbered != nil:
			return r.around(numbered, first), nil
		case err == io.EOF && r.n > 0:
			return nil, r.absent(isNumber)
		case err == io.EOF:
			return nil, nil
		case err != nil:
			return nil, err
		}
		key, err := strconv.ParseUint(s.Key, 10, 63)
		switch {
		case s.Key == r.c.sample || isNumber && err == nil && key == number:
			samples, err := r.more([]*stream.Sample{s})
			return r.around(samples, first), err
		case isNumber && uint64(r.n) > number && len(numbered) < r.want:
			numbered = append(numbered, s)
		case len(first) < r.want-1 && numbered == nil:
			first = append(first, s)
		default:
			r.source.Reuse(s.X)
		}
	}
}

// around adds the first samples behind the last ones, until there are as many as wanted.
func (r *sampleReader) around(samples, first []*stream.Sample) []*stream.Sample {
	return append(samples, first[:min(len(first), r.want-len(samples))]...)
}

// more adds samples until there are as many as wanted.
func (r *sampleReader) more(samples []*stream.Sample) ([]*stream.Sample, error) {
	for len(samples) < r.want {
		s, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if r.c.mode == "masks" {
			s.X, s.Array = nil, nil // its shape is all that is needed
		}
		samples = append(samples, s)
	}
	return samples, nil
}

// next reads a sample, and looks whether there is memory for those that are wanted.
func (r *sampleReader) next() (*stream.Sample, error) {
	s, err := r.source.Next()
	if err != nil {
		return nil, err
	}
	if r.n == 0 && r.known {
		if err := models.OneReading(r.c.samples, r.c.layout, cmp.Or(s.Axes, r.source.Metadata().Axes), s.Shape); err != nil {
			return nil, err
		}
	}
	if r.n == 0 || len(s.X) > r.largest {
		r.largest = len(s.X)
		heap, mapped := r.source.Held()
		if r.n == 0 {
			r.c.Outside(mapped)
		}
		held := r.want
		if r.c.sample != "" { // the first ones, too, until it is found
			held = 2*r.want - 1
		}
		need := float64(heap+mapped) + 4*float64(held)*float64(len(s.X))
		if err := tool.Fits(fmt.Sprintf("reading %d samples of %d values", r.want, len(s.X)), need, "a smaller --batch"); err != nil {
			return nil, err
		}
	}
	r.n++
	return s, nil
}

// absent is the error of a sample that is not there.
func (r *sampleReader) absent(isNumber bool) error {
	if isNumber {
		return tool.Usagef("--sample %s: %s has %d samples, counted from 0, and none of this key", r.c.sample, tool.InputName(r.c.samples), r.n)
	}
	return tool.Usagef("--sample %s: none of the %d samples of %s has this key; a number from 0 to %d names one, too", stream.Quote(r.c.sample), r.n, tool.InputName(r.c.samples), r.n-1)
}
