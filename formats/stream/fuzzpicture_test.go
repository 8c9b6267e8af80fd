package stream

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"

	"backdrop/internal/testkit/hostile"
)

// FuzzOrientation: whatever EXIF data say, the orientation is one of eight.
func FuzzOrientation(f *testing.F) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		data := exif(order, shortType, 6)
		f.Add([]byte(data))
		f.Add(withEXIF(hostile.JPEG(8, 8), data))
		f.Add(hostile.PNG(1, 1, 8, 0, "\x00\x00", "eXIf"+data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		all := []orientation{tiffOrientation(data), orientationOf("jpeg", data), orientationOf("tiff", data)}
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

// FuzzPicture: values lie in [0,1], and writing them as a PNG of 16 bits changes nothing.
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

// png16 returns a PNG of 16 bits.
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
