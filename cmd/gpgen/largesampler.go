package main

import (
	"fmt"
	"math"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/stream"
	"backdrop/lib/dims"
	"backdrop/lib/gp"
	"backdrop/lib/machine"
)

// inMemory is how many bytes drawing a sample may take in memory. What takes more is drawn by way of a temporary file, unless
// --memory allows more.
const inMemory = 512 << 20

// A rowSource is a source of samples that are too large to be held. It draws one at a time.
type rowSource interface {
	source
	// Rows draws a sample and hands its values to take in order, some at a time.
	Rows(number int, take func(values []float32) error) error
}

// largeSampler is a rowSource that draws its samples by way of a temporary file.
type largeSampler struct {
	sampler
	file *dataset.Scratch
}

// scratchRoom is the number of bytes that temporary files may take. Where the system does not say it, it is found out.
func scratchRoom() float64 {
	if free, ok := dataset.ScratchRoom(); ok {
		return max(0.5, free) // more than 0, which would mean none
	}
	return math.MaxInt64
}

// exceeds reports whether a sample that takes that many bytes is too large to be held.
func (o *options) exceeds(bytes float64) bool {
	have, _ := machine.Memory()
	if !o.MemoryLimited() {
		have = min(have, inMemory)
	}
	return bytes > float64(have)
}

// isLarge reports whether samples of the options' Spec are drawn by way of a temporary file.
func (o *options) isLarge() bool { return o.spec.Large() && o.exceeds(o.spec.LikelyMemory()) }

// newLargeSampler returns a source for the options' Spec.
func newLargeSampler(o *options, j job, progress func(done float64)) (*largeSampler, error) {
	file, err := dataset.NewScratch()
	if err != nil {
		return nil, err
	}
	s := &largeSampler{file: file}
	if err := s.open(o, j, progress); err != nil {
		file.Close()
		return nil, err
	}
	return s, nil
}

// open prepares to draw.
func (s *largeSampler) open(o *options, j job, progress func(done float64)) (err error) {
	s.spec = o.spec
	if s.Sampler, err = gp.NewLargeSampler(o.spec, s.file); err != nil {
		return err
	}
	s.Progress = progress
	have, _ := machine.Memory()
	memory, size := s.Fit(o.Threads, float64(have)-j.beside)
	if err := tool.Fits(fmt.Sprintf("%s of %d values", j.what, dims.Count(o.spec.Shape)), j.beside+memory, j.try); err != nil {
		return err
	}
	return s.file.Reserve(size)
}

// Rows draws a sample, some rows at a time.
func (s *largeSampler) Rows(number int, take func(values []float32) error) error {
	return s.DrawRows(number, take)
}

// Draw draws a sample.
func (s *largeSampler) Draw(number int, dst []float32) error {
	return s.Rows(number, func(values []float32) error {
		dst = dst[copy(dst, values):]
		return nil
	})
}

// Close removes the temporary file.
func (s *largeSampler) Close() error { return s.file.Close() }

// drawParts is draw for samples that may be too large to be held.
func drawParts(from source, n numbers, threads int, emit func(number int, x stream.Parts) error) error {
	s, ok := from.(rowSource)
	if !ok {
		return draw(from, n, threads, func(number int, x []float32) error {
			return emit(number, func(take func([]float32) error) error { return take(x) })
		})
	}
	number := n.first
	for range n.count {
		err := emit(number, func(take func([]float32) error) error { return s.Rows(number, take) })
		if err != nil {
			return err
		}
		number += n.step
	}
	return nil
}
