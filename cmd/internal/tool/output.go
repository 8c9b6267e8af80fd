package tool

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Content says whether people can read a result.
type Content int

const (
	Binary Content = iota // not written to a terminal unless -o - asks for it
	Text                  // may go to a terminal
)

// Output receives a result. Commit or Abort ends it; Abort after Commit does nothing.
type Output struct {
	*bufio.Writer
	file   *os.File // nil for standard output and other files that were already open
	name   string   // as the user wrote it
	temp   string   // name while the file is written; "" if it has none or is written in place
	target string   // name when the file is complete; "" if it is written in place
	done   bool     // Commit or Abort was called
}

// Create opens the output called name, which is standard output if name is "" or "-". A regular file is written beside
// its place and gets its name when it is complete. Anything else, such as a device or a named pipe, is written directly.
func (s Stdio) Create(name string, content Content) (*Output, error) {
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

// named is a file that errors of writing call by name, the name that it will have.
type named struct {
	*os.File
	name string
}

// Write implements io.Writer.
func (f named) Write(b []byte) (int, error) {
	n, err := f.File.Write(b)
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = &fs.PathError{Op: pe.Op, Path: f.name, Err: pe.Err}
	}
	return n, err
}

// Commit writes what is buffered and puts the result in its place.
func (o *Output) Commit() error {
	if err := o.ready(); err != nil {
		o.Abort()
		return err
	}
	return o.publish()
}

// ready writes what is buffered, and makes sure that a file with a target is on disk.
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

// failed says which result could not be written, by the user's name for it: errors of the system have the temporary name.
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

// Abort gives up the result: a file disappears, and what is buffered for standard output is not written, so that the next
// tool sees a cut stream.
func (o *Output) Abort() {
	if o.done {
		return
	}
	o.done = true
	if o.file != nil {
		discard(o.file, o.temp)
	}
}

// WriteFile creates an output, calls write with it, and commits it, or aborts it after an error.
func (s Stdio) WriteFile(name string, content Content, write func(io.Writer) error) error {
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
