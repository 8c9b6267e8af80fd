package stream

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"reflect"
	"strings"
	"testing"

	"backdrop/internal/testkit/hostile"
)

func newFloats(n int) []float32 { return make([]float32, n) }

func TestPictures(t *testing.T) {
	const grey, rgb, palette, greyAlpha, rgba = 0, 2, 3, 4, 6
	for _, c := range []struct {
		name  string
		data  []byte
		shape []int
		x     []float32
	}{
		{"grey 1", hostile.PNG(3, 1, 1, grey, "\x00\xa0"), []int{1, 3}, []float32{1, 0, 1}},
		{"grey 8", hostile.PNG(2, 2, 8, grey, "\x00\x00\xff\x00\x33\x66"), []int{2, 2}, []float32{0, 1, 51. / 255, 102. / 255}},
		{"grey 16", hostile.PNG(2, 1, 16, grey, "\x00\x00\x01\xff\xff"), []int{1, 2}, []float32{1. / 65535, 1}},
		{"grey alpha 8", hostile.PNG(2, 1, 8, greyAlpha, "\x00\x33\xff\x66\xff"), []int{1, 2}, []float32{51. / 255, 102. / 255}},
		{"grey alpha 16", hostile.PNG(1, 2, 16, greyAlpha, "\x00\x00\x01\xff\xff\x00\xff\xff\xff\xff"), []int{2, 1}, []float32{1. / 65535, 1}},
		{"rgb 8", hostile.PNG(2, 1, 8, rgb, "\x00\x00\x33\x66\xff\x99\xcc"), []int{3, 1, 2}, []float32{0, 1, 51. / 255, 153. / 255, 102. / 255, 204. / 255}},
		{"rgb 16", hostile.PNG(1, 1, 16, rgb, "\x00\x00\x01\x00\x02\xff\xff"), []int{3, 1, 1}, []float32{1. / 65535, 2. / 65535, 1}},
		{"rgba 8", hostile.PNG(1, 2, 8, rgba, "\x00\x00\x33\x66\xff\x00\xff\xff\xff\xff"), []int{3, 2, 1}, []float32{0, 1, 51. / 255, 1, 102. / 255, 1}},
		{"rgba 16", hostile.PNG(1, 1, 16, rgba, "\x00\x00\x01\x00\x02\xff\xff\xff\xff"), []int{3, 1, 1}, []float32{1. / 65535, 2. / 65535, 1}},
		{"palette", hostile.PNG(2, 1, 8, palette, "\x00\x01\x00", "PLTE\x00\x33\x66\xff\xff\xff"), []int{3, 1, 2}, []float32{1, 0, 1, 51. / 255, 1, 102. / 255}},
	} {
		t.Run(c.name, func(t *testing.T) {
			shape, x, err := decodeImage(c.data, 1<<20, newFloats)
			if err != nil || !reflect.DeepEqual(shape, c.shape) || !reflect.DeepEqual(x, c.x) {
				t.Errorf("got %v %v, %v; want %v %v", shape, x, err, c.shape, c.x)
			}
		})
	}
}

func jpegFile(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// JPEG preserves a single colour except for rounding: with the tables of quality 100, which are all ones, and in the
// conversion to YCbCr and back, together by less than 2 of 255.
func TestJPEG(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 5, 3))
	colour := image.NewRGBA(image.Rect(0, 0, 5, 3))
	for y := range 3 {
		for x := range 5 {
			grey.SetGray(x, y, color.Gray{Y: 51})
			colour.Set(x, y, color.RGBA{R: 255, G: 51, B: 102, A: 255})
		}
	}
	for _, c := range []struct {
		img   image.Image
		shape []int
		want  []float64
	}{
		{grey, []int{3, 5}, []float64{0.2}},
		{colour, []int{3, 3, 5}, []float64{1, 0.2, 0.4}},
	} {
		shape, x, err := decodeImage(jpegFile(t, c.img), 1<<20, newFloats)
		if err != nil || !reflect.DeepEqual(shape, c.shape) || len(x) != 15*len(c.want) {
			t.Fatalf("shape %v, %d values, %v", shape, len(x), err)
		}
		for i, v := range x {
			if !(math.Abs(float64(v)-c.want[i/15]) < 2./255) {
				t.Fatalf("%v: value %d is %v, want %v", shape, i, v, c.want[i/15])
			}
		}
	}
}

// A JPEG that is cut in its scan is called cut, wherever that is: saving it again would not help.
func TestCutJPEG(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * i)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	for part := 30; part < 95; part += 5 {
		_, _, err := decodeImage(b.Bytes()[:b.Len()*part/100], 1<<20, func(n int) []float32 { return make([]float32, n) })
		if err == nil || !strings.Contains(err.Error(), "the picture is cut") {
			t.Errorf("%d %%: %v", part, err)
		}
	}
}

func TestRefusedPictures(t *testing.T) {
	small := jpegFile(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	huge := hostile.JPEG(65535, 65535)
	for _, c := range []struct {
		name  string
		data  []byte
		limit int64
		want  string
	}{
		{"transparent", hostile.PNG(1, 1, 8, 6, "\x00\x01\x02\x03\xfe"), 1 << 20, "png: picture is transparent in places; flatten it"},
		{"transparent colour", hostile.PNG(1, 1, 8, 0, "\x00\x07", "tRNS\x00\x07"), 1 << 20, "png: picture is transparent"},
		{"over the limit", hostile.PNG(257, 1, 8, 0, ""), 1024, "png: 257 × 1 pixels are more than 1 KiB as float32"},
		{"colour over the limit", hostile.PNG(86, 1, 8, 2, ""), 1024, "png: 86 × 1 pixels are more"},
		{"2²⁸ squared", hostile.PNG(1<<28, 1<<28, 8, 2, ""), 1 << 40, "pixels are more than"},
		{"gibibyte from nothing", hostile.PNG(1<<14, 1<<14, 8, 0, ""), 1 << 30, "bytes cannot hold 16384 × 16384 pixels"},
		{"huge JPEG", huge, 1 << 30, "jpeg: 65535 × 65535 pixels are more than"},
		{"huge JPEG from nothing", huge, 1 << 40, "bytes cannot hold 65535 × 65535 pixels"},
		{"empty", nil, 1 << 20, "neither PNG, JPEG nor TIFF"},
		{"no pixels", hostile.PNG(0, 1, 8, 0, ""), 1 << 20, "png: "},
		{"cut PNG", hostile.PNG(8, 8, 8, 0, strings.Repeat("\x00", 72))[:60], 1 << 20, "png: "},
		{"cut JPEG", small[:len(small)/2], 1 << 20, "jpeg: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			var err error
			cost := hostile.Allocated(func() { _, _, err = decodeImage(c.data, c.limit, newFloats) })
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if cost > 1<<20 {
				t.Errorf("%d bytes of picture cost %d bytes", len(c.data), cost)
			}
		})
	}
}

func TestPictureSamples(t *testing.T) {
	picture := string(hostile.PNG(2, 1, 8, 0, "\x00\x00\xff"))
	data := hostile.Archive(hostile.Entry{Name: "cats/1.PNG", Data: picture}, hostile.Entry{Name: "cats/1.cls", Data: "cat"})
	_, samples, err := readSamples(bytes.NewReader(data), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	sameSamples(t, samples, []*Sample{{Key: "cats/1", Shape: []int{1, 2}, Axes: "HW", X: []float32{0, 1}, LabelText: "cat"}})
}
