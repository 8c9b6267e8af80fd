package npy

import (
	"errors"
	"fmt"
	"io"

	"backdrop/formats/cut"
)

var (
	// ErrFormat means that the input is not in the format of this package, or in a part of it that is not supported.
	ErrFormat = errors.New("npy: bad format")
	// ErrTooLarge means that the input needs more memory than the limit.
	ErrTooLarge = errors.New("npy: too large")
	// ErrLimit is ErrTooLarge of elements that a larger limit would allow.
	ErrLimit = fmt.Errorf("%w for the limit", ErrTooLarge)
)

// step is how many bytes are allocated for a claim before any have arrived.
const step = 1 << 20

// An Allocator is a reader that provides the memory for the arrays that are read from it. From any other reader, Read
// and the functions like it take a step of 1 MiB first and then twice as much each time, as the bytes arrive.
type Allocator interface {
	io.Reader

	// Allocate returns memory for elements of size bytes, whose header was found in order. A slice of that length is used
	// as it is. A shorter one is replaced by larger ones as bytes arrive, so it should have the length that is certain
	// to be filled. An empty one leaves it to Read.
	Allocate(size int64) []byte
}

// Read reads the next of the arrays that follow one another in r, and nothing behind it. Its elements may take at most
// limit bytes. The error is io.EOF only if r ends before the first byte. If r is an Allocator, it provides the memory.
func Read(r io.Reader, limit int64) (*Array, error) {
	h, err := readNumbers(r)
	if err != nil {
		return nil, err
	}
	return readArray(r, h, limit)
}

// ReadFloats is Read for elements that will be converted to float32: they may take at most limit bytes then, too.
func ReadFloats(r io.Reader, limit int64) (*Array, error) {
	h, err := readNumbers(r)
	if err != nil {
		return nil, err
	}
	if _, err := h.sizeAs(Float32, limit); err != nil {
		return nil, err
	}
	return readArray(r, h, limit)
}

// readArray reads the elements that follow a header.
func readArray(r io.Reader, h header, limit int64) (*Array, error) {
	size, err := h.size(limit)
	if err != nil {
		return nil, err
	}
	raw, err := readData(r, size, 0, size, nil)
	if err != nil {
		return nil, err
	}
	return newArray(h, raw), nil
}

// readData reads n bytes of an array of all bytes, from byte number at on: into buf if that is large enough, else into
// memory of an Allocator, else in steps that double with what has arrived, so that a false claim costs one step at most.
func readData(r io.Reader, n, at, all int64, buf []byte) ([]byte, error) {
	var raw []byte
	if int64(cap(buf)) >= n {
		raw = buf[:n]
	} else if a, ok := r.(Allocator); ok {
		raw = a.Allocate(n)
	}
	if len(raw) == 0 {
		raw = make([]byte, min(n, step))
	}
	for have := int64(0); ; {
		got, err := io.ReadFull(r, raw[have:])
		have += int64(got)
		if err != nil {
			return nil, readError("data", err, at+have, all)
		}
		if have == n {
			return raw, nil
		}
		grown := make([]byte, min(n, 2*have))
		copy(grown, raw)
		raw = grown
	}
}

// inputError is an error whose text is complete. Its kind is ErrFormat or ErrTooLarge.
type inputError struct {
	text string
	kind error
}

// Error returns the text.
func (e *inputError) Error() string { return e.text }

// Unwrap returns the kind.
func (e *inputError) Unwrap() error { return e.kind }

// formatError is an ErrFormat that says what is wrong.
func formatError(format string, args ...any) error {
	return &inputError{"npy: " + fmt.Sprintf(format, args...), ErrFormat}
}

// tooLargeError is an ErrTooLarge that says what is too large.
func tooLargeError(format string, args ...any) error {
	return &inputError{"npy: " + fmt.Sprintf(format, args...), ErrTooLarge}
}

// readError says that the input ended after have of want bytes, or that reading it failed.
func readError(what string, err error, have, want int64) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return cut.Errorf("npy: %s ends after %d of %d bytes", what, have, want)
	}
	return fmt.Errorf("npy: reading %s: %w", what, err)
}
