package npy

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
)

// File is an array in a file. If the operating system can do it, the file is mapped into memory (Mapping). Then nothing that
// shares its memory may be written to, or used after Close.
type File struct {
	*Array
	mapping *Mapping // nil if the array was read
}

// Resident bounds the bytes of a mapped file that are in memory while one row of it is in use. It is the whole file if that
// is in Fortran order, because each row is spread over all of it, and 0 if the file is not mapped.
func (f *File) Resident() int64 {
	switch {
	case f.mapping == nil:
		return 0
	case f.stride != nil:
		return f.mapping.Size()
	}
	return f.mapping.Resident()
}

// Scattered reports whether the array is in Fortran order, so that each row is spread over the whole file.
func (f *File) Scattered() bool { return f.stride != nil }

// Mapped is the size of the mapping; 0 if the array was read.
func (f *File) Mapped() int64 {
	if f.mapping == nil {
		return 0
	}
	return f.mapping.Size()
}

// Err is Mapping.Err; nil if the array was read.
func (f *File) Err() error {
	if f.mapping == nil {
		return nil
	}
	return f.mapping.Err()
}

// Open opens a file that holds one array and nothing else. Errors of the operating system name the file, errors of the
// format do not.
func Open(name string) (*File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return OpenFile(f)
}

// OpenFile is Open for a file that is already open, and that may be closed afterwards. A regular file is read from its
// start, anything else (a pipe, a device) to its end.
func OpenFile(f *os.File) (*File, error) { return openFile(f, readNumbers) }

// openFile is OpenFile with either way to read the header.
func openFile(f *os.File, read headerReader) (*File, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return readAll(f, read)
	}
	m, ok := Map(f)
	if !ok {
		return readAll(io.NewSectionReader(f, 0, math.MaxInt64), read)
	}
	a, err := m.array(0, m.Size(), read)
	if err != nil {
		m.Close()
		return nil, err
	}
	return &File{Array: a, mapping: m}, nil
}

// Close releases the memory.
func (f *File) Close() error {
	m := f.mapping
	f.mapping, f.Array = nil, nil
	if m == nil {
		return nil
	}
	return m.Close()
}

// parse returns the array that is the whole of b, sharing its memory.
func parse(b []byte, read headerReader) (*Array, error) {
	r := bytes.NewReader(b)
	h, err := read(r)
	if err != nil {
		return nil, notBareEOF(err)
	}
	size, err := h.size(math.MaxInt64)
	if err != nil {
		return nil, err
	}
	data := b[len(b)-r.Len():]
	if int64(len(data)) < size {
		return nil, readError("data", io.EOF, int64(len(data)), size)
	}
	if extra := int64(len(data)) - size; extra > 0 {
		return nil, trailingError(extra)
	}
	return newArray(h, data), nil
}

// readAll reads the array that is the whole of r.
func readAll(r io.Reader, read headerReader) (*File, error) {
	h, err := read(r)
	if err != nil {
		return nil, notBareEOF(err)
	}
	a, err := readArray(r, h, math.MaxInt64)
	if err != nil {
		return nil, notBareEOF(err)
	}
	if err := expectEnd(r); err != nil {
		return nil, err
	}
	return &File{Array: a}, nil
}

// expectEnd makes sure that nothing follows an array.
func expectEnd(r io.Reader) error {
	n, err := io.CopyN(io.Discard, r, step)
	if err != nil && err != io.EOF {
		return fmt.Errorf("npy: reading behind the array: %w", err)
	}
	if n > 0 {
		return trailingError(n)
	}
	return nil
}

// trailingError says that something follows the array.
func trailingError(extra int64) error {
	return formatError("%d bytes or more follow the array", extra)
}

// notBareEOF turns io.EOF into an error of input that is cut.
func notBareEOF(err error) error {
	if err == io.EOF {
		return readError("header", err, 0, 10)
	}
	return err
}
