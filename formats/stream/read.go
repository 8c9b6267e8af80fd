package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"unsafe"

	"backdrop/formats/npy"
	"backdrop/lib/pixels"
)

// Sample is one sample of a data set.
type Sample struct {
	Key       string     // path of its members up to the first dot of the base name
	Shape     []int      // of X
	Own       []int      // the shape that it had before it was resized, channels first; nil if it has not been. Reader leaves it to package dataset
	Axes      string     // what the axes are, by letters such as CHW, if the sample itself says it, as pictures do; else ""
	X         []float32  // in C order; the sample's own memory; nil if Array has the values
	Array     *npy.Array // the values where they are in a file that is mapped, if they are left there; else nil
	Label     int        // the class, if HasLabel; Reader leaves it to ClassNames
	HasLabel  bool       // whether the class is known
	LabelText string     // the label as Reader found it: the name of a class, or a number; see ClassNames
	LabelIn   string     // the ending of the member that Reader found it in: cls, json or txt
	Y         *npy.Array // another target; nil if there is none
	Info      []byte     // JSON, how the sample was made; nil if there is none
}

const (
	maxParts = 256     // members of one sample
	maxLabel = 4 << 10 // bytes of a label
)

// Reader reads samples. It holds one at a time.
type Reader struct {
	m     *MemberReader
	meta  Metadata
	known bool     // meta was read
	ahead bool     // m has come to the first member of the next sample
	kinds []string // of the members of the last sample
	odd   string   // what one of them is whose name does not say it: an array or a picture; "" if none is
	large error    // one of them is more JSON than a sample may have, in a folder
	err   error

	labels        labels            // that were found in these members
	hidden        passed            // what lies in hidden folders
	beside, alone map[string]string // for each of sideFormats the key of a sample that has one, and of a file that has none
	scattered     scattered         // samples without labels, and labels without samples

	depth    Depth // of the pictures
	pictures int64 // the most bytes that decoding one of them has taken
	first    int64 // bytes of the first array or picture in the archive
}

// NewReader starts to read a stream of samples, up to its first sample, so that Metadata knows what stands before it.
func NewReader(r io.Reader, l Limits) (*Reader, error) {
	m, err := NewMemberReader(r, l)
	if err != nil {
		return nil, err
	}
	return newReader(m)
}

// newReader reads up to the first sample.
func newReader(m *MemberReader) (*Reader, error) {
	s := &Reader{m: m, beside: map[string]string{}, alone: map[string]string{}, scattered: scattered{}}
	if s.err = s.advance(); s.err != nil && s.err != io.EOF {
		return nil, s.err
	}
	return s, nil
}

// NewMappedReader is NewReader for a stream in a file that is mapped: arrays that are large (pixels.Small) are left where they
// are, and Limits do not bound them. A compressed stream is read as from anywhere.
func NewMappedReader(f *os.File, mapping *npy.Mapping, l Limits) (*Reader, error) {
	m, err := newMappedReader(f, mapping, l)
	if err != nil {
		return nil, err
	}
	return newReader(m)
}

// Source returns the values, to be read in pieces. The first axis of Shape must be channels.
func (s *Sample) Source() pixels.Source {
	if s.Array != nil {
		return s.Array.Planes()
	}
	return &pixels.Memory{Values: s.X, Count: len(s.X) / s.Shape[0]}
}

// Metadata returns what the stream has said about itself so far. It is complete when Next has returned io.EOF.
func (r *Reader) Metadata() Metadata { return r.meta }

// Next returns the next sample. io.EOF means that the stream was complete.
func (r *Reader) Next() (*Sample, error) {
	if r.err != nil {
		return nil, r.err
	}
	for {
		s, err := r.sample()
		if err != nil {
			r.err = err
		}
		if s != nil || err != nil {
			return s, err
		}
	}
}

// advance goes to the next member that belongs to a sample, and reads the metadata on its way.
func (r *Reader) advance() error {
	for !r.ahead {
		name, err := r.m.Open()
		if err != nil {
			return err
		}
		switch {
		case named(name, datasetName):
			data, err := r.m.data()
			if err == nil {
				err = r.meta.add(data, !r.known)
			}
			if err != nil {
				return r.m.fail(err)
			}
			r.known = true
		case named(name, modelName):
			return r.m.fail(errors.New("this stream is a model, not a data set"))
		case isMeta(name), inMac(name):
		case inHidden(name):
			r.hidden.add(name, 1)
		default:
			_, _, hidden, err := splitKey(name)
			r.ahead = !hidden && err == nil
			if err != nil {
				err = r.nameless(err)
			}
			if err != nil {
				return r.m.fail(err)
			}
		}
	}
	return nil
}

// sample reads the members of one sample, which follow one another in one archive and have the same key. It returns nil if they are
// passed over.
func (r *Reader) sample() (*Sample, error) {
	var s *Sample
	r.kinds, r.odd, r.large, r.labels = nil, "", nil, labels{}
	archive, first := 0, ""
	for {
		if err := r.advance(); err != nil && (err != io.EOF || s == nil) {
			return nil, err
		}
		key, kind := r.m.split()
		if s == nil {
			s, archive, first = &Sample{Key: key}, r.m.archive, r.m.name
		}
		if !r.ahead || key != s.Key || r.m.archive != archive {
			break
		}
		r.ahead = false
		if slices.Contains(r.kinds, kind) {
			return nil, r.m.fail(fmt.Errorf("sample %s has two of .%s", s.Key, kind))
		}
		if len(r.kinds) == maxParts {
			return nil, r.m.fail(fmt.Errorf("sample %s has more than %d members", s.Key, maxParts))
		}
		if err := r.part(s, kind); err != nil {
			return nil, r.m.fail(err)
		}
		r.kinds = append(r.kinds, kind)
	}
	if s.Shape == nil && r.stray() {
		if err := r.passOver(s, first); err != nil {
			return nil, r.m.wrap(err)
		}
		return nil, nil
	}
	if s.Shape == nil {
		return nil, r.m.wrap(r.noData(s.Key))
	}
	if r.large != nil {
		return nil, r.large
	}
	if err := r.besides(s); err != nil {
		return nil, r.m.wrap(err)
	}
	if err := r.labels.choose(s, r.meta.Classes); err != nil {
		return nil, fmt.Errorf("stream: sample %s %w", quoted(s.Key), err)
	}
	if err := r.together(s.Key, s.LabelText == "", ""); err != nil {
		return nil, r.m.wrap(err)
	}
	return s, nil
}

// part reads the current member into s.
func (r *Reader) part(s *Sample, kind string) error {
	switch kind {
	case "x.npy", "npy", "png", "jpg", "jpeg", "tif", "tiff":
		if s.Shape != nil {
			return fmt.Errorf("sample %s has another array or picture; rename one of the two", s.Key)
		}
		if r.first == 0 {
			r.first = r.m.size
		}
		if kind == "x.npy" || kind == "npy" {
			return r.arrayX(s)
		}
		return r.picture(s)
	case "y.npy":
		var err error
		s.Y, err = r.m.array(npy.Read, r.m.limits.Member)
		return err
	case "cls":
		return r.labels.cls(r.m)
	case "txt":
		return r.labels.txt(r.m, r.meta.Classes)
	case "json":
		if err := r.m.fits(); err != nil && r.m.folder != nil { // alone it is none of a sample, but such as annotations.json of all
			r.large = r.m.at(err)
			return nil
		}
		data, err := r.m.data()
		s.Info = bytes.Clone(bytes.TrimPrefix(data, []byte("\ufeff"))) // editors write a byte order mark
		r.labels.parse(r.m.name, s.Info)
		return err
	}
	what, err := r.nature()
	if r.odd == "" {
		r.odd = what
	}
	return err
}

// Held is the number of bytes that the reader holds, besides samples that it returned and that were not given back.
func (r *Reader) Held() int64 { return r.m.held() + r.pictures + r.scattered.bytes() }

// Most is the number of samples that fit into a stream of size bytes if all have arrays or pictures as large as the first.
// It is 0 if that is unknown: the stream is compressed, or nothing was read yet.
func (r *Reader) Most(size int64) int {
	if r.m.window > 0 || r.first == 0 {
		return 0
	}
	return int(size / (blockSize + r.first))
}

// Reuse gives back the values of a sample that are no longer needed. A later sample will use their memory, because fresh
// memory costs as much time as decompressing into it.
func (r *Reader) Reuse(x []float32) {
	if len(x) > 0 {
		r.m.spare = append(r.m.spare, unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), 4*len(x)))
	}
}

// arrayX reads the current member, an array, into s.
func (r *Reader) arrayX(s *Sample) error {
	a, err := r.m.place()
	if a != nil || err != nil {
		if s.Array = a; err == nil {
			s.Shape = slices.Clone(a.Shape)
		}
		return err
	}
	if a, err = r.m.array(npy.ReadFloats, r.m.limits.Member); err != nil {
		return err
	}
	s.Shape = append([]int{}, a.Shape...)
	if view, ok := a.Float32View(); ok {
		s.X = view
		return nil
	}
	s.X = r.floats(a.Len())
	err = a.Float32To(s.X)
	r.m.spare = append(r.m.spare, a.Release())
	return err
}

// picture reads the current member, a picture, into s. If it is not a picture, only its beginning is read.
func (r *Reader) picture(s *Sample) error {
	head, err := r.m.fill(blockSize)
	if err == nil && len(head) == 0 {
		err = errors.New("the picture is empty (0 bytes); get it once more, or remove it")
	}
	if err == nil {
		_, err = pictureKind(head)
	}
	if err != nil {
		return err
	}
	data, err := r.m.data()
	if err != nil {
		return err
	}
	s.Shape, s.X, err = decodeImage(data, r.m.limits.Member, r.floats)
	if err == nil {
		s.Axes = "CHW"[3-len(s.Shape):]
		r.depth.add(s.Key, data, s.X)
	}
	r.pictures = max(r.pictures, decoderBytes(data))
	return err
}

// floats returns memory for n values, if possible that of a sample that was given back.
func (r *Reader) floats(n int) []float32 {
	if b := r.m.reuse(4 * int64(n)); b != nil {
		return unsafe.Slice((*float32)(unsafe.Pointer(&b[0])), n)
	}
	return make([]float32, n)
}
