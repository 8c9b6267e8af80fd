package tool

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// Streams are a program's standard streams.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// bufferSize is that of a pipe on Linux (pipe(7)): one write fills it.
const bufferSize = 64 << 10

// IsTerminal reports whether the stream is a terminal, where binary data is refused and a progress bar is drawn.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Stdin returns standard input, buffered. A terminal is refused: the user forgot the data.
func (s Streams) Stdin() (io.Reader, error) {
	if IsTerminal(s.In) {
		return nil, Usagef("standard input is a terminal; name a file or pipe data in")
	}
	return bufio.NewReaderSize(s.In, bufferSize), nil
}

// StdinData returns standard input, buffered, if it was given data: if it is no terminal or other device, and not
// empty. Else it returns nil.
func (s Streams) StdinData() (io.Reader, error) {
	if s.In == nil {
		return nil, nil
	}
	if f, ok := s.In.(*os.File); ok {
		if info, err := f.Stat(); err != nil || info.Mode()&fs.ModeDevice != 0 {
			return nil, nil // closed, or a device
		}
	}
	r := bufio.NewReaderSize(s.In, bufferSize)
	switch _, err := r.Peek(1); err {
	case nil:
		return r, nil
	case io.EOF:
		return nil, nil
	default:
		return nil, fmt.Errorf("reading stdin: %w", err)
	}
}

// InputName is what an error calls a data argument.
func InputName(name string) string {
	if IsStdin(name) {
		return "stdin"
	}
	return name
}

// IsStdin reports whether a data argument means standard input.
func IsStdin(name string) bool { return name == "" || name == "-" }

// Content says what a result is made of.
type Content int

const (
	Binary Content = iota // refused on a terminal unless -o - asks for it
	Text
)

// Output receives a result. Either Commit or Abort ends it; Abort after Commit does nothing.
type Output struct {
	*bufio.Writer
	file   *os.File // nil for standard output and other files that were open already
	name   string   // that the user gave the file
	temp   string   // the name of the file being written; "" if it has none or is written in place
	target string   // what the file is called when it is complete; "" if it is written in place
	done   bool
}

// Create opens the place that a result goes to: name, or standard output if name is "" or "-". A regular file is
// written beside its place and gets its name when it is complete; anything else (a device, a named pipe) is written
// directly.
func (s Streams) Create(name string, content Content) (*Output, error) {
	if name == "" || name == "-" {
		if name == "" && content == Binary && IsTerminal(s.Out) {
			return nil, Usagef("refusing to write binary data to a terminal; redirect it, name a file with -o, or force it with -o -")
		}
		return &Output{Writer: bufio.NewWriterSize(s.Out, bufferSize)}, nil
	}
	if f, ok := Descriptor(name); ok {
		if _, err := f.Stat(); err != nil {
			return nil, fmt.Errorf("creating %s: it is not open", name)
		}
		return &Output{Writer: bufio.NewWriterSize(f, bufferSize)}, nil
	}
	target, info, err := resolve(name)
	if err != nil {
		return nil, err
	}
	if info != nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		return &Output{Writer: bufio.NewWriterSize(f, bufferSize), file: f, name: name}, nil
	}
	f, temp, err := createBeside(target)
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return nil, fmt.Errorf("creating %s: %w", name, pe.Err)
	}
	if err != nil {
		return nil, err
	}
	if info != nil {
		if err := f.Chmod(info.Mode().Perm()); err != nil { // an existing file keeps its permissions
			discard(f, temp)
			return nil, err
		}
	}
	return &Output{Writer: bufio.NewWriterSize(named{f, name}, bufferSize), file: f, name: name, temp: temp, target: target}, nil
}

// named is a file whose errors call it by the name that it will have.
type named struct {
	*os.File
	name string
}

func (f named) Write(b []byte) (int, error) {
	n, err := f.File.Write(b)
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = &fs.PathError{Op: pe.Op, Path: f.name, Err: pe.Err}
	}
	return n, err
}

// Descriptor returns the open file that a name such as /dev/stdout or /dev/fd/3 stands for. It is written where it
// stands, like standard output, and left open: what a shell has put into it, and will, stays.
func Descriptor(name string) (*os.File, bool) {
	switch name {
	case "/dev/stdout":
		return os.Stdout, true
	case "/dev/stderr":
		return os.Stderr, true
	}
	for _, dir := range []string{"/dev/fd/", "/proc/self/fd/"} {
		if number, ok := strings.CutPrefix(name, dir); ok {
			n, err := strconv.ParseUint(number, 10, 31)
			switch {
			case err != nil:
				return nil, false
			case n == 1:
				return os.Stdout, true
			case n == 2:
				return os.Stderr, true
			}
			return os.NewFile(uintptr(n), name), true
		}
	}
	return nil, false
}

// tempName is a name beside target that nobody uses.
func tempName(target string) string {
	return filepath.Join(filepath.Dir(target), ".part-"+rand.Text()[:12])
}

// ownName is the name beside target that belongs to what is to become target.
func ownName(target string) string {
	sum := sha256.Sum256([]byte(filepath.Base(target)))
	return filepath.Join(filepath.Dir(target), fmt.Sprintf(".part-%x", sum[:8]))
}

// resolve follows links, so that a linked output keeps its link, and returns what stands there, nil if nothing does.
func resolve(name string) (string, fs.FileInfo, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return name, info, nil // such as /dev/stdout, a link whose end has no name where it is a pipe
	}
	target, err := filepath.EvalSymlinks(name)
	if errors.Is(err, fs.ErrNotExist) {
		if link, err := os.Readlink(name); err == nil { // a link to a file that is not there yet
			if !filepath.IsAbs(link) {
				link = filepath.Join(filepath.Dir(name), link)
			}
			return link, nil, nil
		}
		return name, nil, nil
	}
	if err != nil {
		return "", nil, fmt.Errorf("creating %s: %w", name, err)
	}
	info, err := os.Stat(target)
	if errors.Is(err, fs.ErrNotExist) { // it is gone since
		return target, nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	if info.IsDir() {
		return "", nil, fmt.Errorf("creating %s: is a directory", name)
	}
	return target, info, nil
}

// Commit flushes the result and puts it in its place.
func (o *Output) Commit() error {
	if err := o.ready(); err != nil {
		o.Abort()
		return err
	}
	return o.publish()
}

// ready writes what is buffered, and puts a file that is to appear on disk.
func (o *Output) ready() error {
	if o.done {
		return nil
	}
	err := o.Flush()
	if err == nil && o.target != "" {
		err = o.file.Sync()
	}
	if err != nil {
		return o.failed(err)
	}
	return nil
}

// publish puts a result that is ready in its place.
func (o *Output) publish() (err error) {
	if o.done {
		return nil
	}
	o.done = true
	if o.file == nil {
		return nil
	}
	if o.target != "" {
		err = place(o.file, o.temp, o.target)
	} else {
		err = o.file.Close()
	}
	if err != nil {
		return o.failed(err)
	}
	return nil
}

// failed says what could not be written; the system knows a file that has no name yet, or another, by others.
func (o *Output) failed(err error) error {
	if o.name == "" {
		return fmt.Errorf("writing the result: %w", err)
	}
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	if le := (*os.LinkError)(nil); errors.As(err, &le) {
		err = le.Err
	}
	return fmt.Errorf("writing the result: %s: %w", o.name, err)
}

// Abort gives the result up: a file disappears, and what is buffered for standard output is not written, so that
// the next tool sees a cut stream.
func (o *Output) Abort() {
	if o.done {
		return
	}
	o.done = true
	if o.file != nil {
		discard(o.file, o.temp)
	}
}

// WriteFile writes a whole result: it creates the output, calls write, and commits, or aborts after an error.
func (s Streams) WriteFile(name string, content Content, write func(io.Writer) error) error {
	out, err := s.Create(name, content)
	if err != nil {
		return err
	}
	if err := write(out); err != nil {
		out.Abort()
		return err
	}
	return out.Commit()
}
