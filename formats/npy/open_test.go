package npy

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

func writeFile(t *testing.T, content []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.npy")
	if err := os.WriteFile(name, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestOpen(t *testing.T) {
	for _, n := range []int{0, 1, 1000, 100000} {
		content, want := ramp(t, n)
		f, err := Open(writeFile(t, content))
		if err != nil {
			t.Fatal(err)
		}
		view, ok := f.Float32View()
		if !ok || !slices.Equal(view, want) {
			t.Errorf("%d elements: other elements, or copied (%v)", n, !ok)
		}
		for range 2 {
			if err := f.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		}
	}
}

// TestOpenUnaligned maps a file whose elements do not start at a multiple of their size, as other programs write them.
func TestOpenUnaligned(t *testing.T) {
	header := "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"
	for pad := range 8 {
		content := arrayText(1, header+"        "[:pad]+"\n", "\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x40\x40")
		f, err := Open(writeFile(t, []byte(content)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.Float32(); err != nil || !slices.Equal(got, []float32{1, 2, 3}) {
			t.Errorf("data at byte %d: %v, %v", len(content)-12, got, err)
		}
		_, view := f.Float32View()
		if aligned := (len(content)-12)%4 == 0; runtime.GOARCH == "amd64" && view != aligned {
			t.Errorf("data at byte %d: shared: %v", len(content)-12, view)
		}
		f.Close()
	}
}

func TestOpenRefuses(t *testing.T) {
	content, _ := ramp(t, 100)
	two := append(bytes.Clone(content), content...)
	for _, c := range []struct {
		content []byte
		want    string
		kind    error
	}{
		{nil, "npy: header ends after 0 of 10 bytes", io.ErrUnexpectedEOF},
		{content[:100], "npy: header ends after 100 of 128 bytes", io.ErrUnexpectedEOF},
		{content[:140], "npy: data ends after 12 of 400 bytes", io.ErrUnexpectedEOF},
		{two, "npy: 528 bytes or more follow the array", ErrFormat},
		{[]byte("PK\x03\x04 and so on"), `npy: this is a zip archive (.npz or .pt?), not an array; NumPy makes one with np.save("a.npy", np.load("a.npz")["NAME"])`, ErrFormat},
	} {
		f, err := Open(writeFile(t, c.content))
		if f != nil || text(err) != c.want || !errors.Is(err, c.kind) {
			t.Errorf("%d bytes: %v, want %s", len(c.content), err, c.want)
		}
		if f, err := readAll(bytes.NewReader(c.content), readNumbers); f != nil || text(err) != c.want || !errors.Is(err, c.kind) {
			t.Errorf("%d bytes, not mapped: %v, want %s", len(c.content), err, c.want)
		}
	}
	name := filepath.Join(t.TempDir(), "none.npy")
	if _, err := Open(name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a folder is opened")
	}
}

// TestOpenPipe opens what cannot be mapped.
func TestOpenPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	content, want := ramp(t, 100000) // more than a pipe holds
	go func() {
		w.Write(content)
		w.Close()
	}()
	f, err := OpenFile(r)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := f.Float32(); err != nil || !slices.Equal(got, want) {
		t.Errorf("other elements, error %v", err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	r.Close()
}

// TestOpenFileFromItsStart: the position of an open file does not matter, and it may be closed.
func TestOpenFileFromItsStart(t *testing.T) {
	content, want := ramp(t, 50)
	file, err := os.Open(writeFile(t, content))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Seek(77, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	f, err := OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	file.Close()
	if got, err := f.Float32(); err != nil || !slices.Equal(got, want) {
		t.Errorf("other elements, error %v", err)
	}
}
