package dataset

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"os"

	"backdrop/formats/npy"
)

// tempFile is a file that nobody else sees. Where an open file can be removed it has no name any more, so that it goes
// with the process however that ends; elsewhere it is removed when closed.
type tempFile struct {
	*os.File
	remove string
}

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

// Write says what to do if there is no room. (os.File's own ReadFrom would pass by it: io.Copy needs a plain writer.)
func (t *tempFile) Write(p []byte) (int, error) {
	n, err := t.File.Write(p)
	return n, spillError(err)
}

func (t *tempFile) Close() error {
	err := t.File.Close()
	if t.remove != "" {
		err = cmp.Or(err, os.Remove(t.remove))
	}
	return err
}

func spillError(err error) error {
	if err == nil {
		return nil
	}
	return &AdvisedError{Err: fmt.Errorf("keeping data in a temporary file: %w", err), Try: "point TMPDIR to more room", Advice: AllowMemory}
}

// spill is an array of samples that grows on disk. The header is written over when it is known how many there are,
// which a .npy header has room for.
type spill struct {
	file  *tempFile
	out   *bufio.Writer
	shape []int // [0,C,H,W], later [N,C,H,W]
}

func newSpill(sample [3]int) (*spill, error) {
	file, err := newTempFile()
	if err != nil {
		return nil, err
	}
	s := &spill{file: file, out: bufio.NewWriterSize(file, inputBuffer), shape: append([]int{0}, sample[:]...)}
	return s, npy.WriteHeader(s.out, npy.Float32, s.shape)
}

func (s *spill) add(x []float32) error {
	s.shape[0]++
	return npy.WriteElements(s.out, npy.Float32, x)
}

// open maps what was written.
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
