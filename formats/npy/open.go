package npy

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"sync/atomic"
)

// File is an array in a file. Where the operating system can, it is mapped into memory and not read before it is used;
// then nothing that shares its memory may be used after Close, or written to, and the file must not shrink meanwhile.
type File struct {
	*Array
	mapped []byte
	looked atomic.Int64 // bytes looked at since pages were given back
}

// residentBytes is what may be looked at of a mapped file before its pages are given back. A look at one byte makes 64 KiB
// around it resident (Linux, mm/memory.c: fault_around_bytes).
const (
	residentBytes = 4 << 20
	aroundBytes   = 64 << 10
)

// Touch says that n more bytes of the array were looked at. From time to time the pages of a mapped file are given back
// to the operating system, which has them still or reads them again, so that going through a large file does not fill
// memory with it.
func (f *File) Touch(n int) {
	if f.mapped != nil && f.looked.Add(int64(max(n, aroundBytes))) > residentBytes {
		f.looked.Store(0)
		release(f.mapped)
	}
}

// Resident bounds the bytes of a mapped file that are in memory at a time while one row of it is in use: all of it where a
// row is spread over the whole file, in Fortran order. It is 0 if the file is not mapped.
func (f *File) Resident() int64 {
	if f.mapped == nil || f.stride != nil {
		return int64(len(f.mapped))
	}
	row := int64(f.Len()) / int64(max(1, f.Shape[0])) * int64(f.DType.Size())
	return min(int64(len(f.mapped)), residentBytes+aroundBytes+row)
}

// Scattered reports whether rows are spread over the whole file, in Fortran order.
func (f *File) Scattered() bool { return f.stride != nil }

// Mapped is the size of the mapping; 0 if the array was read.
func (f *File) Mapped() int64 { return int64(len(f.mapped)) }

// Open opens a file that holds one array and nothing else. Errors of the format do not name the file, those of the
// operating system do.
func Open(name string) (*File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return OpenFile(f)
}

// OpenFile is Open for a file that is open already, and may be closed afterwards. A regular file is taken from its start.
// Anything else (a pipe, a device) is read to its end.
func OpenFile(f *os.File) (*File, error) { return openFile(f, readNumbers) }

// openFile opens an array whose header is read so.
func openFile(f *os.File, read headerReader) (*File, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return readAll(f, read)
	}
	mapped, ok := mapFile(f, info.Size())
	if !ok {
		return readAll(io.NewSectionReader(f, 0, math.MaxInt64), read)
	}
	a, err := parse(mapped, read)
	if err != nil {
		unmap(mapped)
		return nil, err
	}
	return &File{Array: a, mapped: mapped}, nil
}

// Close gives the memory back.
func (f *File) Close() error {
	mapped := f.mapped
	f.mapped, f.Array = nil, nil
	if mapped == nil {
		return nil
	}
	return unmap(mapped)
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

func trailingError(extra int64) error {
	return formatError("%d bytes or more follow the array", extra)
}

func notBareEOF(err error) error {
	if err == io.EOF {
		return readError("header", err, 0, 10)
	}
	return err
}
