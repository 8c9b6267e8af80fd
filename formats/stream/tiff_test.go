package stream

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
	"backdrop/internal/testkit/hostile"
)

// tags are those of a page that are not as in a grey picture of 8 bits.
type tags = map[uint16][]uint32

func TestTIFF(t *testing.T) {
	ramp := func(n int) (bytes string) {
		for i := range n {
			bytes += string(rune(i % 128))
		}
		return bytes
	}
	colours := slices.Concat([]uint32{0x3300, 0xffff}, make([]uint32, 254), []uint32{0x6600, 0xffff}, make([]uint32, 254), []uint32{0xff00, 0xffff}, make([]uint32, 254))
	dim := slices.Concat([]uint32{0x33, 0xff}, make([]uint32, 254), []uint32{0x66, 0xff}, make([]uint32, 254), []uint32{0xff, 0xff}, make([]uint32, 254))
	small := hostile.Page{W: 1, H: 1, Tags: tags{newSubfileType: {1}}, Blocks: []string{"\x00"}}
	level := func(levels ...int) (x []float32) {
		for _, v := range levels {
			x = append(x, float32(v)/255)
		}
		return x
	}
	for _, c := range []struct {
		name  string
		page  hostile.Page
		more  []hostile.Page
		shape []int
		x     []float32
	}{
		{"grey 8", hostile.Page{W: 2, H: 2, Blocks: []string{"\x00\x33\x66\xff"}}, nil, []int{2, 2}, level(0, 51, 102, 255)},
		{"in two strips", hostile.Page{W: 2, H: 2, Tags: tags{rowsPerStrip: {1}}, Blocks: []string{"\x00\x33", "\x66\xff"}}, nil, []int{2, 2}, level(0, 51, 102, 255)},
		{"white is 0", hostile.Page{W: 2, H: 1, Tags: tags{photometric: {0}}, Blocks: []string{"\x00\x33"}}, nil, []int{1, 2}, level(255, 204)},
		{"bilevel", hostile.Page{W: 3, H: 1, Tags: tags{bitsPerSample: {1}}, Blocks: []string{"\xa0"}}, nil, []int{1, 3}, level(255, 0, 255)},
		{"rgb 8", hostile.Page{W: 2, H: 1, Tags: tags{bitsPerSample: {8, 8, 8}, photometric: {2}, samplesPerPixel: {3}}, Blocks: []string{"\x00\x33\x66\xff\x99\xcc"}}, nil,
			[]int{3, 1, 2}, level(0, 255, 51, 153, 102, 204)},
		{"rgba 8", hostile.Page{W: 1, H: 1, Tags: tags{bitsPerSample: {8, 8, 8, 8}, photometric: {2}, samplesPerPixel: {4}, extraSamples: {2}}, Blocks: []string{"\x00\x33\x66\xff"}}, nil,
			[]int{3, 1, 1}, level(0, 51, 102)},
		{"palette", hostile.Page{W: 2, H: 1, Tags: tags{photometric: {3}, colorMap: colours}, Blocks: []string{"\x01\x00"}}, nil, []int{3, 1, 2}, level(255, 51, 255, 102, 255, 255)},
		{"palette of 8 bits", hostile.Page{W: 2, H: 1, Tags: tags{photometric: {3}, colorMap: dim}, Blocks: []string{"\x01\x00"}}, nil, []int{3, 1, 2}, level(255, 51, 255, 102, 255, 255)},
		{"tiles", hostile.Page{W: 2, H: 1, Tags: tags{tileWidth: {16}, tileLength: {16}}, Blocks: []string{ramp(256)}}, nil, []int{1, 2}, level(0, 1)},
		{"smaller copies", hostile.Page{W: 1, H: 1, Blocks: []string{"\x33"}}, []hostile.Page{small, {W: 1, H: 1, Tags: tags{subfileType: {2}}, Blocks: []string{"\x00"}}}, []int{1, 1}, level(51)},
		{"one image of ImageJ", hostile.Page{W: 1, H: 1, Text: "ImageJ=1.53t\nmin=0\n", Blocks: []string{"\x33"}}, nil, []int{1, 1}, level(51)},
		{"one image of tifffile", hostile.Page{W: 1, H: 1, Text: `{"shape": [1, 1]}`, Blocks: []string{"\x33"}}, nil, []int{1, 1}, level(51)},
	} {
		for _, order := range []interface {
			binary.ByteOrder
			binary.AppendByteOrder
		}{binary.LittleEndian, binary.BigEndian} {
			data := hostile.TIFF(order, append([]hostile.Page{c.page}, c.more...)...)
			shape, x, err := decodeImage(data, 1<<20, newFloats)
			if err != nil || !reflect.DeepEqual(shape, c.shape) || !reflect.DeepEqual(x, c.x) {
				t.Errorf("%s, %v: got %v %v, %v; want %v %v", c.name, order, shape, x, err, c.shape, c.x)
			}
		}
	}
}

// 16 bits are kept, in both orders of bytes, and the picture is turned as the tag says.
func TestDeepTIFF(t *testing.T) {
	deep := tags{bitsPerSample: {16, 16, 16}, photometric: {2}, samplesPerPixel: {3}}
	for _, c := range []struct {
		data []byte
		x    []float32
	}{
		{hostile.TIFF(binary.LittleEndian, hostile.Page{W: 2, H: 1, Tags: tags{bitsPerSample: {16}}, Blocks: []string{"\x01\x00\xff\xff"}}), []float32{1. / 65535, 1}},
		{hostile.TIFF(binary.BigEndian, hostile.Page{W: 2, H: 1, Tags: tags{bitsPerSample: {16}}, Blocks: []string{"\x00\x01\xff\xff"}}), []float32{1. / 65535, 1}},
		{hostile.TIFF(binary.LittleEndian, hostile.Page{W: 1, H: 1, Tags: deep, Blocks: []string{"\x01\x00\x02\x00\xff\xff"}}), []float32{1. / 65535, 2. / 65535, 1}},
	} {
		if _, x, err := decodeImage(c.data, 1<<20, newFloats); err != nil || !reflect.DeepEqual(x, c.x) {
			t.Errorf("%v, %v; want %v", x, err, c.x)
		}
	}
	for o := uint32(1); o <= 8; o++ {
		shape, x, err := decodeImage(hostile.TIFF(binary.BigEndian, hostile.Page{W: 3, H: 2, Tags: tags{0x0112: {o}}, Blocks: []string{"abcdef"}}), 1<<20, newFloats)
		wantShape, want, _ := decodeImage(hostile.PNG(3, 2, 8, 0, "\x00abc\x00def", "eXIf"+exif(binary.BigEndian, shortType, o)), 1<<20, newFloats)
		if err != nil || !slices.Equal(shape, wantShape) || !slices.Equal(x, want) {
			t.Errorf("orientation %d: %v %v, %v; want %v %v", o, shape, x, err, wantShape, want)
		}
	}
}

func TestRefusedTIFF(t *testing.T) {
	const (
		tar     = ", or a tar of all files with examples/convert/from_tiff.py"
		npy     = `make an array of it with np.save("a.npy", tifffile.imread("a.tif"))`
		array   = npy + tar
		codecs  = npy + ", which takes the package imagecodecs, too" + tar
		picture = `make a PNG of it with PIL.Image.open("a.tif").save("a.png")`
		volume  = `a stack is an array [D,H,W]: np.save("a.npy", tifffile.imread("a.tif"))` + tar
		rgb     = `make RGB of it with PIL.Image.open("a.tif").convert("RGB").save("a.png")`
		cut     = "the picture is cut; get it once more, or save it again"
	)
	one := func(tags tags) []byte {
		return hostile.TIFF(binary.LittleEndian, hostile.Page{W: 1, H: 1, Tags: tags, Blocks: []string{strings.Repeat("\x00", 64)}})
	}
	three := func(more tags) []byte {
		all := tags{bitsPerSample: {8, 8, 8}, photometric: {2}, samplesPerPixel: {3}}
		for tag, values := range more {
			all[tag] = values
		}
		return one(all)
	}
	text := func(text string) []byte {
		return hostile.TIFF(binary.LittleEndian, hostile.Page{W: 2, H: 3, Text: text, Blocks: []string{"123456"}})
	}
	plain := hostile.Page{W: 1, H: 1, Blocks: []string{"\x00"}}
	reduced := hostile.Page{W: 1, H: 1, Tags: tags{newSubfileType: {1}}, Blocks: []string{"\x00"}}
	whole := hostile.TIFF(binary.LittleEndian, plain)
	loop := hostile.TIFF(binary.LittleEndian, plain, reduced)
	binary.LittleEndian.PutUint32(loop[len(loop)-4:], uint32(len(loop)-6-10*entrySize)) // the last directory, of 10 entries, is its own next
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"floats", one(tags{bitsPerSample: {32}, sampleFormat: {3}}), "floats of 32 bits are not read; " + array},
		{"floats in LZW", one(tags{bitsPerSample: {32}, sampleFormat: {3}, compression: {5}}), "floats of 32 bits are not read; " + codecs},
		{"integers", one(tags{bitsPerSample: {16}, sampleFormat: {2}}), "signed integers of 16 bits are not read; " + array},
		{"complex", one(tags{bitsPerSample: {64}, sampleFormat: {6}}), "complex numbers of 64 bits are not read; " + array},
		{"32 bits", one(tags{bitsPerSample: {32}}), "values of 32 bits are not read; " + array},
		{"12 bits", one(tags{bitsPerSample: {12}}), "values of 12 bits are not read; " + picture},
		{"CMYK", one(tags{bitsPerSample: {8, 8, 8, 8}, samplesPerPixel: {4}, photometric: {5}}), "CMYK is not read; " + rgb},
		{"YCbCr", three(tags{photometric: {6}}), "YCbCr is not read; " + rgb},
		{"camera", three(tags{photometric: {32803}}), "photometric interpretation 32803 is not read; " + array},
		{"JPEG", one(tags{compression: {7}}), "JPEG compression is not read; " + picture},
		{"fax", one(tags{compression: {4}, bitsPerSample: {1}}), "compression 4 is not read; " + picture},
		{"zstd", one(tags{compression: {50000}, bitsPerSample: {16}}), "compression 50000 is not read; " + codecs},
		{"grey with alpha", one(tags{bitsPerSample: {8, 8}, samplesPerPixel: {2}, extraSamples: {2}}), "grey with another channel is not read; " + picture},
		{"7 channels", one(tags{bitsPerSample: {8, 8, 8, 8, 8, 8, 8}, samplesPerPixel: {7}}), "7 channels are not read; " + array},
		{"a fourth channel", one(tags{bitsPerSample: {8, 8, 8, 8}, samplesPerPixel: {4}, photometric: {2}, extraSamples: {0}}), "RGB with a fourth channel that is not said to be alpha is not read; " + array},
		{"planes", three(tags{planarConfig: {2}}), "channels in planes of their own are not read; " + picture},
		{"bits of one", three(tags{bitsPerSample: {8}}), "3 channels with the bits of 1 are not read; " + picture},
		{"palette of 4 bits", one(tags{bitsPerSample: {1}, photometric: {3}, colorMap: {0, 1, 2, 3, 4, 5}}), "a palette of 2 colours in 1 bits is not read; " + picture},
		{"predictor of floats", one(tags{predictor: {3}, bitsPerSample: {16}}), "predictor 3 with 16 bits is not read; " + codecs},
		{"bits from the last", one(tags{fillOrder: {2}}), "bits in the order from the last to the first are not read; " + picture},
		{"two pages", hostile.TIFF(binary.BigEndian, plain, plain), "more than one page, not one picture; " + volume},
		{"a mask", hostile.TIFF(binary.BigEndian, plain, hostile.Page{W: 1, H: 1, Tags: tags{newSubfileType: {4}}, Blocks: []string{"\x00"}}), "more than one page, not one picture; " + volume},
		{"a page behind a copy", hostile.TIFF(binary.BigEndian, plain, reduced, plain), "more than one page, not one picture; " + volume},
		{"pages in a circle", loop, "more than 100 pages, not one picture; " + volume},
		{"a copy in front", hostile.TIFF(binary.BigEndian, reduced, plain), `the first page is a smaller copy of another picture; make an array of that with np.save("a.npy", tifffile.imread("a.tif"))`},
		{"ImageJ", text("ImageJ=1.53t\nimages=5\nslices=5\n"), "5 pages, not one picture; " + volume},
		{"tifffile", text(`{"truncated": true, "shape": [4, 3, 2]}`), "4 pages, not one picture; " + volume},
		{"depth", one(tags{imageDepth: {16}}), "16 pages, not one picture; " + volume},
		{"header", []byte("II*\x00\x08\x00"), cut},
		{"directory behind the end", []byte("II*\x00\xff\xff\xff\xff"), cut},
		{"half a directory", whole[:len(whole)-20], cut},
		{"strip behind the end", one(tags{stripOffsets: {1 << 31}}), "strip 1 of 1 is not there: " + cut},
		{"no strips", one(tags{stripOffsets: nil}), "0 places of strips and 1 sizes; save it again"},
		{"strips that overlap", hostile.TIFF(binary.LittleEndian, hostile.Page{W: 1, H: 4, Tags: tags{stripOffsets: {8, 8, 8, 8}, stripByteCounts: {99, 99, 99, 99}, rowsPerStrip: {1}}, Blocks: []string{strings.Repeat("x", 99)}}), "strips of 396 bytes in a file of"},
		{"little in a strip", hostile.TIFF(binary.LittleEndian, hostile.Page{W: 5, H: 5, Blocks: []string{"123"}}), "invalid format: not enough pixel data; " + cut},
		{"2³² pixels squared", one(tags{imageWidth: {1<<32 - 1}, imageLength: {1<<32 - 1}}), "are more than 1 MiB as float32"},
		{"a tile of 2³² pixels squared", one(tags{tileWidth: {1<<32 - 1}, tileLength: {1<<32 - 1}, stripOffsets: nil, stripByteCounts: nil}), "are more than 1 MiB as float32"},
		{"over the limit", one(tags{imageWidth: {513}, imageLength: {512}}), "513 × 512 pixels are more than 1 MiB as float32"},
		{"pixels from nothing", one(tags{imageWidth: {2048}, imageLength: {128}, bitsPerSample: {1}}), "cannot hold 2048 × 128 pixels"},
		{"a tile of 1 GiB", one(tags{tileWidth: {1 << 15}, tileLength: {1 << 15}, compression: {5}}), "tiles of 32768 × 32768 pixels, 1 in all, take more memory than 1048576 bytes as float32 may; save it in others"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var err error
			cost := hostile.Allocated(func() { _, _, err = decodeImage(c.data, 1<<20, newFloats) })
			if err == nil || !strings.HasPrefix(err.Error(), "tiff: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if cost > 1<<20 {
				t.Errorf("%d bytes of picture cost %d bytes", len(c.data), cost)
			}
		})
	}
}

// Strips take no more memory than pictures may, be they packed with more than the picture has or by the thousand; and those that
// writers make are read up to the limit.
func TestMemoryOfTIFF(t *testing.T) {
	const w, h = 512, 512
	limit := int64(4 * w * h)
	zlibbed := func(n int) string { // a strip of n zeros
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		z.Write(make([]byte, n))
		z.Close()
		return b.String()
	}
	packed := func(n int) string { return strings.Repeat("\x81\x00", n/128) } // the same in PackBits: each pair is 128 zeros
	for _, c := range []struct {
		name   string
		method uint32
		rows   int
		strip  string
		want   string
	}{
		{"plain", notPacked, h, strings.Repeat("\x00", w*h), ""},
		{"plain, a strip a row", notPacked, 1, strings.Repeat("\x00", w), ""},
		{"deflate", deflate, 16, zlibbed(16 * w), ""},
		{"deflate, eight times too much", deflate, 16, zlibbed(8 * 16 * w), ""},
		{"deflate, a thousand times too much", deflate, 16, zlibbed(1000 * 16 * w), ""},
		{"deflate, one strip", deflate, h, zlibbed(8 * w * h), "strips of 512 × 512 pixels, 1 in all, take more memory"},
		{"deflate, a strip a row", deflate, 1, zlibbed(w), "strips of 512 × 1 pixels, 512 in all, take more memory"},
		{"PackBits", packBits, 16, packed(16 * w), ""},
		{"PackBits, a strip a row", packBits, 1, packed(w), ""},
		{"PackBits, too much", packBits, 16, packed(2 * 16 * w), ""},
		{"PackBits, much too much", packBits, 16, packed(8 * 16 * w), "take more memory"},
	} {
		page := hostile.Page{W: w, H: h, Tags: tags{compression: {c.method}, rowsPerStrip: {uint32(c.rows)}}}
		for range h / c.rows {
			page.Blocks = append(page.Blocks, c.strip)
		}
		data := hostile.TIFF(binary.LittleEndian, page)
		var err error
		cost := hostile.Allocated(func() { _, _, err = decodeImage(data, limit, newFloats) })
		t.Logf("%s: %d bytes cost %.2f times the limit, %v", c.name, len(data), float64(cost)/float64(limit), err)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if most := uint64(1<<20 + pictureCost*limit + 8*int64(len(data))); cost > most {
			t.Errorf("%s: %d bytes, want at most %d", c.name, cost, most)
		}
	}
}

// TestTIFFAsPillow: pictures that tifffile and Pillow write, with everything that is read, have their values.
func TestTIFFAsPillow(t *testing.T) {
	dir := t.TempDir()
	golden.Run(t, dir, nil, golden.Python(t, "numpy", "PIL", "tifffile"), "-c", `
import itertools, numpy as np, tifffile
from PIL import Image
rng = np.random.default_rng(1)
def keep(name, want): np.save(name + ".npy", want if want.ndim == 2 else want.transpose(2, 0, 1))
n = 0
for size, kind, dtype in itertools.product([(37, 53), (1, 1), (64, 16)], ["grey", "white", "rgb", "rgba"], ["u1", "u2"]):
    top = np.iinfo(dtype).max
    want = rng.integers(0, top + 1, size + ((3,) if "rgb" in kind else ())).astype(dtype)
    want[size[0] // 2:] //= 7  # something to compress
    x = np.dstack([want, np.full(size, top, dtype)]) if kind == "rgba" else top - want if kind == "white" else want
    how = {"photometric": {"grey": "minisblack", "white": "miniswhite"}.get(kind, "rgb"), "extrasamples": ["unassalpha"] if kind == "rgba" else None}
    for more in [{}, {"byteorder": ">"}, {"rowsperstrip": 7}, {"tile": (16, 32)}, {"compression": "zlib"}, {"compression": "zlib", "predictor": True},
            {"compression": "zlib", "tile": (32, 16), "byteorder": ">"}, {"compression": "zlib", "rowsperstrip": 1}]:
        tifffile.imwrite(f"{n}.tif", x, **how, **more)
        keep(str(n), want)
        n += 1
for mode in ["1", "L", "P", "RGB", "I;16"]:
    image = Image.fromarray(rng.integers(0, 256, (61, 45, 3)).astype("u1") // 3 * 3)
    image.paste((250, 10, 90), (5, 5, 30, 30))
    image = image.quantize(200) if mode == "P" else Image.fromarray(rng.integers(0, 65536, (61, 45)).astype("u2")) if mode == "I;16" else image.convert(mode)
    for compression in ["raw", "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "packbits"]:
        for predictor in [None, 2]:
            if predictor and (mode in "1P" or compression in ("raw", "packbits")):
                continue
            image.save(f"{n}.tif", compression=compression, tiffinfo={317: 2} if predictor else {})
            want = np.array(image.convert("RGB")) if mode == "P" else np.array(image)
            keep(str(n), want.astype("u1") * 255 if mode == "1" else want)
            n += 1
`)
	names, err := filepath.Glob(filepath.Join(dir, "*.tif"))
	if err != nil || len(names) < 200 {
		t.Fatalf("%d pictures, %v", len(names), err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := npy.Open(strings.TrimSuffix(name, "tif") + "npy")
		if err != nil {
			t.Fatal(err)
		}
		values, err := want.Float32()
		if err != nil {
			t.Fatal(err)
		}
		most := float32(255)
		if want.DType == npy.Uint16 {
			most = 65535
		}
		shape, x, err := decodeImage(data, 1<<20, newFloats)
		if err != nil || !slices.Equal(shape, want.Shape) {
			t.Errorf("%s: shape %v, %v; want %v", name, shape, err, want.Shape)
			continue
		}
		for i, v := range x {
			if v != values[i]/most {
				t.Errorf("%s: value %d is %v, want %v", name, i, v*most, values[i])
				break
			}
		}
	}
}

// FuzzTIFF: whatever a file says, it takes no more memory than pictures may, and values lie in [0,1].
func FuzzTIFF(f *testing.F) {
	page := hostile.Page{W: 20, H: 18, Tags: tags{rowsPerStrip: {9}}, Blocks: []string{strings.Repeat("\x07", 180), strings.Repeat("\xf7", 180)}}
	f.Add(hostile.TIFF(binary.LittleEndian, page))
	f.Add(hostile.TIFF(binary.BigEndian, page, hostile.Page{W: 1, H: 1, Tags: tags{newSubfileType: {1}}, Blocks: []string{"\x00"}}))
	for _, method := range []uint32{lzw, deflate, packBits} {
		for _, bits := range []uint32{1, 8, 16} {
			f.Add(hostile.TIFF(binary.LittleEndian, hostile.Page{W: 64, H: 64, Tags: tags{compression: {method}, bitsPerSample: {bits}}, Blocks: []string{strings.Repeat("\x80\x81\x00", 99)}}))
		}
	}
	rgb := tags{bitsPerSample: {8, 8, 8}, photometric: {2}, samplesPerPixel: {3}, tileWidth: {16}, tileLength: {16}}
	f.Add(hostile.TIFF(binary.LittleEndian, hostile.Page{W: 5, H: 5, Tags: rgb, Blocks: []string{strings.Repeat("abc", 256)}}))
	f.Add(hostile.TIFF(binary.LittleEndian, hostile.Page{W: 2, H: 1, Text: "ImageJ=1\nimages=7", Tags: tags{photometric: {3}, colorMap: make([]uint32, 768)}, Blocks: []string{"\x01\x00"}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if !bytes.HasPrefix(data, []byte("II*\x00")) && !bytes.HasPrefix(data, []byte("MM\x00*")) {
			data = append([]byte("II*\x00"), data...)
		}
		var shape []int
		var x []float32
		var err error
		hostile.Cheap(t, 2<<20+8*int64(len(data))+pictureCost*fuzzLimits.Member, func() { shape, x, err = decodeImage(data, fuzzLimits.Member, newFloats) })
		if err != nil {
			hostile.OneLine(t, err)
			return
		}
		for i, v := range x {
			if !(v >= 0 && v <= 1) {
				t.Fatalf("value %d of shape %v is %v", i, shape, v)
			}
		}
	})
}
