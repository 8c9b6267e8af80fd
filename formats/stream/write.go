package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"backdrop/formats/npy"
	"backdrop/lib/dims"
)

// Writer writes samples.
type Writer struct {
	m       *MemberWriter
	names   *ClassNames
	started bool
}

// NewWriter starts a stream of samples. Only Close completes it: until then it counts as cut.
func NewWriter(w io.Writer, c Compression) (*Writer, error) {
	m, err := NewMemberWriter(w, c)
	if err != nil {
		return nil, err
	}
	return &Writer{m: m, names: NewClassNames(nil)}, nil
}

// WriteMetadata writes the metadata. It must come before any sample.
func (w *Writer) WriteMetadata(d Metadata) error {
	if w.started {
		panic("stream: metadata come first")
	}
	w.started = true
	data, err := d.encode()
	if err != nil {
		w.m.stop(fmt.Errorf("stream: member %s: %w", datasetName, err))
		return w.m.err
	}
	w.names = NewClassNames(d.Classes)
	return w.m.Write(datasetName, data)
}

// Parts hands over the elements of an array in order, some at a time. What take is given may be overwritten afterwards. It
// ends with the first error of take.
type Parts func(take func(part []float32) error) error

// WriteSample writes a sample, X as Float16, Float32 or Float64. If the class is known the label is its number, or its name
// where numbers could be taken for names; else it is LabelText. A sample must not have the key of the one before.
func (w *Writer) WriteSample(s *Sample, t npy.DType) error {
	return w.WriteParts(s, t, func(take func([]float32) error) error { return take(s.X) })
}

// WriteParts is WriteSample for a sample whose X comes in parts, so that it need not be held. Too many or too few elements for
// its shape are the caller's mistake.
func (w *Writer) WriteParts(s *Sample, t npy.DType, x Parts) error {
	w.started = true
	if err := checkKey(s.Key); err != nil {
		return fmt.Errorf("stream: sample %s: %w", quoted(s.Key), err)
	}
	err := w.array(s.Key+".x.npy", t, s.Shape, func(w io.Writer) error { return writeParts(w, t, s.Shape, x) })
	switch {
	case err != nil:
	case s.HasLabel:
		err = w.m.Write(s.Key+".cls", []byte(w.names.label(s.Label)))
	case s.LabelText != "":
		err = w.m.Write(s.Key+".cls", []byte(s.LabelText))
	}
	if err == nil && s.Y != nil {
		err = w.array(s.Key+".y.npy", s.Y.DType, s.Y.Shape, func(w io.Writer) error { return npy.Write(w, s.Y) })
	}
	if err == nil && s.Info != nil {
		err = w.m.Write(s.Key+".json", s.Info)
	}
	return err
}

// writeParts writes an array.
func writeParts(w io.Writer, t npy.DType, shape []int, x Parts) error {
	if err := npy.WriteHeader(w, t, shape); err != nil {
		return err
	}
	done, all := 0, dims.Count(shape)
	err := x(func(part []float32) error {
		if done+len(part) > all {
			panic("stream: length mismatch")
		}
		err := npy.WriteElementsFrom(w, t, part, done)
		done += len(part)
		return err
	})
	if err == nil && done < all {
		panic("stream: length mismatch")
	}
	return err
}

// Close writes the end of the stream.
func (w *Writer) Close() error { return w.m.Close() }

// array writes a member that is an array of that type and shape, which fill writes.
func (w *Writer) array(name string, t npy.DType, shape []int, fill func(io.Writer) error) error {
	return w.m.write(name, arraySize(t, shape), fill)
}

// arraySize is the number of bytes of a .npy file.
func arraySize(t npy.DType, shape []int) int64 {
	var header bytes.Buffer
	npy.WriteHeader(&header, t, shape) // a bytes.Buffer never fails
	return int64(header.Len()) + int64(dims.Count(shape))*int64(t.Size())
}

// checkKey refuses keys that could not be read back.
func checkKey(key string) error {
	switch {
	case key == "" || strings.Contains(path.Base(key), ".") || strings.HasSuffix(key, "/"):
		return errors.New("a key is a path whose last part is not empty and has no dot")
	case isMeta(path.Dir(key)):
		return errors.New("a key has no folder of the form __*__")
	}
	return nil
}
