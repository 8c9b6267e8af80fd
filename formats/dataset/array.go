package dataset

import (
	"errors"
	"fmt"
	"io"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
)

// checkShape accepts [N,W], [N,H,W] and [N,C,H,W]. The sizes of a sample are checked here and not only by source, because an
// array of any number of empty samples takes no bytes.
func checkShape(shape []int) error {
	if len(shape) > 1 {
		if _, ok := chw(shape[1:]); ok {
			return nil
		}
	}
	return fmt.Errorf("array of shape %v; want samples as [N,W], [N,H,W] or [N,C,H,W], with no size but N 0", shape)
}

// numbered is the sample of that number in an array, without its values.
func numbered(i int, shape []int, labels []int) *stream.Sample {
	s := &stream.Sample{Key: arrayKey(i), Shape: shape}
	if labels != nil {
		s.Label, s.HasLabel = labels[i], true
	}
	return s
}

// arrayKey names a sample of an array as gpgen names those of a stream.
func arrayKey(i int) string { return fmt.Sprintf("%06d", i) }

// arraySource gives the rows of an array.
type arraySource struct {
	array  *npy.Array
	file   *npy.File // that the array lies in; nil: memory
	labels []int     // nil: none
	names  []string  // of the classes, if the labels are these names
	shared bool      // X is good only until the next call, and not to be written to
	spare  buffers
	next   int
	own    closers
}

// buffers are the values of samples that were given back.
type buffers [][]float32

func (b *buffers) Reuse(x []float32) {
	if cap(x) > 0 {
		*b = append(*b, x)
	}
}

// take returns one of them, nil if there is none.
func (b *buffers) take() (x []float32) {
	if last := len(*b) - 1; last >= 0 {
		x, *b = (*b)[last], (*b)[:last]
	}
	return x
}

func (b *buffers) bytes() (n int64) {
	for _, x := range *b {
		n += 4 * int64(cap(x))
	}
	return n
}

func (s *arraySource) Metadata() stream.Metadata { return stream.Metadata{Classes: s.names} }
func (s *arraySource) Labels() []int             { return s.labels }
func (s *arraySource) Close() error              { return s.own.Close() }

func (s *arraySource) Reuse(x []float32) {
	if !s.shared {
		s.spare.Reuse(x)
	}
}

func (s *arraySource) Most() int { return s.array.Shape[0] }

func (s *arraySource) Held() (heap, mapped int64) {
	if s.file != nil {
		mapped = s.file.Resident()
	}
	return s.spare.bytes() + 8*int64(len(s.labels)), mapped
}

func (s *arraySource) Next() (*stream.Sample, error) {
	if s.next == s.array.Shape[0] {
		return nil, io.EOF
	}
	row := s.array.Row(s.next)
	sample := numbered(s.next, row.Shape, s.labels)
	s.next++
	if s.file != nil {
		s.file.Touch(row.Len() * row.DType.Size())
	}
	view, ok := row.Float32View()
	if s.shared && ok {
		sample.X = view
		return sample, nil
	}
	if sample.X = s.spare.take(); sample.X == nil {
		sample.X = make([]float32, row.Len())
	}
	if s.shared {
		s.spare.Reuse(sample.X)
	}
	if err := row.Float32To(sample.X); err != nil {
		return nil, fmt.Errorf("sample %s: %w", sample.Key, err)
	}
	return sample, nil
}

// rowSource gives the rows of an array that comes through a pipe or out of an archive.
type rowSource struct {
	rows   *npy.Rows
	r      io.Reader // what follows the rows
	where  string    // opens errors
	labels []int
	names  []string // of the classes, if the labels are these names
	held   int64    // bytes of the archive, if it is in memory
	spare  buffers
	next   int
	own    closers
}

func (s *rowSource) Metadata() stream.Metadata { return stream.Metadata{Classes: s.names} }
func (s *rowSource) Labels() []int             { return s.labels }
func (s *rowSource) Close() error              { return s.own.Close() }

func (s *rowSource) Reuse(x []float32) { s.spare.Reuse(x) }

func (s *rowSource) Most() int { return s.rows.Shape[0] }

func (s *rowSource) Held() (heap, mapped int64) {
	return s.held + s.rows.Held() + s.spare.bytes() + 8*int64(len(s.labels)), 0
}

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

// end makes sure that nothing follows the array, which also takes an archive to its checksum.
func (s *rowSource) end() error {
	_, err := io.ReadFull(s.r, make([]byte, 1))
	if err == nil {
		return errors.New("data follow the array")
	}
	return err
}
