package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/dims"
	"backdrop/lib/pixels"
)

// checked is a Source that checks the samples of another one.
type checked struct {
	Source
	arranger
	where      string // "reading NAME"
	needLabels bool
	noLabels   bool
	missing    bool
	lateNames  bool     // labels may remain texts until the end, because the data may name the classes late
	left       bool     // some labels have remained texts
	wanted     []string // Options.Classes
	whose      string
	reading    *pixels.Reading
	labels     labels
	named      bool   // the data have named their classes
	assumed    bool   // the class of a label was found before that
	numbers    bool   // Options.Numbers
	folder     string // its name, if the data are a folder
	byFolder   folderLabels
	colours    colours
	depth      stream.Depth
	reach      float32 // Options.Reach

	dataAxes   string // that the data name, and what they mean
	dataLayout Layout

	resized     resizer
	sizes       bool          // samples may differ in size
	resident    int64         // bytes of a file that reading samples in it brings into memory
	n           int           // samples so far
	first       stream.Sample // without its values
	firstRaw    []int         // its shape as it came
	largest     int           // the largest label; 0 suits any classes
	largestFrom string        // key of the sample that has it
	err         error
}

// newChecked returns a source that checks another. Errors start with where.
func newChecked(of Source, where string, o Options) *checked {
	return &checked{Source: of, where: where, needLabels: o.NeedLabels, noLabels: o.NoLabels, missing: o.Missing, sizes: o.Sizes,
		resized:  resizer{to: o.Resize, limit: o.Limits.OrDefault().Member, note: o.Note},
		arranger: arranger{axes: o.Axes, dimensions: o.Dimensions, note: o.Note},
		reading:  o.Reading, wanted: o.Classes, whose: o.Whose, labels: newLabels(o.Classes, o.Note),
		numbers: o.Numbers, colours: colours{channels: o.Channels}, reach: cmp.Or(o.Reach, 1)}
}

// Next implements Source.
func (s *checked) Next() (*stream.Sample, error) {
	if s.err != nil {
		return nil, s.err
	}
	sample, err := s.Source.Next()
	switch err {
	case nil:
		err = s.check(sample)
	case io.EOF:
		if err = s.end(); err == nil {
			s.err = io.EOF
			return nil, io.EOF
		}
	}
	if differ := (*SizesError)(nil); errors.As(err, &differ) {
		differ.Extents = s.survey(differ.last)
	}
	if err != nil {
		s.err = s.wrap(advised(err))
		return nil, s.err
	}
	s.n++
	return sample, nil
}

// end is called behind the last sample, and says what only all of them have shown.
func (s *checked) end() error {
	err := s.takeNames()
	if err == nil {
		err = s.passedOver()
	}
	if err == nil && s.byFolder.used && !s.lateNames {
		s.noteFolders(nil, "")
	}
	s.noteColours()
	s.noteDepth()
	return err
}

// wrap adds to an error what was being read; nil stays nil.
func (s *checked) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", s.where, err)
}

// advised adds advice to an error of a sample that is too large to be in memory.
func advised(err error) error {
	if errors.Is(err, npy.ErrLimit) {
		return &AdvisedError{Err: err, Advice: LeaveInFile}
	}
	return err
}

// check returns an error if a sample is not as it should be. It finds the class of its label.
func (s *checked) check(sample *stream.Sample) error {
	data, err := s.layoutOfData()
	if err != nil {
		return err
	}
	raw := sample.Shape
	free, err := s.arranger.set(sample, data)
	if err != nil {
		return err
	}
	if free != nil {
		s.Source.Reuse(free)
	}
	if err := s.colour(sample); err != nil {
		return err
	}
	shape, err := s.resized.shape(sample.Shape)
	if err != nil {
		return fmt.Errorf("sample %s %w", sample.Key, err)
	}
	if s.n == 0 {
		s.first, s.firstRaw = stream.Sample{Key: sample.Key, Shape: shape}, slices.Clone(raw)
	} else if err := s.checkShape(sample.Key, raw, shape); err != nil {
		return err
	}
	if err := s.checkValues(sample); err != nil {
		return err
	}
	if err := s.resize(sample, shape); err != nil {
		return err
	}
	if s.noLabels {
		sample.Label, sample.HasLabel, sample.LabelText = 0, false, ""
		return nil
	}
	if err := s.takeNames(); err != nil {
		return err
	}
	_, members := s.Source.(streamSource)
	switch labelled := sample.HasLabel || sample.LabelText != ""; {
	case members && !labelled:
		return s.folderLabel(sample)
	case !labelled && s.needLabels:
		return s.noLabel(sample)
	case members:
		if err := s.ownLabel(sample); err != nil {
			return err
		}
	}
	if !sample.HasLabel && sample.LabelText != "" {
		err := s.resolve(sample)
		if err != nil && !s.needLabels && sample.LabelIn != "cls" { // nobody said that it is a label
			sample.LabelText, err = "", nil
		}
		return err
	}
	return nil
}

// checkShape returns an error if a sample must not have that shape beside the first one. raw is the shape that it came with.
func (s *checked) checkShape(key string, raw, shape []int) error {
	first := s.first.Shape
	if slices.Equal(shape, first) || s.sizes && sameKind(shape, first) {
		return nil
	}
	err := fmt.Errorf("sample %s has shape %v, but sample %s has %v%s", key, raw, s.first.Key, s.firstRaw, cmp.Or(s.shapeHint(shape, first), s.guessHint(raw, s.firstRaw)))
	if !sameKind(shape, first) {
		return err
	}
	return &SizesError{Err: err, last: seen{key, shape}}
}

// resize brings a sample to that shape, if samples are resized.
func (s *checked) resize(sample *stream.Sample, shape []int) error {
	if s.resized.to.None() {
		return nil
	}
	free, err := s.resized.resample(sample, shape, s.reading)
	if err == nil {
		err = s.Source.Err()
	}
	if free != nil {
		s.giveBack(free)
	}
	return err
}

// checkValues returns an error if a value is none that samples may have. Of those in a file it looks at all, whatever they may be, so
// that an error of the file comes to light.
func (s *checked) checkValues(sample *stream.Sample) error {
	if sample.Array == nil && s.missing {
		return nil
	}
	if sample.Array != nil {
		s.resident = max(s.resident, sample.Array.Planes().Resident())
	}
	if sample.Array != nil && sample.Array.Integers() {
		return s.Source.Err()
	}
	v, at := pixels.FirstNotFinite(s.reading.Of(sample.Source()), sample.Shape[0], dims.Count(sample.Shape[1:]))
	if err := s.reading.Err(); err != nil {
		return err
	}
	if sample.Array != nil {
		if err := s.Source.Err(); err != nil {
			return err
		}
		if at >= 0 {
			if err := sample.Array.Overflow(); err != nil {
				return fmt.Errorf("sample %s: %w", sample.Key, err)
			}
		}
	}
	if at >= 0 && !s.missing {
		return fmt.Errorf("sample %s: the value in %s is %v", sample.Key, place(at, sample.Shape), v)
	}
	return nil
}

// place says where a value of a sample lies, by the names of axes: from 0, and without a channel if there is only one.
func place(at int, shape []int) string {
	names := [4][]string{1: {"step"}, 2: {"row", "column"}, 3: {"plane", "row", "column"}}[len(shape)-1]
	index := dims.Index(at, shape)
	var all []string
	if shape[0] > 1 {
		all = append(all, fmt.Sprintf("channel %d", index[0]))
	}
	for i, name := range names {
		all = append(all, fmt.Sprintf("%s %d", name, index[1+i]))
	}
	return strings.Join(all, ", ")
}

// Held implements Source.
func (s *checked) Held() (heap, mapped int64) {
	heap, mapped = s.Source.Held()
	return heap + s.resized.bytes(), max(mapped, s.resident)
}

// Err implements Source.
func (s *checked) Err() error { return s.wrap(s.Source.Err()) }

// shapeHint says why the shape of a sample may differ from the first one's; "" if there is no likely reason.
func (s *checked) shapeHint(got, want []int) string {
	if _, ok := s.Source.(streamSource); ok && len(got) == 3 && len(want) == 3 && slices.Equal(got, []int{want[0], want[2], want[1]}) {
		return "; pictures are turned as their EXIF orientation says"
	}
	return cmp.Or(AxesHint(got, want), AxesHint(want, got))
}

// layoutOfData is the layout that the data name; "" if they do not.
func (s *checked) layoutOfData() (Layout, error) {
	if text := s.Metadata().Axes; text != s.dataAxes {
		l, err := ParseLayout(text)
		if err != nil {
			return "", fmt.Errorf("member %s: %w", stream.MetadataName, err)
		}
		s.dataAxes, s.dataLayout = text, l
	}
	return s.dataLayout, nil
}

// Most implements Source. Where samples may differ in size, it is known of arrays only, which have the number.
func (s *checked) Most() int {
	if _, ok := s.Source.(streamSource); ok && (s.sizes || !s.resized.to.None()) {
		return 0
	}
	return s.Source.Most()
}

// Reuse implements Source.
func (s *checked) Reuse(x []float32) {
	if !s.resized.to.None() {
		s.resized.spare.Reuse(x)
		return
	}
	s.giveBack(x)
}

// giveBack gives the memory of a sample as it came back to who has it.
func (s *checked) giveBack(x []float32) {
	if s.last.order != nil {
		s.spare.Reuse(x)
		return
	}
	s.Source.Reuse(x)
}

// noLabel returns the error about a sample without a label.
func (s *checked) noLabel(sample *stream.Sample) error {
	if r, ok := s.Source.(streamSource); ok {
		return r.NoLabel(sample.Key)
	}
	return fmt.Errorf("sample %s has no label", sample.Key)
}

// takeNames takes over the names of the classes as soon as the data have named them.
func (s *checked) takeNames() error {
	classes := s.Metadata().Classes
	if s.named || s.noLabels || len(classes) == 0 {
		return nil
	}
	s.named = true
	names := s.labels // with what it has seen so far
	names.names, names.named = stream.NewClassNames(classes), true
	if s.wanted != nil {
		for _, name := range classes {
			i, ok := s.labels.names.Index(name)
			if !ok {
				return &LabelError{fmt.Errorf("the classes of the data are %s, those of %s %s", stream.List(classes), s.whose, stream.List(s.wanted))}
			}
			names.to = append(names.to, i)
		}
	}
	if s.assumed {
		if err := s.checkAssumed(classes); err != nil {
			return &LabelError{err}
		}
	}
	s.labels = names
	return nil
}

// resolve sets the class of a sample by the text of its label.
func (s *checked) resolve(sample *stream.Sample) (err error) {
	if s.lateNames && (!s.named || s.left) {
		s.left = true
		return nil
	}
	if sample.Label, err = s.labels.find(sample.Key, sample.LabelText); err != nil {
		if !s.labels.named && !stream.IsNumber(sample.LabelText) { // labels name the classes when all are known
			err = &AdvisedError{Err: err, Advice: KeepSamples}
		}
		return err
	}
	sample.HasLabel = true
	s.assumed = s.assumed || !s.named
	if sample.Label > s.largest {
		s.largest, s.largestFrom = sample.Label, sample.Key
	}
	return nil
}

// checkAssumed returns an error if labels were taken for numbers, or for those of other classes, and the names that came
// later show that this was wrong.
func (s *checked) checkAssumed(classes []string) error {
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

// Close closes the source. Next then returns an error.
func (s *checked) Close() error {
	s.err = errClosed
	return s.Source.Close()
}

var errClosed = errors.New("dataset: source is closed")
