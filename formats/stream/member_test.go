package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// file is a member that a test keeps.
type file struct{ name, data string }

// sample files: empty, shorter than a tar block, a whole block, and a block and a byte.
var files = []file{
	{"__meta__/dataset.json", "{}\n"},
	{"a/000000.x.npy", strings.Repeat("abcdefg", 200)},
	{"a/000000.cls", "0"},
	{"empty.json", ""},
	{"block.txt", strings.Repeat("b", 512)},
	{"more.txt", strings.Repeat("c", 513)},
}

func writeFiles(t testing.TB, c Compression, files []file) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewMemberWriter(&b, c)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := w.Write(f.name, []byte(f.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readFiles(r io.Reader, l Limits) (files []file, err error) {
	m, err := NewMemberReader(r, l)
	if err != nil {
		return nil, err
	}
	for {
		f, err := m.Next()
		if err != nil {
			if _, again := m.Next(); again != err {
				return files, fmt.Errorf("error %v did not last: then %v", err, again)
			}
			if err == io.EOF {
				return files, nil
			}
			return files, err
		}
		files = append(files, file{f.Name, string(f.Data)})
	}
}

func compressions(t *testing.T, test func(t *testing.T, c Compression)) {
	for name, c := range map[string]Compression{"zstd": Zstd, "none": None} {
		t.Run(name, func(t *testing.T) { test(t, c) })
	}
}

func TestMembersSurviveEveryReader(t *testing.T) {
	compressions(t, func(t *testing.T, c Compression) {
		data := writeFiles(t, c, files)
		for name, wrap := range map[string]func(io.Reader) io.Reader{
			"plain":   func(r io.Reader) io.Reader { return r },
			"oneByte": iotest.OneByteReader,
			"half":    iotest.HalfReader,
			"dataErr": iotest.DataErrReader,
		} {
			got, err := readFiles(wrap(bytes.NewReader(data)), Limits{})
			if err != nil || !slices.Equal(got, files) {
				t.Errorf("%s: got %.80q, %v", name, got, err)
			}
		}
	})
}

func TestSizesRoundTheBuffers(t *testing.T) {
	for _, around := range []int{512, inputBuffer, 128 << 10, 1 << 20} {
		var want []file
		for d := -1; d <= 1; d++ {
			b := make([]byte, around+d)
			r := rand.New(rand.NewPCG(uint64(around), uint64(d)))
			for i := range b {
				b[i] = byte(r.Uint32() >> 4 & 15)
			}
			want = append(want, file{fmt.Sprintf("%d.bin", d), string(b)})
		}
		got, err := readFiles(bytes.NewReader(writeFiles(t, Zstd, want)), Limits{})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("sizes around %d: %v", around, err)
		}
	}
}

// manyJobs returns data that the encoder cuts into several jobs. They are repetitive, so that matches cross the cuts.
func manyJobs() []file {
	r := rand.New(rand.NewPCG(1, 2))
	line := make([]byte, 3000)
	for i := range line {
		line[i] = byte(r.Uint32())
	}
	var b bytes.Buffer
	for b.Len() < 3<<20 {
		at := r.IntN(len(line) - 100)
		b.Write(line[at : at+100])
	}
	return []file{{"a.bin", b.String()}, {"b.bin", b.String()[1000:2000]}}
}

func TestBytesDoNotDependOnProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, files := range [][]file{files, manyJobs(), nil} {
		var want []byte
		for _, n := range []int{1, 2, 3, 16, 1} {
			runtime.GOMAXPROCS(n)
			got := writeFiles(t, Zstd, files)
			if want == nil {
				want = got
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%d files: %d processors wrote other bytes than one", len(files), n)
			}
		}
		if got, err := readFiles(bytes.NewReader(want), Limits{}); err != nil || !slices.Equal(got, files) {
			t.Errorf("%d files came back as %d, %v", len(files), len(got), err)
		}
	}
}

func TestHeadersAreFixed(t *testing.T) {
	got := writeFiles(t, None, []file{{"000000.cls", "1"}})
	// POSIX.1-1988 ustar by hand: name, mode 0644, uid, gid, size, mtime, checksum, type, magic.
	want := []byte("000000.cls" + strings.Repeat("\x00", 90) + "0000644\x000000000\x000000000\x0000000000001\x0000000000000\x00")
	if !bytes.HasPrefix(got, want) || string(got[156:157]) != "0" || string(got[257:265]) != "ustar\x0000" {
		t.Errorf("header %q", got[:265])
	}
	if len(got) != 4*blockSize || len(bytes.Trim(got[2*blockSize:], "\x00")) != 0 {
		t.Errorf("%d bytes, want header, data and two blocks of zeros", len(got))
	}
}

func TestCutAtEveryByte(t *testing.T) {
	compressions(t, func(t *testing.T, c Compression) {
		data := writeFiles(t, c, files)
		for n := range data {
			got, err := readFiles(bytes.NewReader(data[:n]), Limits{})
			if !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("cut after %d of %d bytes: %d members, error %v", n, len(data), len(got), err)
			}
			if !strings.HasPrefix(err.Error(), "stream: ") || strings.Contains(err.Error(), "EOF") {
				t.Fatalf("cut after %d bytes: %v", n, err)
			}
		}
	})
}

func TestFlippedByte(t *testing.T) {
	data := writeFiles(t, Zstd, files)
	for at := range data {
		for _, mask := range []byte{0x01, 0x04, 0x80, 0xff} {
			damaged := bytes.Clone(data)
			damaged[at] ^= mask
			got, err := readFiles(bytes.NewReader(damaged), Limits{Window: 1 << 20})
			if err == nil && !slices.Equal(got, files) {
				t.Fatalf("byte %d of %d xor %#x: other content without an error", at, len(data), mask)
			}
		}
	}
}

func TestConcatenated(t *testing.T) {
	a, b := files[:3], files[3:]
	for name, data := range map[string][]byte{
		"zstd":            join(writeFiles(t, Zstd, a), writeFiles(t, Zstd, b)),
		"none":            join(writeFiles(t, None, a), writeFiles(t, None, b)),
		"padded":          join(writeFiles(t, None, a), make([]byte, 20*blockSize), writeFiles(t, None, b), make([]byte, 7*blockSize)),
		"skippable":       join(skippable, writeFiles(t, Zstd, a), skippable, writeFiles(t, Zstd, b), skippable),
		"empty in middle": join(writeFiles(t, None, a), writeFiles(t, None, nil), writeFiles(t, None, b)),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readFiles(bytes.NewReader(data), Limits{})
			if err != nil || !slices.Equal(got, files) {
				t.Errorf("got %.60q, %v", got, err)
			}
		})
	}
}

func TestCutConcatenated(t *testing.T) {
	first := len(writeFiles(t, Zstd, files[:3]))
	data := join(writeFiles(t, Zstd, files[:3]), writeFiles(t, Zstd, files[3:]))
	for n := range data {
		_, err := readFiles(bytes.NewReader(data[:n]), Limits{})
		if whole := n == first; whole != (err == nil) || err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("cut after %d of %d bytes: %v", n, len(data), err)
		}
	}
}

// skippable is a zstd frame of 3 bytes that decoders skip (RFC 8878, section 3.1.2).
var skippable = []byte{0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'x', 'y', 'z'}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
