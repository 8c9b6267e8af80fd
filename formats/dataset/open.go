package dataset

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"backdrop/formats/cut"
	"backdrop/formats/npy"
	"backdrop/formats/sniff"
	"backdrop/formats/stream"
)

// input is the file or the pipe that the bytes come from.
type input struct {
	*bufio.Reader
	file   *os.File // nil for stdin
	folder string   // its name, if it is a folder; else ""
	own    closers  // what has to be closed
}

// inputBuffer is the size of a pipe on Linux (pipe(7)).
const inputBuffer = 64 << 10

// open is Open.
func open(name string, stdin io.Reader, o Options) (*checked, error) {
	in, where := &input{}, "reading stdin"
	if name == "" || name == "-" {
		in.Reader = bufio.NewReaderSize(stdin, inputBuffer)
	} else {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		where = "reading " + name
		in.Reader, in.file, in.own = bufio.NewReaderSize(f, inputBuffer), f, closers{f}
		if info, err := f.Stat(); err == nil && info.IsDir() {
			name = folderName(name)
			where, in.folder = "reading "+name, name
		}
	}
	note := o.Note
	o.Note = func(line string) {
		if note != nil {
			note(where + ": " + line)
		}
	}
	open := in.sniff
	if in.folder != "" {
		open = in.openFolder
	}
	s, err := open(o)
	if a, ok := s.(*arraySource); err == nil && ok && o.Axes != "" { // a view, so that nothing is kept twice
		a.array, err = o.Axes.view(a.array)
		o.Axes = o.Axes.ordered()
	}
	if err != nil {
		in.own.Close()
		return nil, fmt.Errorf("%s: %w", where, advised(err))
	}
	c := newChecked(s, where, o)
	c.folder = in.folder
	return c, nil
}

// tarBlock is enough to tell all formats.
const tarBlock = 512

// sniff opens the input in the format that its first bytes show.
func (in *input) sniff(o Options) (Source, error) {
	head, err := in.Peek(tarBlock)
	if len(head) == 0 && err == io.EOF {
		return nil, cut.Error("no data (0 bytes)")
	}
	if errors.Is(err, syscall.EISDIR) {
		return nil, errors.New("standard input is a folder; name it as an argument")
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	if (o.X != "" || o.Y != "") && !sniff.IsZip(head) {
		return nil, &AdvisedError{Err: errors.New("this is no .npz, whose arrays have names"), Advice: LeaveNames}
	}
	switch {
	case sniff.IsNPY(head):
		return in.npy(o)
	case sniff.IsZip(head):
		return in.npz(o)
	}
	return in.stream(o, head)
}

// stream opens a tensor stream. If it is none, the error says what else starts with head.
func (in *input) stream(o Options, head []byte) (Source, error) {
	is := sniff.IsTar(head) || sniff.IsZstd(head) || sniff.IsGzip(head) // before head is overwritten
	start := stream.Quote(string(head[:min(len(head), 16)]))
	r, mapping, err := in.streamReader(o, head)
	if err == nil && o.Labels != "" {
		return nil, &AdvisedError{Err: errors.New("the samples of a tensor stream bring their own labels"), Advice: LeaveLabels}
	}
	if err == nil {
		s := streamSource{Reader: r, size: in.size(), own: in.own}
		if mapping != nil {
			s.files = mapping
		}
		return s, nil
	}
	if is {
		return nil, err
	}
	found := ""
	if errors.Is(err, io.ErrUnexpectedEOF) { // too short for package stream to say what it starts with
		found = "found " + start + ", "
	}
	return nil, fmt.Errorf("%w; %swant a tensor stream (tar, plain, zstd or gzip), .npy or .npz", err, found)
}

// streamReader reads a stream, from a plain tar in a file so that samples can be left there.
func (in *input) streamReader(o Options, head []byte) (*stream.Reader, *npy.Mapping, error) {
	if o.InPlace && in.regular() && sniff.IsTar(head) {
		if mapping, ok := npy.Map(in.file); ok {
			in.own = append(in.own, mapping)
			r, err := stream.NewMappedReader(in.file, mapping, o.Limits)
			return r, mapping, err
		}
	}
	r, err := stream.NewReader(in.Reader, o.Limits)
	return r, nil, err
}

// streamSource returns the samples of a tensor stream, or of a folder.
type streamSource struct {
	*stream.Reader
	files held  // that samples are left in; nil if there are none
	size  int64 // of the file; 0 if it is not a file
	own   closers
}

// Labels implements Source.
func (s streamSource) Labels() []int { return nil }

// Close implements Source.
func (s streamSource) Close() error { return s.own.Close() }

// Most implements Source.
func (s streamSource) Most() int { return s.Reader.Most(s.size) }

// Held implements Source.
func (s streamSource) Held() (heap, mapped int64) {
	if s.files != nil {
		mapped = s.files.Resident()
	}
	return s.Reader.Held(), mapped
}

// Err implements Source.
func (s streamSource) Err() error {
	if s.files == nil {
		return nil
	}
	return s.files.Err()
}

// closers are closed together. Close returns only the first error, because an error is one line.
type closers []io.Closer

// Close closes all of them.
func (c closers) Close() error {
	var err error
	for _, closer := range c {
		err = cmp.Or(err, closer.Close())
	}
	return err
}

// size is the number of bytes of a regular file, else 0.
func (in *input) size() int64 {
	if !in.regular() {
		return 0
	}
	info, err := in.file.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// regular reports whether the input is a regular file, which can be mapped and read at any place.
func (in *input) regular() bool {
	if in.file == nil {
		return false
	}
	info, err := in.file.Stat()
	return err == nil && info.Mode().IsRegular()
}

// npy opens an array of samples: a file is mapped, a pipe is read row by row.
func (in *input) npy(o Options) (Source, error) {
	if !in.regular() {
		rows, err := npy.NewRows(in.Reader, o.Limits.OrDefault().Member)
		if err == nil {
			err = checkShape(rows.Shape)
		}
		if err != nil {
			return nil, err
		}
		labels, names, err := fileLabels(o, rows.Shape[0])
		return &rowSource{rows: rows, r: in.Reader, labels: labels, names: names, own: in.own}, err
	}
	f, err := npy.OpenFile(in.file)
	if err != nil {
		return nil, err
	}
	in.own = append(in.own, f)
	if err := checkShape(f.Shape); err != nil {
		return nil, err
	}
	if limit := 2 * o.Limits.Member; limit > 0 && f.Scattered() && f.Resident() > limit {
		err := fmt.Errorf("array in Fortran order, where each sample lies all over its %d bytes, and %d may be in memory", f.Resident(), limit)
		return nil, &AdvisedError{Err: err, Try: "save it with numpy.ascontiguousarray", Advice: AllowMemory}
	}
	labels, names, err := fileLabels(o, f.Shape[0])
	return &arraySource{array: f.Array, file: f, place: o.InPlace, labels: labels, names: names, own: in.own}, err
}
