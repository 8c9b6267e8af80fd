package stream

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"backdrop/internal/testkit/golden"
)

// painted returns a picture of w × h as PPM: like a photograph, with gradients, edges, texture and strong colours, or noise.
func painted(w, h int, noise bool) []byte {
	r := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	b := fmt.Appendf(nil, "P6\n%d %d\n255\n", w, h)
	for y := range h {
		for x := range w {
			for c := range 3 {
				u, v := float64(x)/float64(max(w, 16)), float64(y)/float64(max(h, 16))
				value := 128 + 90*math.Sin(5*u+float64(c)*2+3*v) + 12*math.Sin(float64(x*(c+1))/2)*math.Cos(float64(y)/3) + 10*r.NormFloat64()
				if math.Hypot(u-0.4, v-0.5) < 0.2 { // a disk of one strong colour
					value = []float64{250, 20, float64(200 * (x & 4) / 4)}[c]
				}
				if noise {
					value = 256 * r.Float64()
				}
				b = append(b, byte(min(max(value, 0), 255)))
			}
		}
	}
	return b
}

// pnm returns the values in a PGM or PPM picture.
func pnm(t *testing.T, data []byte) (channels, w, h int, values []byte) {
	t.Helper()
	var magic string
	var most int
	if _, err := fmt.Sscan(string(data[:min(len(data), 40)]), &magic, &w, &h, &most); err != nil || most != 255 {
		t.Fatalf("%.20q: %v", data, err)
	}
	channels = map[string]int{"P5": 1, "P6": 3}[magic]
	if channels == 0 || len(data) < channels*w*h {
		t.Fatalf("%.20q has %d bytes", data, len(data))
	}
	return channels, w, h, data[len(data)-channels*w*h:]
}

// differences counts by how many levels the values of a JPEG picture differ from those of djpeg, Debian's program of
// libjpeg-turbo.
func differences(t *testing.T, data []byte) (count [256]int) {
	t.Helper()
	channels, w, h, want := pnm(t, golden.Run(t, "", data, "djpeg", "-pnm"))
	shape, x, err := decodeImage(data, 1<<30, newFloats)
	if err != nil {
		t.Fatal(err)
	}
	if wantShape := []int{channels, h, w}; !slices.Equal(shape, wantShape[len(wantShape)-len(shape):]) || len(x) != len(want) {
		t.Fatalf("shape %v, djpeg's %v", shape, wantShape)
	}
	for i, v := range x {
		level := math.Round(255 * float64(v))
		if level != 255*float64(v) && math.Abs(level-255*float64(v)) > 1e-4 {
			t.Fatalf("value %d is %v, no level", i, v)
		}
		count[int(math.Abs(level-float64(want[i%(w*h)*channels+i/(w*h)])))]++
	}
	return count
}

// TestPixelsOfLibjpegTurbo: the pixels of JPEG pictures are those of libjpeg-turbo, so of Pillow, OpenCV and torchvision: of the
// way to full size and to RGB, exactly; only the inverse cosine transforms round differently, by one level of a component.
func TestPixelsOfLibjpegTurbo(t *testing.T) {
	golden.Programs(t, "cjpeg", "djpeg")
	type size struct{ w, h int }
	sizes := []size{{160, 120}, {129, 67}, {255, 33}}
	most := 20
	if testing.Short() {
		most = 2
	}
	for n := 1; n <= most; n++ {
		sizes = append(sizes, size{n, 21 - n}, size{n, n})
	}
	for _, mode := range []string{
		"-sample 2x2", "-sample 2x1", "-sample 1x2", "-sample 1x1", "-sample 4x1", "-sample 4x2", "-sample 2x2,2x1,2x1", "-sample 2x2,1x2,1x2", "-sample 4x1,2x1,2x1",
		"-sample 2x2 -progressive", "-sample 2x1 -progressive", "-sample 1x1 -progressive -restart 1", "-sample 2x1 -restart 1", "-sample 1x2 -optimize -restart 3B", "-grayscale", "-grayscale -progressive",
		"-rgb -sample 1x1", "-rgb -sample 2x2", "-rgb -sample 2x1", "-rgb -sample 1x2",
	} {
		t.Run(mode, func(t *testing.T) {
			var all [256]int
			for i, s := range sizes {
				for j, quality := range []string{"30", "95"} {
					data := golden.Run(t, "", painted(s.w, s.h, (i+j)%2 == 1), "cjpeg", strings.Fields("-quality "+quality+" "+mode)...)
					for d, n := range differences(t, data) {
						if all[d] += n; n > 0 && d > 3 {
							t.Errorf("%d × %d pixels, quality %s: %d values differ by %d", s.w, s.h, quality, n, d)
						}
					}
				}
			}
			t.Logf("values that differ by 0, 1, 2, … levels: %v", all[:5])
			if same := all[0]; same < 9*(all[1]+all[2]+all[3]) {
				t.Errorf("%v differ by 0, 1, 2, …: too many", all[:5])
			}
		})
	}
}

// Planes at half the size are interpolated; the numbers come from the formulas of jdsample.c by hand. A plane of two columns is
// repeated, and so is one at a quarter of the width.
func TestChroma(t *testing.T) {
	for _, c := range []struct {
		name  string
		ratio image.YCbCrSubsampleRatio
		w, h  int
		plane string
		want  []string
	}{
		{"4:4:4", image.YCbCrSubsampleRatio444, 2, 2, "\x01\x02\x03\x04", []string{"\x01\x02", "\x03\x04"}},
		{"4:2:2", image.YCbCrSubsampleRatio422, 5, 1, "\x00\x04\x0c", []string{"\x00\x01\x03\x06\x0a"}},
		{"4:2:2, rounded", image.YCbCrSubsampleRatio422, 6, 1, "\x00\x01\x03", []string{"\x00\x00\x01\x02\x02\x03"}},
		{"4:2:2 of two columns", image.YCbCrSubsampleRatio422, 4, 1, "\x00\x08", []string{"\x00\x00\x08\x08"}},
		{"4:4:0", image.YCbCrSubsampleRatio440, 1, 5, "\x00\x04\x0e", []string{"\x00", "\x01", "\x03", "\x07", "\x0b"}},
		{"4:4:0 of one row", image.YCbCrSubsampleRatio440, 2, 2, "\x05\x06", []string{"\x05\x06", "\x05\x06"}},
		{"4:2:0", image.YCbCrSubsampleRatio420, 6, 4, "\x00\x10\x20\x40\x50\x60",
			[]string{"\x00\x04\x0c\x14\x1c\x20", "\x10\x14\x1c\x24\x2c\x30", "\x30\x34\x3c\x44\x4c\x50", "\x40\x44\x4c\x54\x5c\x60"}},
		{"4:2:0 of two columns", image.YCbCrSubsampleRatio420, 3, 3, "\x00\x10\x40\x50", []string{"\x00\x00\x10", "\x00\x00\x10", "\x40\x40\x50"}},
		{"4:1:1", image.YCbCrSubsampleRatio411, 9, 1, "\x00\x08\x10", []string{"\x00\x00\x00\x00\x08\x08\x08\x08\x10"}},
		{"4:1:0", image.YCbCrSubsampleRatio410, 4, 3, "\x01\x02", []string{"\x01\x01\x01\x01", "\x01\x01\x01\x01", "\x02\x02\x02\x02"}},
	} {
		p := image.NewYCbCr(image.Rect(0, 0, c.w, c.h), c.ratio)
		copy(p.Cb, c.plane)
		planes := newChroma(p, c.w, c.h)
		for y, want := range c.want {
			if got := string(planes.row(p.Cb, y)[:c.w]); got != want {
				t.Errorf("%s, row %d: %q, want %q", c.name, y, got, want)
			}
		}
	}
}

// The colours of all chrominance are those of libjpeg's formulas in exact arithmetic, rounded as it rounds them.
func TestColours(t *testing.T) {
	p := image.NewYCbCr(image.Rect(0, 0, 256, 256), image.YCbCrSubsampleRatio444)
	for i := range 1 << 16 {
		p.Y[i], p.Cb[i], p.Cr[i] = byte(i*7), byte(i), byte(i>>8)
	}
	x := make([]float32, 3<<16)
	layout{256, 256, 0, 1, 256}.spreadYCbCr(x[:1<<16], x[1<<16:2<<16], x[2<<16:], p)
	for i := range 1 << 16 {
		y, cb, cr := float64(p.Y[i]), float64(p.Cb[i])-128, float64(p.Cr[i])-128
		for c, want := range []float64{y + 1.402*cr, y - 0.34414*cb - 0.71414*cr, y + 1.772*cb} {
			want = min(max(want, 0), 255)
			if got := 255 * float64(x[c<<16+i]); math.Abs(got-want) > 0.502 { // the factors have 16 bits
				t.Fatalf("channel %d of %v %v %v: %v, want %v", c, y, cb, cr, got, want)
			}
		}
	}
}
