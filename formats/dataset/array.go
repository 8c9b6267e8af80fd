package dataset

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/pixels"
)

// checkShape returns an error unless the shape is one of samples with one to four axes. It is checked before the first sample,
// because an array of any number of empty samples takes no bytes.
func checkShape(shape []int) error {
	if n := len(shape); n > 1 && n <= 1+len(canonical) && slices.Min(shape[1:]) > 0 {
		return nil
	}
	return fmt.Errorf("array of shape %v; want samples as [N,W], [N,H,W], [N,C,H,W] or [N,C,D,H,W], with no size but N 0", shape)
}

// numbered returns the i-th sample of an array, without its values.
func numbered(i int, shape []int, labels []int) *stream.Sample {
	s := &stream.Sample{Key: arrayKey(i), Shape: shape}
	if labels != nil {
		s.Label, s.HasLabel = labels[i], true
	}
	return s
}

// arrayKey names a sample of an array as gpgen names those of a stream.
func arrayKey(i int) string { return fmt.Sprintf("%06d", i) }

// arraySource returns the rows of an array in a file.
type arraySource struct {
	array  *npy.Array
	file   *npy.File // that holds the array
	labels []int     // nil: none
	names  []string  // of the classes, if the labels are texts
	place  bool      // large samples stay in the file
	all    bool      // all do
	spare  buffers
	next   int
	own    closers
}

// buffers is memory of samples that were given back.
type buffers [][]float32

// Reuse adds the memory of a sample.
func (b *buffers) Reuse(x []float32) {
	if cap(x) > 0 {
		*b = append(*b, x)
	}
}

// take removes one buffer and returns it; nil if there is none.
func (b *buffers) take() (x []float32) {
	if last := len(*b) - 1; last >= 0 {
		x, *b = (*b)[last], (*b)[:last]
	}
	return x
}

// bytes is the size of all buffers.
func (b *buffers) bytes() (n int64) {
	for _, x := range *b {
		n += 4 * int64(cap(x))
	}
	return n
}

// Metadata implements Source.
func (s *arraySource) Metadata() stream.Metadata { return stream.Metadata{Classes: s.names} }

// Labels implements Source.
func (s *arraySource) Labels() []int { return s.labels }

// Close implements Source.
func (s *arraySource) Close() error { return s.own.Close() }

// Reuse implements Source.
func (s *arraySource) Reuse(x []float32) { s.spare.Reuse(x) }

// Err implements Source.
func (s *arraySource) Err() error { return s.file.Err() }

// Most implements Source.
func (s *arraySource) Most() int { return s.array.Shape[0] }

// Held implements Source.
func (s *arraySource) Held() (heap, mapped int64) {
	return s.spare.bytes() + 8*int64(len(s.labels)), s.file.Resident()
}

// Next implements Source.
func (s *arraySource) Next() (*stream.Sample, error) {
	if s.next == s.array.Shape[0] {
		return nil, io.EOF
	}
	row := s.array.Row(s.next)
	sample := numbered(s.next, row.Shape, s.labels)
	s.next++
	if s.all || s.place && row.Len() > pixels.Small {
		sample.Array = row
		return sample, nil
	}
	if sample.X = s.spare.take(); sample.X == nil {
		sample.X = make([]float32, row.Len())
	}
	if err := row.Float32To(sample.X); err != nil {
		return nil, fmt.Errorf("sample %s: %w", sample.Key, err)
	}
	row.Touch()
	return sample, nil
}

// rowSource returns the rows of an array that comes through a pipe or out of an archive.
type rowSource struct {
	rows   *npy.Rows
	r      io.Reader // that rows read from
	where  string    // errors start with it
	labels []int
	names  []string // of the classes, if the labels are texts
	held   int64    // bytes of the archive if it is in memory, else 0
	spare  buffers
	next   int
	own    closers
}

// Metadata implements Source.
func (s *rowSource) Metadata() stream.Metadata { return stream.Metadata{Classes: s.names} }

// Labels implements Source.
func (s *rowSource) Labels() []int { return s.labels }

// Err implements Source.
func (s *rowSource) Err() error { return nil }

// Close implements Source.
func (s *rowSource) Close() error { return s.own.Close() }

// Reuse implements Source.
func (s *rowSource) Reuse(x []float32) { s.spare.Reuse(x) }

// Most implements Source.
func (s *rowSource) Most() int { return s.rows.Shape[0] }

// Held implements Source.
func (s *rowSource) Held() (heap, mapped int64) {
	return s.held + s.rows.Held() + s.spare.bytes() + 8*int64(len(s.labels)), 0
}

// Next implements Source.
func (s *rowSource) Next() (*stream.Sample, error) {
	buf := s.spare.take()
	row, err := s.rows.NextReusing(buf)
	if err == io.EOF {
		if err = s.end(); err == io.EOF {
			return nil, io.EOF
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s%w", s.where, err)
	}
	sample := numbered(s.next, row.Shape, s.labels)
	s.next++
	if view, ok := row.Float32View(); ok {
		sample.X = view
		return sample, nil
	}
	if sample.X = buf; buf == nil {
		sample.X = make([]float32, row.Len())
	}
	if err := row.Float32To(sample.X); err != nil {
		return nil, fmt.Errorf("sample %s: %w", sample.Key, err)
	}
	return sample, nil
}

// end returns io.EOF if nothing follows the array. Reading to the end also verifies the checksum of a member of an archive.
func (s *rowSource) end() error {
	_, err := io.ReadFull(s.r, make([]byte, 1))
	if err == nil {
		return errors.New("data follow the array")
	}
	return err
}
