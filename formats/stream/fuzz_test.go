package stream

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"

	"backdrop/formats/npy"
	"backdrop/formats/sniff"
	"backdrop/internal/testkit/golden"
	"backdrop/internal/testkit/hostile"
)

// seeds are small streams of GNU tar, Python and this package, and attacks on readers like this one.
const seeds = "testdata/seeds/*"

var fuzzLimits = Limits{Member: 1 << 18, Window: 1 << 18}

// cost is what package stream may allocate at most for an archive that comes as data: eight times both, buffers, a window
// and the decoder's tables for each frame, memory for each picture, and metadata.
func cost(data, archive []byte) int64 {
	text := 0
	if bytes.Contains(archive, []byte("dataset.json")) {
		text = len(archive)
	}
	frames := bytes.Count(data, []byte("\x28\xb5\x2f\xfd"))
	pictures := 0
	for _, magic := range []string{"IHDR", "\xff\xd8\xff", "II*\x00", "MM\x00*"} {
		pictures += bytes.Count(archive, []byte(magic))
	}
	return 2<<20 + 80*int64(text) + 8*int64(len(data)+len(archive)) + int64(frames)*(int64(fuzzLimits.Window)+512<<10) + int64(pictures)*pictureCost*fuzzLimits.Member
}

// unpacked decompresses data up to an error. ok is false if the result is too long for a fuzz test.
func unpacked(data []byte) (archive []byte, ok bool) {
	const most = 4 << 20
	var err error
	r := bufio.NewReader(bytes.NewReader(data))
	switch {
	case sniff.IsZstd(data):
		r, err = decompress(r, fuzzLimits.Window)
	case sniff.IsGzip(data):
		r, err = gunzip(r)
	default:
		return data, len(data) < most
	}
	if err != nil {
		return nil, true
	}
	archive, _ = io.ReadAll(io.LimitReader(r, most))
	return archive, len(archive) < most
}

// FuzzMembers: what is read can be written and read again, unless a name is too long for ustar.
func FuzzMembers(f *testing.F) {
	golden.Seeds(f, seeds)
	hostile.Seed(f, hostile.Streams())
	hostile.Seed(f, hostile.Bombs())
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, data := range [][]byte{data, hostile.RepairTar(data)} {
			archive, ok := unpacked(data)
			if !ok {
				return
			}
			hostile.Cheap(t, cost(data, archive), func() { skim(data) })
			want, err := readFiles(bytes.NewReader(data), fuzzLimits)
			if err != nil {
				hostile.OneLine(t, err)
				continue
			}
			var b bytes.Buffer
			w, err := NewMemberWriter(&b, None)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range want {
				if err = w.Write(m.name, []byte(m.data)); err != nil {
					break
				}
			}
			if err != nil {
				unwritable(t, err)
				continue
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if got, err := readFiles(&b, fuzzLimits); err != nil || !slices.Equal(got, want) {
				t.Fatalf("%.200q came back as %.200q, %v", want, got, err)
			}
		}
	})
}

// skim reads members and keeps nothing.
func skim(data []byte) {
	m, err := NewMemberReader(bytes.NewReader(data), fuzzLimits)
	for err == nil {
		_, err = m.Next()
	}
}

// unwritable fails the test unless what was read cannot be written because of a name.
func unwritable(t *testing.T, err error) {
	t.Helper()
	if !strings.Contains(err.Error(), "archive/tar: cannot encode header: Format specifies USTAR; and USTAR cannot encode Name=") {
		t.Fatalf("read, and not written: %v", err)
	}
}

// FuzzReader: samples can be written and read again, unless a name is too long for ustar or two in a row have the same key.
func FuzzReader(f *testing.F) {
	golden.Seeds(f, seeds)
	hostile.Seed(f, hostile.Streams())
	hostile.Seed(f, hostile.Bombs())
	for _, members := range [][]string{{"cls", "0", "json", `{"label": "cat", "cls": 0}`, "txt", "cat"}, {"json", `{"label": 1.0}`}, {"txt", "dog\n"}, {"txt", "a dog", "json", `{"cls": []}`}} {
		f.Add(sampleOf([]string{"cat", "dog"}, members...))
		f.Add(hostile.Gzip(sampleOf(nil, members...), 0))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, data := range [][]byte{data, hostile.RepairTar(data)} {
			archive, ok := unpacked(data)
			if !ok {
				return
			}
			var d Metadata
			var want []*Sample
			var err error
			hostile.Cheap(t, cost(data, archive), func() { d, want, err = readSamples(bytes.NewReader(data), fuzzLimits) })
			if err != nil {
				hostile.OneLine(t, err)
				continue
			}
			var b bytes.Buffer
			w, err := NewWriter(&b, None)
			if err != nil {
				t.Fatal(err)
			}
			err = w.WriteMetadata(d)
			for i, s := range want {
				if i > 0 && s.Key == want[i-1].Key {
					return
				}
				if err == nil {
					err = w.WriteSample(s, npy.Float32)
				}
			}
			if err != nil {
				unwritable(t, err)
				continue
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			again, got, err := readSamples(&b, fuzzLimits)
			if err != nil || !slices.EqualFunc(got, want, sameBits) || !sameDataset(again, d) {
				t.Fatalf("%d samples of %+v came back as %d of %+v, %v", len(want), d, len(got), again, err)
			}
		}
	})
}

func sameBits(a, b *Sample) bool {
	sameX := slices.EqualFunc(a.X, b.X, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
	return sameX && a.Key == b.Key && slices.Equal(a.Shape, b.Shape) && a.Label == b.Label && a.HasLabel == b.HasLabel &&
		a.LabelText == b.LabelText && bytes.Equal(arrayBytes(a.Y), arrayBytes(b.Y)) && bytes.Equal(a.Info, b.Info)
}

func arrayBytes(a *npy.Array) []byte {
	var b bytes.Buffer
	if a != nil {
		npy.Write(&b, a)
	}
	return b.Bytes()
}

// sameDataset compares metadata as they are written: an empty list is as none.
func sameDataset(a, b Metadata) bool {
	return a.Tool == b.Tool && a.Version == b.Version && slices.Equal(a.Command, b.Command) && slices.Equal(a.Classes, b.Classes) && bytes.Equal(a.Extra, b.Extra)
}

// FuzzZstd: the size of reads does not change the result, which is that of the decoder alone unless there is padding.
func FuzzZstd(f *testing.F) {
	golden.Seeds(f, "testdata/seeds/*.zst")
	hostile.Seed(f, hostile.Streams())
	hostile.Seed(f, hostile.Bombs())
	frame := hostile.Frame([]byte("hello"), 2, 5, 'x')
	f.Add(frame)
	f.Add(join(frame, make([]byte, 9), frame, make([]byte, 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		archive, ok := unpacked(data)
		if !ok {
			return
		}
		read := func(r io.Reader) (b []byte, err error) {
			d, err := decompress(bufio.NewReader(r), fuzzLimits.Window)
			if err == nil {
				b, err = io.ReadAll(d)
			}
			return b, err
		}
		whole, err := read(bytes.NewReader(data))
		if err != nil {
			hostile.OneLine(t, fmt.Errorf("%w", err))
		}
		hostile.Cheap(t, cost(data, archive), func() {
			if d, err := decompress(bufio.NewReader(bytes.NewReader(data)), fuzzLimits.Window); err == nil {
				io.Copy(io.Discard, d)
			}
		})
		slow, errSlow := read(iotest.OneByteReader(bytes.NewReader(data)))
		if !bytes.Equal(whole, slow) || (err == nil) != (errSlow == nil) {
			t.Fatalf("%d bytes and %v, byte by byte %d bytes and %v", len(whole), err, len(slow), errSlow)
		}
		plain, errPlain := decodeAlone(data)
		switch padding := errPlain == zstd.ErrMagicMismatch || errors.Is(errPlain, io.ErrUnexpectedEOF); {
		case err != nil && errPlain == nil, err == nil && errPlain != nil && !padding, errPlain == nil && !bytes.Equal(whole, plain), !bytes.HasPrefix(whole, plain):
			t.Fatalf("%d bytes and %v, of the decoder alone %d bytes and %v", len(whole), err, len(plain), errPlain)
		}
	})
}

// decodeAlone decodes zstd frames with nothing between them.
func decodeAlone(data []byte) ([]byte, error) {
	d, err := zstd.NewReader(struct{ io.Reader }{bytes.NewReader(data)}, zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderMaxWindow(fuzzLimits.Window), zstd.WithDecoderMaxMemory(fuzzLimits.Window))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(d)
}
