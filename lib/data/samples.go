package data

import (
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
)

// A Table holds labelled samples that can be read in any order, by their numbers from 0.
type Table interface {
	Len() int
	Label(i int) int

	// Sample returns a sample, which reads its values where they lie.
	Sample(i int) pixels.Source

	// InPlace reports whether values are read as they are, so that reading them again costs as little as from memory.
	InPlace() bool

	// Err says why a sample could not be read, which then has zeros; nil if all could.
	Err() error
}

// A OnePass gives labelled samples once, one after the other.
type OnePass interface {
	// Next returns the next sample and its label. If it is in memory, the values belong to the caller, who may change them,
	// until Release. io.EOF, as it is, ends them.
	Next() (x pixels.Source, label int, err error)

	// Release gives a sample back: a later one may get its memory.
	Release(x pixels.Source)

	// Err is Table.Err.
	Err() error
}

// A Sized is a OnePass whose samples may differ in size.
type Sized interface {
	OnePass

	// Shape is that of the sample that Next returned last.
	Shape() net.Shape
}

// A Normaliser is a OnePass that chooses how its samples are normalised when those of the first batch are read, in place of
// Options.Normalisation.
type Normaliser interface {
	OnePass
	Normalisation() scale.Normalisation
}
