package dataset

import (
	"io"

	"backdrop/formats/stream"
	"backdrop/lib/dims"
	"backdrop/lib/pixels"
)

// Options say what to expect of the data.
type Options struct {
	// X and Y name the arrays of an .npz that hold the samples and the labels. If they are "", names and shapes say which these are.
	X, Y string

	// Labels is the .npy file with the labels of samples that have none: those of a .npy, or of an .npz with x only.
	Labels string

	// Memory is the number of bytes of samples that Load keeps in memory before it turns to a temporary file; 0 is no
	// limit. Keys and labels may take a third of that (or 1 MiB) in addition.
	Memory int64

	// Room is called by Load before samples are kept, with their number and the bytes that they take in memory and, beyond
	// Memory, in a temporary file: all of them where that is known beforehand, and as they grow. Its error ends reading. It may be nil.
	Room func(samples int, bytes float64, all bool) error

	// Limits are those of reading. Member also limits what is held of an array: a sample, or all of it in Fortran order. What is
	// left in its file is not held.
	Limits stream.Limits

	// Axes says what the axes of the samples' arrays are. If it is "", the data say it, or it is guessed.
	Axes Layout

	// Dimensions is the number of axes of samples, besides channels, that the network takes; 0 for any.
	Dimensions int

	// Channels is the number of channels that the network takes; 0 for any. Grey pictures become RGB where it is 3.
	Channels int

	// InPlace leaves large samples (pixels.Small) in the file that they lie in, if that is a .npy or a plain tar of them:
	// Sample.Array has the values then. Load does so in any case.
	InPlace bool

	// Resize is the size that every sample is resampled to as it is read (package resize), whatever its own is; none: samples stay
	// as they are. What is resampled is in memory.
	Resize dims.Sides

	// Sizes lets samples differ in size, though not in channels or the number of axes.
	Sizes bool

	NeedLabels bool // a sample without a label is an error
	NoLabels   bool // samples have no labels, whatever the data say
	Missing    bool // values may be infinite or NaN

	// Classes are the names of the classes, if they are known beforehand; a label is an index of it. The data may name
	// some of these classes, in any order.
	Classes []string
	Numbers bool   // the classes have numbers only: labels in an array must not be names
	Whose   string // what has the classes, for errors: "the model"

	// Reach is the largest value of the samples that these stand beside, such as those that a model was trained with; 0: that of
	// pictures, 1. If pictures of 16 bits have values so small that they are dark beside it, Note says so.
	Reach float32

	// Reading, if there is one, follows how far large samples in a file are looked through, and its error ends reading.
	Reading *pixels.Reading

	// Note is called with a line about labels that mean something else than they seem to. It may be nil.
	Note func(line string)
}

// Source returns samples one after the other. What it returns has been checked.
type Source interface {
	// Metadata returns what the data have said about themselves so far. It is complete when Next has returned io.EOF.
	Metadata() stream.Metadata

	// Labels returns the labels of all samples if they are known before the samples are read, else nil.
	Labels() []int

	// Next returns the next sample. Its X belongs to the caller; what is left in its file can be read until Close. Its label is
	// an index of Options.Classes if there are any, else of the classes that the data name. io.EOF means that the input was
	// complete.
	Next() (*stream.Sample, error)

	// Reuse gives back X of a sample that is no longer needed. A later sample may get its memory.
	Reuse(x []float32)

	// Err says whether a file that samples are left in is still as it was; nil if it is, or if there is none. Whoever has used
	// their values asks before the results are used.
	Err() error

	// Close closes the input.
	Close() error

	// Most is the number of samples, at most, if all are as large as the first; 0 if it is unknown before the end.
	Most() int

	// Held is the number of bytes that the source takes besides the samples that it returned: of the heap, and of a file
	// that is mapped into memory. It is known after the first sample.
	Held() (heap, mapped int64)
}

// Open opens the data in the file or folder of that name, or on stdin if name is "" or "-".
func Open(name string, stdin io.Reader, o Options) (Source, error) {
	return open(name, stdin, o)
}
