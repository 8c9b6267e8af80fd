package dataset

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"os"

	"backdrop/formats/npy"
	"backdrop/lib/dims"
	"backdrop/lib/pixels"
)

// tempFile is a temporary file. On systems that can remove an open file it has no name, so that it disappears when the
// process ends, however it ends. On others it is removed when it is closed.
type tempFile struct {
	*os.File
	remove string // its name; "" if it has none
}

// newTempFile creates a file in the folder of temporary files.
func newTempFile() (*tempFile, error) {
	f, err := os.CreateTemp("", "backdrop-*")
	if err != nil {
		return nil, spillError(err)
	}
	t := &tempFile{File: f}
	if os.Remove(f.Name()) != nil {
		t.remove = f.Name()
	}
	return t, nil
}

// Write writes to the file, and says what to do if the disk is full. (io.Copy does not call it unless the method ReadFrom of
// the file is hidden.)
func (t *tempFile) Write(p []byte) (int, error) {
	n, err := t.File.Write(p)
	return n, spillError(err)
}

// Close closes the file and removes it.
func (t *tempFile) Close() error {
	err := t.File.Close()
	if t.remove != "" {
		err = cmp.Or(err, os.Remove(t.remove))
	}
	return err
}

// spillError says what an error is about and what to do; nil stays nil.
func spillError(err error) error {
	if err == nil {
		return nil
	}
	return &AdvisedError{Err: fmt.Errorf("keeping data in a temporary file: %w", err), Try: "point TMPDIR to more room", Advice: AllowMemory}
}

// spill is an array of samples that grows on disk. When the number of samples is known, its header is written again: a .npy
// header has room for any number. Of samples that may differ in size it is all values in a row.
type spill struct {
	file   *tempFile
	out    *bufio.Writer
	shape  []int // [0, shape of a sample], later [N, …]; in a row [1, values]
	places []int // where each sample begins in a row; nil if all have one shape
	sizes  bool
}

// newSpill starts an array of samples of that shape or, with sizes, of any.
func newSpill(sample []int, sizes bool) (*spill, error) {
	file, err := newTempFile()
	if err != nil {
		return nil, err
	}
	s := &spill{file: file, out: bufio.NewWriterSize(file, inputBuffer), shape: append([]int{0}, sample...), sizes: sizes}
	if sizes {
		s.shape = []int{1, 0}
	}
	return s, npy.WriteHeader(s.out, npy.Float32, s.shape)
}

// add appends a sample of that shape.
func (s *spill) add(x pixels.Source, shape []int) (err error) {
	if s.sizes {
		s.places = append(s.places, s.shape[1])
		s.shape[1] += dims.Count(shape)
	} else {
		s.shape[0]++
	}
	pixels.ScanChannels(x, shape[0], dims.Count(shape[1:]), func(_, _ int, values []float32) bool {
		err = npy.WriteElements(s.out, npy.Float32, values)
		return err == nil
	})
	return err
}

// open completes the array and maps it.
func (s *spill) open() (*npy.File, error) {
	var header bytes.Buffer
	err := npy.WriteHeader(&header, npy.Float32, s.shape)
	if err == nil {
		err = s.out.Flush()
	}
	if err == nil {
		_, err = s.file.WriteAt(header.Bytes(), 0)
	}
	if err != nil {
		return nil, err
	}
	return npy.OpenFile(s.file.File)
}

// stretch is a sample that is a stretch of one long channel.
type stretch struct {
	of    pixels.Source
	at    int // where it begins
	count int // pixels of a channel
}

// Pixels implements pixels.Source.
func (s *stretch) Pixels(dst []float32, step, c, from, to int) {
	at := s.at + c*s.count
	s.of.Pixels(dst, step, 0, at+from, at+to)
}
