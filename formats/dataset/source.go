package dataset

import (
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
	Classes    []string      // what labels that are names mean in a stream that does not name its classes
}

// member is the limit of what is held at a time; the default is that of package stream.
func (o Options) member() int64 {
	if o.Limits.Member <= 0 {
		return 1 << 30
	}
	return o.Limits.Member
}

// maxLabel bounds labels that no list of classes bounds, because names and outputs are made up to the largest. The
// largest public sets have some ten thousands of classes.
const maxLabel = 1<<20 - 1

// Source gives samples one after the other. Next returns io.EOF when all were given and the input was complete; what
// Dataset says is final only then. X of a sample belongs to the caller.
type Source interface {
	Dataset() stream.Dataset
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
	lateNames  bool // names of classes may stay unresolved until the end
	classes    []string
	assumed    bool // a label was looked up in classes, before the stream named its own

	n           int
	first       stream.Sample // without its values
	largest     int           // label; 0 suits any classes
	largestFrom string        // key of the sample that has it
	err         error
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
		if err = s.checkEnd(); err == nil {
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
		return fmt.Errorf("sample %s has shape %v, but sample %s has %v", sample.Key, sample.Shape, s.first.Key, s.first.Shape)
	}
	for i, v := range sample.X {
		if v-v != 0 && !s.missing { // infinite or no number
			return fmt.Errorf("sample %s: value %d is %v", sample.Key, i, v)
		}
	}
	if !sample.HasLabel && sample.LabelText != "" {
		if err := s.resolve(sample); err != nil {
			return err
		}
	}
	if !sample.HasLabel {
		if s.needLabels && sample.LabelText == "" {
			return fmt.Errorf("sample %s has no label", sample.Key)
		}
		return nil
	}
	if sample.Label > s.largest {
		s.largest, s.largestFrom = sample.Label, sample.Key
	}
	return s.checkRange(sample.Key, sample.Label)
}

// resolve looks up the label of a sample that is a name.
func (s *source) resolve(sample *stream.Sample) error {
	classes := s.Dataset().Classes
	if len(classes) == 0 {
		if s.lateNames {
			return nil
		}
		if classes, s.assumed = s.classes, true; len(classes) == 0 {
			return fmt.Errorf("sample %s: label %s is a name, and no member __meta__/dataset.json before it names the classes", sample.Key, stream.Quote(sample.LabelText))
		}
	}
	label := slices.Index(classes, sample.LabelText)
	if label < 0 {
		return fmt.Errorf("sample %s: label %s is none of the %d classes", sample.Key, stream.Quote(sample.LabelText), len(classes))
	}
	sample.Label, sample.HasLabel = label, true
	return nil
}

// checkEnd finds fault with labels by what came after them: the names of the classes.
func (s *source) checkEnd() error {
	if named := s.Dataset().Classes; s.assumed && len(named) > 0 && !slices.Equal(named, s.classes) {
		return fmt.Errorf("the classes are named %s only after samples whose labels were taken for those of %s; pack __meta__ first", list(named), list(s.classes))
	}
	return s.checkRange(s.largestFrom, s.largest)
}

// list shows the first few classes.
func list(classes []string) string {
	if len(classes) <= 3 {
		return fmt.Sprintf("%q", classes)
	}
	return fmt.Sprintf("%q and %d more", classes[:3], len(classes)-3)
}

func (s *source) checkRange(key string, label int) error {
	classes := len(s.Dataset().Classes)
	switch {
	case label < 0:
		return fmt.Errorf("sample %s: label %d is negative", key, label)
	case classes > 0 && label >= classes:
		return fmt.Errorf("sample %s: label %d, but there are %d classes, numbered from 0", key, label, classes)
	case label > maxLabel:
		return fmt.Errorf("sample %s: label %d is more than the limit of %d", key, label, maxLabel)
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
