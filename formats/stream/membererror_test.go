package stream

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/klauspost/compress/zstd"
)

func TestReadErrorPassesThrough(t *testing.T) {
	broken := errors.New("disk on fire")
	compressions(t, func(t *testing.T, c Compression) {
		data := writeFiles(t, c, files)
		for n := range data {
			_, err := readFiles(io.MultiReader(bytes.NewReader(data[:n]), iotest.ErrReader(broken)), Limits{})
			if !errors.Is(err, broken) {
				t.Fatalf("failure after %d of %d bytes: %v", n, len(data), err)
			}
		}
	})
}

// limitedWriter fails after n bytes.
type limitedWriter struct {
	n   int
	err error
	bytes.Buffer
}

func (w *limitedWriter) Write(p []byte) (int, error) {
	if len(p) > w.n {
		return 0, w.err
	}
	w.n -= len(p)
	return w.Buffer.Write(p)
}

// noneLeft waits until no more goroutines run than before.
func noneLeft(t *testing.T, before int) {
	t.Helper()
	for tries := 0; runtime.NumGoroutine() > before; tries++ {
		if tries == 1000 {
			t.Fatalf("%d goroutines are left, %d were before", runtime.NumGoroutine(), before)
		}
		time.Sleep(time.Millisecond)
	}
}

func TestWriteErrorPassesThrough(t *testing.T) {
	full := errors.New("no space")
	compressions(t, func(t *testing.T, c Compression) {
		for _, files := range [][]file{files, manyJobs()} {
			size := len(writeFiles(t, c, files))
			for _, n := range []int{0, 10, size / 2, size - 1} {
				before := runtime.NumGoroutine()
				w, err := NewMemberWriter(&limitedWriter{n: n, err: full}, c)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range files {
					err = w.Write(f.name, []byte(f.data))
				}
				if last := w.Close(); !errors.Is(last, full) || err != nil && !errors.Is(err, full) {
					t.Errorf("%d of %d bytes written: errors %v, %v", n, size, err, last)
				}
				noneLeft(t, before)
			}
		}
	})
}

func TestRefusedNameLeavesACutStream(t *testing.T) {
	compressions(t, func(t *testing.T, c Compression) {
		for name, want := range map[string]string{
			"":                       "without a name",
			"../a.cls":               `".."`,
			"/a.cls":                 "absolute",
			"./a.cls":                "should be written a.cls",
			"a/":                     "folder",
			"ü.cls":                  "cannot encode",
			strings.Repeat("x", 300): "cannot encode",
			"a\n.cls":                "control character",
		} {
			var b bytes.Buffer
			w, err := NewMemberWriter(&b, c)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Write("first.txt", []byte("1")); err != nil {
				t.Fatal(err)
			}
			err = w.Write(name, nil)
			if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "stream: member ") {
				t.Errorf("%q: %v", name, err)
			}
			if last := w.Close(); last != err {
				t.Errorf("%q: Close says %v", name, last)
			}
			if _, err := readFiles(&b, Limits{}); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%q: the rest reads with %v", name, err)
			}
		}
	})
}

func TestRefusedNameLeavesACutFrame(t *testing.T) {
	var b bytes.Buffer
	before := runtime.NumGoroutine()
	w, err := NewMemberWriter(&b, Zstd)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write("a.bin", []byte(manyJobs()[0].data)); err != nil {
		t.Fatal(err)
	}
	if w.Write("", nil) == nil || w.Close() == nil {
		t.Error("no error")
	}
	noneLeft(t, before)
	d, err := zstd.NewReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if n, err := io.Copy(io.Discard, d); err == nil && n > 0 {
		t.Errorf("%d bytes decompress without an error", n)
	}
}
