package stream

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"reflect"
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

// cost is what package stream may take from the heap at most for an archive that comes as data: eight times both, buffers,
// a window and the decoder's tables for each frame, room for each picture, and metadata.
func cost(data, archive []byte) int64 {
	text := 0
	if bytes.Contains(archive, []byte("dataset.json")) {
		text = len(archive)
	}
	frames := bytes.Count(data, []byte("\x28\xb5\x2f\xfd"))
	pictures := bytes.Count(archive, []byte("IHDR")) + bytes.Count(archive, []byte("\xff\xd8\xff"))
	return 2<<20 + 80*int64(text) + 8*int64(len(data)+len(archive)) + int64(frames)*(int64(fuzzLimits.Window)+512<<10) + int64(pictures)*pictureCost*fuzzLimits.Member
}

// unpacked is what comes out of data before an error; ok is false if that is too much for a fuzz test.
func unpacked(data []byte) (archive []byte, ok bool) {
	const most = 4 << 20
	if !sniff.IsZstd(data) {
		return data, len(data) < most
	}
	r, err := decompress(bufio.NewReader(bytes.NewReader(data)), fuzzLimits.Window)
	if err != nil {
		return nil, true
	}
	archive, _ = io.ReadAll(io.LimitReader(r, most))
	return archive, len(archive) < most
}

// What is read can be written and read again, unless ustar has no room for a name.
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

// Samples survive writing and reading, unless ustar has no room for a name, or two in a row have one key.
func FuzzReader(f *testing.F) {
	golden.Seeds(f, seeds)
	hostile.Seed(f, hostile.Streams())
	hostile.Seed(f, hostile.Bombs())
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

// sameDataset compares what is written: an empty list is no list.
func sameDataset(a, b Metadata) bool {
	return a.Tool == b.Tool && a.Version == b.Version && slices.Equal(a.Command, b.Command) && slices.Equal(a.Classes, b.Classes) && bytes.Equal(a.Extra, b.Extra)
}

// FuzzZstd: the same bytes or the same kind of end come out however they go in, and those that the decoder alone gives,
// unless there is padding.
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

// FuzzOrientation: whatever EXIF data say, there is one of eight ways to turn a picture.
func FuzzOrientation(f *testing.F) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		data := exif(order, shortType, 6)
		f.Add([]byte(data))
		f.Add(withEXIF(hostile.JPEG(8, 8), data))
		f.Add(hostile.PNG(1, 1, 8, 0, "\x00\x00", "eXIf"+data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		all := []orientation{tiffOrientation(data), orientationOf("jpeg", data)}
		if len(data) >= signature {
			all = append(all, orientationOf("png", data))
		}
		for _, o := range all {
			if o < 1 || o > 8 {
				t.Fatalf("orientation %d", o)
			}
		}
	})
}

// FuzzPicture: values lie in [0,1], and a picture survives being written as a PNG of 16 bits.
func FuzzPicture(f *testing.F) {
	for _, colourType := range []byte{0, 2, 3, 4, 6} {
		for _, depth := range []byte{8, 16} {
			f.Add(hostile.PNG(2, 2, depth, colourType, strings.Repeat("\x00\x11\x22\x33\xff\x44\x55\x66\xff\x77\x88\x99\xff\xaa\xbb\xcc\xff", 2), "PLTE\x00\x33\x66\xff\xff\xff"))
		}
	}
	f.Add(hostile.PNG(2, 2, 1, 0, "\x00\x80\x00\x40"))
	f.Add(hostile.PNG(100000, 100000, 8, 0, "\x00"))
	f.Add(hostile.PNG(512, 128, 8, 0, strings.Repeat("\x00", 513*128)))
	for _, c := range []image.Image{image.NewGray(image.Rect(0, 0, 9, 9)), image.NewYCbCr(image.Rect(0, 0, 9, 9), image.YCbCrSubsampleRatio420)} {
		f.Add(jpegFile(f, c))
	}
	f.Add(hostile.JPEG(65535, 65535))
	for o := range 8 {
		f.Add(withEXIF(jpegFile(f, image.NewGray(image.Rect(0, 0, 9, 2))), exif(binary.BigEndian, shortType, uint32(o)+1)))
		f.Add(hostile.PNG(2, 1, 8, 0, "\x00\x11\x22", "eXIf"+exif(binary.LittleEndian, shortType, uint32(o)+1)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, data := range [][]byte{data, hostile.RepairPNG(data)} {
			var shape []int
			var x []float32
			var err error
			hostile.Cheap(t, 2<<20+8*int64(len(data))+pictureCost*fuzzLimits.Member, func() { shape, x, err = decodeImage(data, fuzzLimits.Member, newFloats) })
			if err != nil {
				hostile.OneLine(t, err)
				continue
			}
			againShape, again, err := decodeImage(png16(t, shape, x), fuzzLimits.Member, newFloats)
			if err != nil || !slices.Equal(shape, againShape) {
				t.Fatalf("shape %v became %v, %v", shape, againShape, err)
			}
			for i, v := range x {
				if !(v >= 0 && v <= 1) || math.Abs(float64(v-again[i])) > 0x1p-23 {
					t.Fatalf("value %d of shape %v: %v became %v", i, shape, v, again[i])
				}
			}
		}
	})
}

// png16 writes a picture.
func png16(t *testing.T, shape []int, x []float32) []byte {
	t.Helper()
	h, w := shape[len(shape)-2], shape[len(shape)-1]
	value := func(i int) uint16 { return uint16(math.Round(float64(x[i]) * 65535)) }
	var img image.Image
	if len(shape) == 2 {
		grey := image.NewGray16(image.Rect(0, 0, w, h))
		for i := range w * h {
			grey.SetGray16(i%w, i/w, color.Gray16{Y: value(i)})
		}
		img = grey
	} else {
		colour := image.NewRGBA64(image.Rect(0, 0, w, h))
		for i := range w * h {
			colour.SetRGBA64(i%w, i/w, color.RGBA64{R: value(i), G: value(i + w*h), B: value(i + 2*w*h), A: 65535})
		}
		img = colour
	}
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := e.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// FuzzDataset: what dataset.json says survives being written, and is taken for the same by another one like it.
func FuzzDataset(f *testing.F) {
	d, _ := testSamples(f)
	text, err := d.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	for _, s := range []string{`{}`, `null`, `[]`, `{"classes":["a","b"],"CLASSES":["b","a"]}`, `{"tool":1e999}`, `{"extra":{"a":1,"a":2}}`,
		`{"extra":` + strings.Repeat("[", 20000), `{"clasſes":["a"],"classes":[]}`, "{\"classes\":[\"\xff\"]}", `{"extra":[1E+2, "\u2028<"]}`, `{"command":[null]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var d, again Metadata
		var err error
		hostile.Cheap(t, textCost(text), func() { err = d.add(text, true) })
		if err != nil {
			hostile.OneLine(t, err)
			return
		}
		written, err := d.encode()
		if err == nil {
			err = again.add(written, true)
		}
		if err != nil || !sameDataset(d, again) {
			t.Fatalf("%+v came back as %+v, %v", d, again, err)
		}
		if err := again.add(text, false); err != nil {
			t.Fatalf("not the same as itself: %v", err)
		}
	})
}

// textCost is what may be taken from the heap for JSON.
func textCost(text []byte) int64 { return 1<<20 + 80*int64(len(text)) }

// FuzzLabel: the small members of a sample, its label and its JSON, survive writing and reading.
func FuzzLabel(f *testing.F) {
	for _, s := range []string{"0", "-1", " 7\n", "+1", "0x10", "1_0", "9223372036854775808", "spiral galaxy", "", "\x00", "a\nb", "é", "\xff", strings.Repeat("9", 4097)} {
		f.Add([]byte(s), []byte(`{"seed": 1}`))
	}
	f.Add([]byte("0"), []byte(""))
	x := hostile.Entry{Name: "0.x.npy", Data: hostile.NPY("'<f4'", "(1,)", "\x00\x00\x80\x3f")}
	f.Fuzz(func(t *testing.T, label, info []byte) {
		data := hostile.Archive(x, hostile.Entry{Name: "0.cls", Data: string(label)}, hostile.Entry{Name: "0.json", Data: string(info)})
		_, samples, err := readSamples(bytes.NewReader(data), fuzzLimits)
		if err != nil {
			hostile.OneLine(t, err)
			return
		}
		_, again, err := readSamples(bytes.NewReader(writeSamples(t, None, npy.Float32, Metadata{}, samples)), fuzzLimits)
		if err != nil || !reflect.DeepEqual(again, samples) {
			t.Fatalf("%+v came back as %+v, %v", samples[0], again, err)
		}
		if string(samples[0].Info) != string(info) || samples[0].HasLabel || samples[0].LabelText != strings.TrimSpace(string(label)) || samples[0].LabelText == "" {
			t.Fatalf("label %q and %q are read as %+v", label, info, samples[0])
		}
	})
}
