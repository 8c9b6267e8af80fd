package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"backdrop/formats/stream"
)

// Options say what to expect of the data.
type Options struct {
	Labels     string        // .npy file with the labels of samples that come without: of a .npy, or an .npz that holds only x
	Memory     int64         // bytes of samples that Load keeps in memory before it turns to a temporary file; a third of that (or 1 MiB) comes on top for their keys and labels; 0: no bound
	Limits     stream.Limits // Member also bounds what is held of an array: a sample, or all in Fortran order
	NeedLabels bool          // a sample without a label is an error
	Missing    bool          // a value may be infinite or no number
	Classes    []string      // names of the classes that labels are numbered by, if known beforehand; the data may name some of them, in any order
	Numbers    bool          // these classes have numbers only: an array's labels must not be names
	Whose      string        // what has these classes, for errors: "the model"
	Note       func(string)  // is told in a line how labels were taken, if not as they stand there; may be nil
}

// Source gives samples one after the other. Next returns io.EOF when all were given and the input was complete; what
// Metadata says is final only then. X of a sample belongs to the caller. Its label is a number by Options.Classes, if there
// are any, else by the classes that the data names.
type Source interface {
	Metadata() stream.Metadata
	Labels() []int // of all samples, if these are known before the samples are read; else nil
	Next() (*stream.Sample, error)
	Reuse(x []float32) // gives back X of a sample that is not needed any more; a later one may get its memory
	Close() error

	// Most is how many samples there are, at most if they are like the first one; 0 if only the end shows it.
	Most() int

	// Held is how many bytes the source takes at a time, besides the samples that it gave out: of the heap, and of a file
	// that is mapped into memory. The first sample shows it.
	Held() (heap, mapped int64)
}

// Open opens the data in a file, or on stdin if the name is "" or "-".
func Open(name string, stdin io.Reader, o Options) (Source, error) {
	return open(name, stdin, o)
}

// source checks the samples of another source.
type source struct {
	Source
	where      string // "reading NAME"
	needLabels bool
	missing    bool
	lateNames  bool     // labels may stay texts until the end, where the data may name the classes
	left       bool     // some have
	wanted     []string // Options.Classes
	whose      string
	labels     labels
	named      bool // the data has named its classes
	assumed    bool // a label was found before that

	n           int
	first       stream.Sample // without its values
	largest     int           // label; 0 suits any classes
	largestFrom string        // key of the sample that has it
	err         error
}

func newSource(of Source, where string, o Options) *source {
	return &source{Source: of, where: where, needLabels: o.NeedLabels, missing: o.Missing,
		wanted: o.Classes, whose: o.Whose, labels: newLabels(o.Classes, o.Note)}
}

func (s *source) Next() (*stream.Sample, error) {
	if s.err != nil {
		return nil, s.err
	}
	sample, err := s.Source.Next()
	switch err {
	case nil:
		err = s.check(sample)
	case io.EOF:
		if err = s.takeNames(); err == nil {
			s.err = io.EOF
			return nil, io.EOF
		}
	}
	if err != nil {
		s.err = s.wrap(err)
		return nil, s.err
	}
	s.n++
	return sample, nil
}

// wrap says what was read when the error came up; nil stays nil.
func (s *source) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", s.where, err)
}

// check finds fault with a sample, and turns the name of a class into its number.
func (s *source) check(sample *stream.Sample) error {
	shape, ok := chw(sample.Shape)
	if !ok {
		return fmt.Errorf("sample %s has shape %v; want [W], [H,W] or [C,H,W], none of them 0", sample.Key, sample.Shape)
	}
	if s.n == 0 {
		s.first = stream.Sample{Key: sample.Key, Shape: slices.Clone(sample.Shape)}
	} else if want, _ := chw(s.first.Shape); shape != want {
		return fmt.Errorf("sample %s has shape %v, but sample %s has %v%s", sample.Key, sample.Shape, s.first.Key, s.first.Shape, s.shapeHint(shape, want))
	}
	for i, v := range sample.X {
		if v-v != 0 && !s.missing { // infinite or no number
			return fmt.Errorf("sample %s: value %d is %v", sample.Key, i, v)
		}
	}
	if err := s.takeNames(); err != nil {
		return err
	}
	if !sample.HasLabel && sample.LabelText != "" {
		return s.resolve(sample)
	}
	if !sample.HasLabel && s.needLabels {
		return s.noLabel(sample)
	}
	return nil
}

// shapeHint says why a sample may have another shape than the first, if something speaks for it.
func (s *source) shapeHint(got, want [3]int) string {
	if _, ok := s.Source.(streamSource); ok && got == [3]int{want[0], want[2], want[1]} {
		return "; pictures are turned as their EXIF orientation says"
	}
	return cmp.Or(AxesHint(got, want), AxesHint(want, got))
}

// noLabel says that a sample has no label, and how it gets one.
func (s *source) noLabel(sample *stream.Sample) error {
	if r, ok := s.Source.(streamSource); ok {
		return r.NoLabel(sample.Key)
	}
	return fmt.Errorf("sample %s has no label", sample.Key)
}

// takeNames looks for the names of the classes as soon as the data has said them.
func (s *source) takeNames() error {
	classes := s.Metadata().Classes
	if s.named || len(classes) == 0 {
		return nil
	}
	s.named = true
	names := s.labels // with what it remembers
	names.names, names.named = stream.NewClassNames(classes), true
	if s.wanted != nil {
		for _, name := range classes {
			i, ok := s.labels.names.Index(name)
			if !ok {
				return fmt.Errorf("the classes of the data are %s, those of %s %s", stream.List(classes), s.whose, stream.List(s.wanted))
			}
			names.to = append(names.to, i)
		}
	}
	if s.assumed {
		if err := s.checkAssumed(classes); err != nil {
			return err
		}
	}
	s.labels = names
	return nil
}

// resolve finds the class of a sample's label.
func (s *source) resolve(sample *stream.Sample) (err error) {
	if s.lateNames && (!s.named || s.left) {
		s.left = true
		return nil
	}
	if sample.Label, err = s.labels.find(sample.Key, sample.LabelText); err != nil {
		return err
	}
	sample.HasLabel = true
	s.assumed = s.assumed || !s.named
	if sample.Label > s.largest {
		s.largest, s.largestFrom = sample.Label, sample.Key
	}
	return nil
}

// checkAssumed finds fault with labels that were taken for those of other classes, or for numbers, by the names that came
// behind them.
func (s *source) checkAssumed(classes []string) error {
	const remedy = "pack __meta__ first"
	switch {
	case s.wanted != nil && slices.Equal(classes, s.wanted):
		return nil
	case s.wanted != nil:
		return fmt.Errorf("the classes are named %s only after samples whose labels were taken for those of %s; %s", stream.List(classes), stream.List(s.wanted), remedy)
	case !stream.NewClassNames(classes).Numbered():
		return fmt.Errorf("the classes are named %s only after samples whose labels were taken for numbers; %s", stream.List(classes), remedy)
	case s.largest >= len(classes):
		return fmt.Errorf("sample %s: label %d, but there are %d classes, numbered from 0", s.largestFrom, s.largest, len(classes))
	case s.labels.read[stream.SignLabel] != "" && len(classes) != 2:
		return fmt.Errorf("sample %s: label -1 is negative", s.labels.read[stream.SignLabel])
	}
	return nil
}

func (s *source) Close() error {
	s.err = errClosed
	return s.Source.Close()
}

var errClosed = errors.New("dataset: source is closed")

// chw is the shape with the channel that [H,W] leaves out, and the height that a sequence [W] has not.
func chw(shape []int) (s [3]int, ok bool) {
	switch len(shape) {
	case 1:
		s = [3]int{1, 1, shape[0]}
	case 2:
		s = [3]int{1, shape[0], shape[1]}
	case 3:
		s = [3]int(shape)
	}
	return s, s[0] > 0 && s[1] > 0 && s[2] > 0
}
