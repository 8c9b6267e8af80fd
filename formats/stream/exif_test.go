package stream

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
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

const (
	shortType = 3
	longType  = 4
)

// exif returns EXIF data with a few tags, among them an orientation of that type.
func exif(order binary.AppendByteOrder, kind uint16, orientation uint32) string {
	b := []byte("II*\x00")
	if order.String() == "BigEndian" {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 10)
	b = append(b, "??"...) // the directory need not follow at once
	b = order.AppendUint16(b, 3)
	entry := func(tag, kind uint16, value uint32) {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, kind)
		b = order.AppendUint32(b, 1)
		if kind == shortType {
			b = order.AppendUint16(order.AppendUint16(b, uint16(value)), 0)
		} else {
			b = order.AppendUint32(b, value)
		}
	}
	entry(0x0100, longType, 640) // width
	entry(0x0112, kind, orientation)
	entry(0x0128, shortType, 2) // unit of the resolution
	return string(order.AppendUint32(b, 0))
}

// withEXIF puts EXIF data into a JPEG picture, behind a segment of another kind.
func withEXIF(picture []byte, data string) []byte {
	segment := func(marker byte, data string) []byte {
		return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(data))), data...)
	}
	return join(picture[:2], segment(0xfe, "a comment"), segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"), []byte{0xff}, segment(0xe1, "Exif\x00\x00"+data), picture[2:])
}

// turned has the rows of "abc", "def" as they should be seen, by orientation.
var turned = [...]string{"abc def", "cba fed", "fed cba", "def abc", "ad be cf", "da eb fc", "fc eb da", "cf be ad"}

func TestOrientation(t *testing.T) {
	const rows = "\x00abc\x00def"
	for o, want := range turned {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			for _, kind := range []uint16{shortType, longType} {
				data := hostile.PNG(3, 2, 8, 0, rows, "eXIf"+exif(order, kind, uint32(o)+1))
				shape, x, err := decodeImage(data, 24, newFloats)
				var got []string
				for i := range len(x) / shape[1] {
					row := ""
					for _, v := range x[i*shape[1] : (i+1)*shape[1]] {
						row += string(rune(v*255 + 0.5))
					}
					got = append(got, row)
				}
				if err != nil || strings.Join(got, " ") != want || shape[0] != len(got) {
					t.Errorf("%d, %v, type %d: %q of shape %v, %v, want %q", o+1, order, kind, got, shape, err, want)
				}
			}
		}
	}
}

// stored returns the pixel of a picture of w × h that should be seen at x, y.
func stored(o orientation, x, y, w, h int) (int, int) {
	if o > 4 {
		x, y = y, x
	}
	if slices.Contains([]orientation{2, 3, 7, 8}, o) {
		x = w - 1 - x
	}
	if slices.Contains([]orientation{3, 4, 6, 7}, o) {
		y = h - 1 - y
	}
	return x, y
}

// Every kind of picture is turned as the grey one is.
func TestOrientationOfKinds(t *testing.T) {
	const w, h = 5, 3
	rows := func(size int) string {
		var all []byte
		for y := range h {
			all = append(all, 0)
			for i := range w * size {
				all = append(all, byte(17*(y*w*size+i)))
			}
		}
		return string(all)
	}
	opaque := func(size, alpha int) string { // the last bytes of each pixel say that it is
		all := []byte(rows(size))
		for y := range h {
			for x := range w {
				at := y*(1+w*size) + 1 + (x+1)*size
				copy(all[at-alpha:at], "\xff\xff")
			}
		}
		return string(all)
	}
	palette := "PLTE" + strings.Repeat("\x01\x80\xfe\x33\x44\x55", 128)
	grey, colour := image.NewGray(image.Rect(0, 0, w, h)), image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for i := range grey.Pix {
		grey.Pix[i] = byte(16 * i)
	}
	for i := range colour.Y {
		colour.Y[i] = byte(16 * i)
	}
	png := func(depth, colourType byte, rows string, chunks ...string) func(string) []byte {
		return func(exif string) []byte {
			return hostile.PNG(w, h, depth, colourType, rows, append(chunks, "eXIf"+exif)...)
		}
	}
	jpeg := func(img image.Image) func(string) []byte {
		return func(exif string) []byte { return withEXIF(jpegFile(t, img), exif) }
	}
	rgb := image.NewRGBA(grey.Rect)
	for i := range w * h {
		rgb.Set(i%w, i/w, color.RGBA{byte(16 * i), byte(255 - 16*i), 7, 255})
	}
	for name, picture := range map[string]func(string) []byte{
		"grey 16": png(16, 0, rows(2)), "grey alpha 8": png(8, 4, opaque(2, 1)), "rgb 8": png(8, 2, rows(3)), "rgb 16": png(16, 2, rows(6)),
		"rgba 8": png(8, 6, opaque(4, 1)), "rgba 16": png(16, 6, opaque(8, 2)), "palette": png(8, 3, rows(1), palette),
		"grey JPEG": jpeg(grey), "colour JPEG": jpeg(rgb), "subsampled JPEG": jpeg(colour),
	} {
		shape, plain, err := decodeImage(picture(""), 1<<20, newFloats)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if slices.Max(plain) == slices.Min(plain) {
			t.Fatalf("%s: one colour", name)
		}
		for o := orientation(1); o <= 8; o++ {
			gotShape, got, err := decodeImage(picture(exif(binary.BigEndian, shortType, uint32(o))), 1<<20, newFloats)
			width, height := o.size(w, h)
			wantShape := append(slices.Clone(shape[:len(shape)-2]), height, width)
			if err != nil || !reflect.DeepEqual(gotShape, wantShape) {
				t.Fatalf("%s, %d: shape %v, %v, want %v", name, o, gotShape, err, wantShape)
			}
			for c := range len(plain) / (w * h) {
				for y := range height {
					for x := range width {
						fromX, fromY := stored(o, x, y, w, h)
						if got[c*w*h+y*width+x] != plain[c*w*h+fromY*w+fromX] {
							t.Fatalf("%s, %d: channel %d, row %d, column %d is %v", name, o, c, y, x, got[c*w*h+y*width+x])
						}
					}
				}
			}
		}
	}
}

func TestDamagedEXIF(t *testing.T) {
	whole := exif(binary.LittleEndian, shortType, 6)
	plain := hostile.PNG(3, 2, 8, 0, "\x00abc\x00def")
	for n := range len(whole) {
		for _, picture := range [][]byte{hostile.PNG(3, 2, 8, 0, "\x00abc\x00def", "eXIf"+whole[:n]), withEXIF(jpegFile(t, image.NewGray(image.Rect(0, 0, 3, 2))), whole[:n])} {
			shape, _, err := decodeImage(picture, 24, newFloats)
			turned := n >= strings.Index(whole, "\x12\x01")+12 // the entry is there
			if err != nil || (shape[0] == 3) != turned {
				t.Errorf("%d of %d bytes: shape %v, %v", n, len(whole), shape, err)
			}
		}
	}
	for name, data := range map[string]string{
		"0": exif(binary.BigEndian, shortType, 0), "9": exif(binary.BigEndian, shortType, 9), "65542": exif(binary.BigEndian, longType, 65542),
		"text": exif(binary.BigEndian, 2, 6), "beyond": "II*\x00\xff\xff\xff\xff", "at the end": "II*\x00\x08\x00\x00\x00", "no TIFF": "Exif", "nothing": "",
	} {
		if o := tiffOrientation([]byte(data)); o != 1 {
			t.Errorf("%s: orientation %d", name, o)
		}
	}
	for name, data := range map[string][]byte{
		"a chunk beyond the end": join(plain[:8], []byte("\xff\xff\xff\xffeXIf"), plain[8:]), "signature alone": plain[:8],
		"cut chunk": join(plain[:8], []byte("\x00\x00\x00\x1aeXIf" + whole)[:30]),
	} {
		if o := orientationOf("png", data); o != 1 {
			t.Errorf("%s: orientation %d", name, o)
		}
	}
	for name, data := range map[string]string{
		"scan first": "\xff\xd8\xff\xda\x00\x02" + "\xff\xe1\x00\x22Exif\x00\x00" + whole, "a segment beyond the end": "\xff\xd8\xff\xe1\xff\xffExif\x00\x00" + whole,
		"size 1": "\xff\xd8\xff\xe1\x00\x01Exif\x00\x00" + whole, "fill for ever": strings.Repeat("\xff", 1000), "no marker": "\xff\xd8 and so on",
	} {
		if o := orientationOf("jpeg", []byte(data)); o != 1 {
			t.Errorf("%s: orientation %d", name, o)
		}
	}
}

// TestOrientationAsPillow: PIL.ImageOps.exif_transpose turns pictures in the same way.
func TestOrientationAsPillow(t *testing.T) {
	dir := t.TempDir()
	py := golden.Python(t, "numpy", "PIL")
	grey := image.NewGray(image.Rect(0, 0, 24, 16))
	for i := range grey.Pix {
		grey.Pix[i] = byte(i % 24 * 10 / 3 * (i/24 + 1) / 8)
	}
	plain := jpegFile(t, grey)
	pictures := map[string][]byte{}
	for o := 1; o <= 8; o++ {
		pictures[fmt.Sprintf("%d.png", o)] = hostile.PNG(3, 2, 8, 0, "\x00abc\x00def", "eXIf"+exif(binary.BigEndian, shortType, uint32(o)))
		pictures[fmt.Sprintf("%d.jpg", o)] = withEXIF(plain, exif(binary.LittleEndian, shortType, uint32(o)))
	}
	for name, data := range pictures {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	golden.Run(t, dir, nil, py, "-c", `
import os, numpy as np
from PIL import Image, ImageOps
for name in os.listdir():
    np.save(name, np.array(ImageOps.exif_transpose(Image.open(name))))`)
	for name, data := range pictures {
		want, err := npy.Open(filepath.Join(dir, name+".npy"))
		if err != nil {
			t.Fatal(err)
		}
		values, err := want.Float32()
		if err != nil {
			t.Fatal(err)
		}
		shape, x, err := decodeImage(data, 1<<20, newFloats)
		if err != nil || !reflect.DeepEqual(shape, want.Shape) {
			t.Fatalf("%s: shape %v, %v, Pillow's %v", name, shape, err, want.Shape)
		}
		for i, v := range x {
			if d := v*255 - values[i]; d > 1.01 || d < -1.01 { // decoders of JPEG may differ in the last digit
				t.Fatalf("%s: value %d is %v, Pillow's %v", name, i, v*255, values[i])
			}
		}
	}
}
