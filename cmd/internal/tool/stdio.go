package tool

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/term"
)

// Stdio holds the standard input, output and error of a program.
type Stdio struct {
	In  io.Reader // data
	Out io.Writer // results
	Err io.Writer // everything else
}

// bufferSize is the size of a pipe on Linux (pipe(7)): one write fills it.
const bufferSize = 64 << 10

// IsTerminal reports whether a reader or writer is a terminal: binary data is not written there, but a progress bar is.
func IsTerminal(file any) bool {
	f, ok := file.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// ToFile reports whether standard output is a file on disk: no other tool reads it.
func (s Stdio) ToFile() bool {
	f, ok := s.Out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

// Stdin returns standard input, buffered. It refuses a terminal: the user forgot the data.
func (s Stdio) Stdin() (io.Reader, error) {
	if IsTerminal(s.In) {
		return nil, Usagef("standard input is a terminal; name a file or pipe data in")
	}
	return bufio.NewReaderSize(s.In, bufferSize), nil
}

// StdinData returns standard input, buffered, if there are data: if it is not a terminal or another device, and not empty.
// Otherwise it returns nil.
func (s Stdio) StdinData() (io.Reader, error) {
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

// InputName returns what errors call a data argument.
func InputName(name string) string {
	if IsStdin(name) {
		return "stdin"
	}
	return name
}

// IsStdin reports whether a data argument means standard input.
func IsStdin(name string) bool { return name == "" || name == "-" }
