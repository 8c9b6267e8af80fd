package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/hostile"
)

// Members of 1 GiB of zeros, in 33 KB, are refused before they are read.
func TestBombs(t *testing.T) {
	const text = "1073741824 bytes, the limit is 1048576"
	for name, want := range map[string]string{
		"a.json":                    "stream: member a.json: " + text,
		"b/A.JSON":                  "stream: member b/A.JSON: " + text,
		"__meta__/dataset.json":     "stream: member __meta__/dataset.json: " + text,
		"set/__meta__/dataset.json": "stream: member set/__meta__/dataset.json: " + text,
		"__meta__/model.json":       "stream: member __meta__/model.json: " + text,
		"__meta__/notes":            "stream: member __meta__/notes: " + text,
		"a.cls":                     "stream: member a.cls: 1073741824 bytes, the limit is 4096",
		"a.png":                     "stream: member a.png: neither PNG, JPEG nor TIFF",
		"a.jpg":                     "stream: member a.jpg: neither PNG, JPEG nor TIFF",
		"a.jpeg":                    "stream: member a.jpeg: neither PNG, JPEG nor TIFF",
		"a.tif":                     "stream: member a.tif: neither PNG, JPEG nor TIFF",
		"a.npy":                     "stream: member a.npy: npy: starts with",
		"a.x.npy":                   "stream: member a.x.npy: npy: starts with",
		"a.y.npy":                   "stream: member a.y.npy: npy: starts with",
	} {
		bomb := hostile.Frame(hostile.Tar(hostile.Entry{Name: name, Size: 1 << 30}), 8<<10, 128<<10, 0)
		in := &counter{r: bytes.NewReader(bomb)}
		var err error
		cost := hostile.Allocated(func() { _, _, err = readSamples(in, Limits{}) })
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", name, err, want)
		}
		if cost > 4<<20 {
			t.Errorf("%s: %d bytes of input cost %d bytes", name, len(bomb), cost)
		}
	}
}

// counter counts what is read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// zeros never end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A member that is wrong at its beginning is not read to its end.
func TestRefusedAtOnce(t *testing.T) {
	for _, name := range []string{"a.png", "a.npy", "a.json"} {
		in := &counter{r: io.MultiReader(bytes.NewReader(hostile.Tar(hostile.Entry{Name: name, Size: 1 << 30})), zeros{})}
		if _, _, err := readSamples(in, Limits{}); err == nil || in.n > 2*inputBuffer {
			t.Errorf("%s: %d bytes are read, %v", name, in.n, err)
		}
	}
}

// The bytes of a member are held once, and a quarter of them a second time while they are read.
func TestMembersAreHeldOnce(t *testing.T) {
	const fixed = 4 << 20 // buffers
	for _, size := range []int64{1<<20 + 4, 32<<20 + 4, 50 << 20, 64 << 20} {
		header := npyHeader(npy.Float32, int(size/4))
		picture := "\xff\xd8\xff"
		for name, start := range map[string]string{"a.npy": header, "a.jpg": picture} {
			whole := int64(len(header)) + size
			head := hostile.Tar(hostile.Entry{Name: name, Size: whole})
			archive := func(n int64) io.Reader {
				body := io.LimitReader(io.MultiReader(strings.NewReader(start), zeros{}), n)
				return io.MultiReader(bytes.NewReader(head), body)
			}
			for _, n := range []int64{whole, whole - 1, whole / 2, whole / 5, whole / 8} {
				in := archive(n)
				if n == whole {
					in = io.MultiReader(in, io.LimitReader(zeros{}, -whole&(blockSize-1)+endMarker))
				}
				var err error
				cost := hostile.Allocated(func() { _, _, err = readSamples(in, Limits{}) })
				if n < whole && !errors.Is(err, io.ErrUnexpectedEOF) || n == whole && (err == nil) != (start == header) {
					t.Fatalf("%s, %d of %d bytes: %v", name, n, whole, err)
				}
				most := whole * 5 / 4
				if n < whole/5 {
					most = 5 * n * 5 / 4
				}
				if cost > uint64(most)+fixed {
					t.Errorf("%s: %d of %d bytes cost %d", name, n, whole, cost)
				}
			}
		}
	}
}

// Values that were read ahead come in order, and bytes after an array are found.
func TestArraysRoundThePieces(t *testing.T) {
	for _, size := range []int{step - 128, step, 2*step + 4, 4 * step, 4*step + 4, 9*step + 20} {
		r := rand.New(rand.NewPCG(1, uint64(size)))
		s := &Sample{Key: "a", Shape: []int{size / 4}, X: make([]float32, size/4)}
		for i := range s.X {
			s.X[i] = r.Float32()
		}
		data := writeSamples(t, None, npy.Float32, Metadata{}, []*Sample{s, {Key: "b", Shape: s.Shape, X: s.X}})
		for name, in := range map[string]io.Reader{"plain": bytes.NewReader(data), "half": iotest.HalfReader(bytes.NewReader(data))} {
			_, got, err := readSamples(in, Limits{})
			if err != nil || len(got) != 2 {
				t.Fatalf("%s, size %d: %d samples, %v", name, size, len(got), err)
			}
			sameSamples(t, got[:1], []*Sample{s})
			s.Key = "b"
			sameSamples(t, got[1:], []*Sample{s})
			s.Key = "a"
		}
		array := npyHeader(npy.Uint8, size) + strings.Repeat("\x01", size)
		for _, extra := range []int{1, size} {
			data := hostile.Archive(hostile.Entry{Name: "a.npy", Data: array + strings.Repeat("x", extra)})
			_, _, err := readSamples(bytes.NewReader(data), Limits{})
			if want := fmt.Sprintf("stream: member a.npy: %d bytes behind the array", extra); err == nil || err.Error() != want {
				t.Errorf("size %d: got %v, want %s", size, err, want)
			}
		}
	}
}

// Text of 1 MiB is read and written, with one byte more it is not.
func TestTextLimit(t *testing.T) {
	for n, ok := range map[int]bool{1 << 20: true, 1<<20 + 1: false} {
		text := strings.Repeat(" ", n)
		x := npyHeader(npy.Uint8, 0)
		for _, name := range []string{"a.json", "__meta__/x"} {
			_, _, err := readSamples(bytes.NewReader(hostile.Archive(hostile.Entry{Name: "a.npy", Data: x}, hostile.Entry{Name: name, Data: text})), Limits{})
			w, _ := NewMemberWriter(io.Discard, None)
			if errWrite := w.Write(name, []byte(text)); (err == nil) != ok || (errWrite == nil) != ok {
				t.Errorf("%s of %d bytes: %v, writing %v", name, n, err, errWrite)
			}
		}
	}
}
