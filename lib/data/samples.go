package data

import "backdrop/lib/scale"

// A Table holds labelled samples that can be read in any order, by their numbers from 0.
type Table interface {
	Len() int
	Label(i int) int

	// X returns the values of a sample in C,H,W order: where they lie, if the table is InPlace, or in buf. Values where
	// they lie must not be changed.
	X(i int, buf []float32) []float32

	// InPlace reports whether X needs no buffer.
	InPlace() bool
}

// A OnePass gives labelled samples once, one after the other.
type OnePass interface {
	// Next returns the values of the next sample in C,H,W order and its label. The values belong to the caller, who may
	// change them, until Release. io.EOF, as it is, ends them.
	Next() (x []float32, label int, err error)

	// Release gives the values of a sample back: a later one may get their memory.
	Release(x []float32)
}

// A Normaliser is a OnePass that chooses how its samples are normalised when those of the first batch are read, in place of
// Options.Normalisation.
type Normaliser interface {
	OnePass
	Normalisation() scale.Normalisation
}
