package tool

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// All files appear, or none does, whichever output fails.
func TestResults(t *testing.T) {
	for what, c := range map[string]struct {
		stdout  bytes.Buffer
		full    bool  // of standard output
		failed  error // of what is written last
		written int   // files
	}{
		"good": {written: 2}, "full disk": {full: true}, "failure": {failed: errors.New("failed")},
	} {
		dir := t.TempDir()
		s := Stdio{Out: &c.stdout}
		if c.full {
			s.Out = fullDisk{}
		}
		r := s.Results()
		err := func() error {
			defer r.Abort()
			for _, o := range []struct {
				name string
				err  error
			}{{filepath.Join(dir, "first"), nil}, {"", nil}, {filepath.Join(dir, "last"), c.failed}} {
				if err := r.Write(o.name, Text, write("text", o.err)); err != nil {
					return err
				}
			}
			return r.Commit()
		}()
		if names := entries(t, dir); len(names) != c.written || (err == nil) != (c.written > 0) || err == nil != (c.stdout.String() == "text") {
			t.Errorf("%s: %v, files %v, standard output %q", what, err, names, c.stdout.String())
		}
	}
}

// If one file cannot be put on disk none appears, and the error names it.
func TestResultsAreOnDiskFirst(t *testing.T) {
	dir := t.TempDir()
	r := (Stdio{}).Results()
	for _, name := range []string{"first", "last"} {
		if err := r.Write(filepath.Join(dir, name), Text, write("text", nil)); err != nil {
			t.Fatal(err)
		}
	}
	last := r.outs[1]
	if err := last.Flush(); err != nil {
		t.Fatal(err)
	}
	last.file.Close()
	err := r.Commit()
	if names := entries(t, dir); err == nil || !strings.Contains(err.Error(), "last") || len(names) != 0 {
		t.Errorf("%v; there are %v", err, names)
	}
}
