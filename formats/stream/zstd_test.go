package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backdrop/internal/testkit/golden"
	"backdrop/internal/testkit/hostile"
)

// Any number of zeros behind a frame is padding, and another frame may follow.
func TestPaddedFrames(t *testing.T) {
	want := manyJobs()
	whole := writeFiles(t, Zstd, want)
	half := writeFiles(t, None, want)
	cut := len(half) / 2
	halves := func(zeros int) []byte { // one archive in two frames
		return join(hostile.Frame(half[:cut], 0, 0, 0), make([]byte, zeros), hostile.Frame(half[cut:], 0, 0, 0), make([]byte, zeros))
	}
	skippable := []byte("\x50\x2a\x4d\x18\x03\x00\x00\x00abc")
	for _, zeros := range []int{0, 1, 2, 3, 4, 5, 17, 511, 10240, inputBuffer + 1, maxPadding} {
		padding := make([]byte, zeros)
		for name, data := range map[string][]byte{
			"one frame": join(whole, padding), "two frames": halves(zeros), "skippable": join(skippable, padding, whole, padding, skippable, padding),
		} {
			got, err := readFiles(bytes.NewReader(data), Limits{})
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s, %d zeros: %d members, %v", name, zeros, len(got), err)
			}
		}
		got, err := readFiles(bytes.NewReader(join(whole, padding, whole)), Limits{})
		if err != nil || !slices.Equal(got, slices.Concat(want, want)) {
			t.Errorf("two archives, %d zeros: %d members, %v", zeros, len(got), err)
		}
	}
	for _, c := range []struct{ behind, want string }{
		{strings.Repeat("\x00", maxPadding+1<<17), "zstd: padding of more than 16777216 zero bytes"},
		{"\x00\x00x", "zstd: data ends inside a frame"},
		{"\x00\x00hello", "zstd: what follows a frame is not another"},
		{"\x00\x00\x00\x00\x28\xb5\x2f\xfd", "zstd: data ends inside a frame"},
	} {
		_, err := readFiles(bytes.NewReader(join(whole, []byte(c.behind))), Limits{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.10q: %v", c.behind, err)
		}
	}
}

// A cut stream is an error, also if zeros stand for what is missing, as after a download that reserved space.
func TestCutFramesAreNotPadding(t *testing.T) {
	plain := writeFiles(t, None, []file{{"a.cls", "1"}, {"b.cls", "2"}})
	two := join(hostile.Frame(plain[:700], 0, 0, 0), hostile.Frame(plain[700:], 0, 0, 0))
	for _, data := range [][]byte{writeFiles(t, Zstd, []file{{"a.cls", "1"}}), two} {
		step := 1
		if testing.Short() {
			step = 7
		}
		for n := 1; n < len(data); n += step {
			if _, err := readFiles(bytes.NewReader(data[:n]), Limits{}); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("%d of %d bytes: %v", n, len(data), err)
			}
			for _, zeros := range []int{1, 4, 10240} {
				filled := join(data[:n], make([]byte, zeros))
				if bytes.HasPrefix(filled, data) { // what is missing are zeros
					continue
				}
				if _, err := readFiles(bytes.NewReader(filled), Limits{}); err == nil {
					t.Fatalf("%d of %d bytes and %d zeros are read", n, len(data), zeros)
				}
			}
		}
	}
}

// bsdtar pads compressed archives, too, unless they go to a file.
func TestReadZstdOfBsdtar(t *testing.T) {
	golden.Programs(t, "bsdtar")
	dir := t.TempDir()
	var names []string
	want := files
	for _, f := range want {
		name := filepath.Join(dir, f.name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(f.data), 0o666); err != nil {
			t.Fatal(err)
		}
		names = append(names, f.name)
	}
	for _, args := range []string{"--zstd -cf -", "--zstd -b 1 -cf -", "--zstd -b 512 -cf -", "-cf -"} {
		data := run(t, nil, "bsdtar", slices.Concat([]string{"-C", dir}, strings.Fields(args), names)...)
		got, err := readFiles(bytes.NewReader(data), Limits{})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("bsdtar %s: %d members of %d bytes, %v", args, len(got), len(data), err)
		}
		if strings.HasPrefix(args, "--zstd -cf") && !bytes.HasSuffix(data, make([]byte, 100)) {
			t.Errorf("bsdtar %s: no padding at the end of %d bytes", args, len(data))
		}
	}
}

// What the error about a long window advises works.
func TestLongWindow(t *testing.T) {
	golden.Programs(t, "zstd")
	want := manyJobs()
	long := run(t, writeFiles(t, None, want), "zstd", "--ultra", "--long=31", "-qc")
	_, err := readFiles(bytes.NewReader(long), Limits{})
	if err == nil || !strings.HasSuffix(err.Error(), "the limit is 134217728 bytes; decompress it first: zstd -dc --long=31 FILE | …") {
		t.Fatalf("window of 2 GiB: %v", err)
	}
	got, err := readFiles(bytes.NewReader(run(t, long, "zstd", "-dc", "--long=31")), Limits{})
	if err != nil || !slices.Equal(got, want) {
		t.Error(fmt.Sprint(len(got), " members, ", err))
	}
}
