//go:build unix

package stream

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// listed returns the names of the files of a folder, as they are read, and how many of what is there were passed over.
func listed(t *testing.T, dir string) ([]string, int) {
	t.Helper()
	var p passed
	f := &folder{name: dir, passed: &p}
	if err := f.enter(""); err != nil {
		t.Fatal(err)
	}
	var names []string
	for {
		e, err := f.next()
		if err == io.EOF {
			return names, p.n
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, e.name)
	}
}

// Files come in the order of their names, those of one sample together, whatever is linked to what.
func TestFolderFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.png", "a/2.png", "a/2.cls", "a/2.d/3.png", "a-b/1.png", "a.b/1.png", ".hidden", ".git/1.png", "__MACOSX/1.png", "__meta__/dataset.json", "noending", "a/10.png", "A.png", "Icon\r"} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"__meta__/dataset.json", "A.png", "a-b/1.png", "a.b/1.png", "a/10.png", "a/2.cls", "a/2.png", "a/2.d/3.png", "b.png", "noending"}
	if got, n := listed(t, dir); !slices.Equal(got, want) || n != 1 {
		t.Errorf("got %q, %d passed over, want %q", got, n, want)
	}
	for link, to := range map[string]string{"a/up": "..", "a.b/self": ".", "c.png": "b.png", "d": "a-b", "gone.png": "nowhere", "loop.png": "loop.png"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	if err := unix.Mkfifo(filepath.Join(dir, "pipe.png"), 0o666); err != nil {
		t.Fatal(err)
	}
	want = append(want[:9:9], "c.png", "d/1.png", "gone.png", "loop.png", "noending")
	if got, n := listed(t, dir+"/"); !slices.Equal(got, want) || n != 4 {
		t.Errorf("got %q, %d passed over, want %q", got, n, want)
	}
}

// A folder is read as a stream is; errors name the file.
func TestFolderReader(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("a.npy", npyHeader(1, 1)) // cut
	r, err := NewFolderReader(dir, nil, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Next()
	if err == nil || !strings.HasPrefix(err.Error(), "file a.npy: npy: data ends after 0 of ") || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	write("a.npy", "")
	if r, err = NewFolderReader(dir, nil, Limits{}); err != nil {
		t.Fatal(err)
	}
	if _, err = r.Next(); err == nil || !strings.HasPrefix(err.Error(), "file a.npy: npy: no data") {
		t.Error(err)
	}
	// One that grows while it is read.
	write("a.npy", "")
	write("a.cls", "1")
	if r, err = NewFolderReader(dir, nil, Limits{}); err != nil {
		t.Fatal(err)
	}
	write("a.cls", "12")
	if _, err = r.Next(); err == nil || err.Error() != "file a.cls: the file has grown from 1 bytes while it was read; start again when it is complete" {
		t.Error(err)
	}
	if _, err := NewFolderReader(filepath.Join(dir, "none"), nil, Limits{}); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
