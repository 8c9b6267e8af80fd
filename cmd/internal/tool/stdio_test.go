package tool

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// Data may come from a pipe or a file, but not from a device.
func TestStdinData(t *testing.T) {
	open := func(name string) *os.File {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	file := func(content string) *os.File {
		name := filepath.Join(t.TempDir(), "data")
		if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		return open(name)
	}
	pipe := func(content string) *os.File {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Close() })
		io.WriteString(w, content)
		w.Close()
		return r
	}
	closed, read := file("text"), file("text")
	closed.Close()
	io.Copy(io.Discard, read)
	for what, c := range map[string]struct {
		in   io.Reader
		want string
	}{
		"none": {nil, ""}, "reader": {strings.NewReader("text"), "text"}, "empty reader": {strings.NewReader(""), ""},
		"file": {file("text"), "text"}, "empty file": {file(""), ""}, "file at its end": {read, ""},
		"pipe": {pipe("text"), "text"}, "empty pipe": {pipe(""), ""},
		"device": {open(os.DevNull), ""}, "closed": {closed, ""},
	} {
		r, err := Stdio{In: c.in}.StdinData()
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if c.want == "" {
			if r != nil {
				t.Errorf("%s: there are data", what)
			}
			continue
		}
		if got, err := io.ReadAll(r); string(got) != c.want || err != nil {
			t.Errorf("%s: got %q, %v", what, got, err)
		}
	}
	failed := errors.New("failed")
	if _, err := (Stdio{In: iotest.ErrReader(failed)}).StdinData(); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
}
