package data

import (
	"errors"
	"io"

	"backdrop/lib/scale"
)

// A Source holds labelled samples that can be read in any order, by their numbers from 0.
type Source interface {
	Len() int
	Label(i int) int

	// X returns the values of a sample in C,H,W order: where they lie, if the source is InPlace, or in buf. Values that
	// lie somewhere must not be changed.
	X(i int, buf []float32) []float32

	// InPlace reports whether X needs no buffer.
	InPlace() bool
}

// A Stream gives labelled samples once, one after the other.
type Stream interface {
	// Next returns the values of the next sample in C,H,W order and its label. The values belong to the caller, who may
	// change them, until Release. io.EOF ends the stream.
	Next() (x []float32, label int, err error)

	// Release gives the values of a sample back: a later one may get their memory.
	Release(x []float32)
}

// A Normaliser is a Stream that chooses how its samples are normalised when those of the first batch are read, in place of
// Options.Normalisation.
type Normaliser interface {
	Stream
	Normalisation() scale.Normalisation
}

// ended reports whether err is the end of a stream that is whole.
func ended(err error) bool { return errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) }
