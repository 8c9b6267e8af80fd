package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unsafe"

	"backdrop/formats/npy"
)

// Sample is one sample of a data set.
type Sample struct {
	Key       string     // path of its members up to the first dot of the base name
	Shape     []int      // of X: [W], [H,W] or [C,H,W]
	X         []float32  // in C order, nobody else's
	Label     int        // the class, where HasLabel; a reader does not know it
	HasLabel  bool       // that the class is known
	LabelText string     // what a reader found as label: the name of a class, or a number; see Names
	Y         *npy.Array // nil if absent
	Info      []byte     // JSON; nil if absent
}

const (
	maxParts = 256     // members of one sample
	maxLabel = 4 << 10 // bytes of a label
)

// Reader reads samples. It holds one at a time.
type Reader struct {
	m       *MemberReader
	dataset Metadata
	known   bool     // dataset.json was read
	ahead   bool     // m stands at the first member of the next sample
	kinds   []string // of the members of the last sample
	err     error

	pictures int64 // bytes that were taken to decode one, at most
	first    int64 // bytes of the first array or picture in the archive
}

// NewReader starts to read a stream of samples, up to its first sample, so that metadata in front are known.
func NewReader(r io.Reader, l Limits) (*Reader, error) {
	m, err := NewMemberReader(r, l)
	if err != nil {
		return nil, err
	}
	s := &Reader{m: m}
	if s.err = s.advance(); s.err != nil && s.err != io.EOF {
		return nil, s.err
	}
	return s, nil
}

// Metadata returns what the stream has said of itself so far: all of it when Next returns io.EOF.
func (r *Reader) Metadata() Metadata { return r.dataset }

// Next returns the next sample. io.EOF means that the stream was complete.
func (r *Reader) Next() (*Sample, error) {
	if r.err != nil {
		return nil, r.err
	}
	s, err := r.sample()
	if err != nil {
		r.err = err
	}
	return s, err
}

// advance goes to the next member that belongs to a sample, reading metadata on its way.
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
				err = r.dataset.add(data, !r.known)
			}
			if err != nil {
				return r.m.fail(err)
			}
			r.known = true
		case named(name, modelName):
			return r.m.fail(errors.New("this stream is a model, not a data set"))
		case isMeta(name):
		default:
			_, _, hidden, err := splitKey(name)
			if err != nil {
				return r.m.fail(err)
			}
			r.ahead = !hidden
		}
	}
	return nil
}

// sample collects the members of one sample: neighbours in one archive with the same key.
func (r *Reader) sample() (*Sample, error) {
	var s *Sample
	r.kinds = nil
	archive := 0
	for {
		if err := r.advance(); err != nil && (err != io.EOF || s == nil) {
			return nil, err
		}
		key, kind, _, _ := splitKey(r.m.name)
		if s == nil {
			s, archive = &Sample{Key: key}, r.m.archive
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
	if s.Shape == nil {
		return nil, fmt.Errorf("stream: %w", r.noData(s.Key))
	}
	return s, nil
}

// part reads the current member into s.
func (r *Reader) part(s *Sample, kind string) error {
	switch kind {
	case "x.npy", "npy", "png", "jpg", "jpeg":
		if s.Shape != nil {
			return fmt.Errorf("sample %s has another array or picture", s.Key)
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
		return r.label(s)
	case "json":
		data, err := r.m.data()
		s.Info = bytes.Clone(data)
		return err
	}
	return nil
}

// Held is how many bytes the reader holds, besides the samples that it has given out and has not got back.
func (r *Reader) Held() int64 { return r.m.held() + r.pictures }

// Most is how many samples whose arrays or pictures are as large as the first one fit into a stream of so many bytes. It is 0
// if that cannot be told, because the stream is compressed or nothing was read yet.
func (r *Reader) Most(size int64) int {
	if r.m.window > 0 || r.first == 0 {
		return 0
	}
	return int(size / (blockSize + r.first))
}

// Reuse gives back the values of a sample that are not needed any more, for one to come: fresh memory costs as much time
// as decompressing into it.
func (r *Reader) Reuse(x []float32) {
	if len(x) > 0 {
		r.m.spare = append(r.m.spare, unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), 4*len(x)))
	}
}

func (r *Reader) arrayX(s *Sample) error {
	a, err := r.m.array(npy.ReadFloats, r.m.limits.Member)
	if err != nil {
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

// picture reads the current member, and no more of it than its beginning if it is no picture.
func (r *Reader) picture(s *Sample) error {
	head, err := r.m.fill(blockSize)
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
	r.pictures = max(r.pictures, decoderBytes(data))
	return err
}

// floats is memory for n values, if possible that of samples that are not needed any more.
func (r *Reader) floats(n int) []float32 {
	if b := r.m.reuse(4 * int64(n)); b != nil {
		return unsafe.Slice((*float32)(unsafe.Pointer(&b[0])), n)
	}
	return make([]float32, n)
}

func (r *Reader) label(s *Sample) error {
	if r.m.size > maxLabel {
		return fmt.Errorf("%d bytes, the limit is %d", r.m.size, maxLabel)
	}
	data, err := r.m.data()
	if err != nil {
		return err
	}
	text := strings.Trim(string(data), "\ufeff \t\r\n") // editors put a byte order mark; other spaces may belong to a name
	switch {
	case text == "":
		return errors.New("empty label")
	case textFault(text) != "":
		return fmt.Errorf("label is neither a number nor one line of text: %s", Quote(text))
	case len(text) > maxName:
		return fmt.Errorf("label %s has %d bytes, the limit is %d", Quote(text), len(text), maxName)
	}
	s.LabelText = text
	return nil
}
