// Package drawtest compares pictures with golden ones in tests.
//
// To renew them, run the tests of one package with -update and look at the pictures before committing:
//
//	go test ./lib/draw -update
package drawtest

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "draw the golden pictures anew")

// shade is how far a channel may be off: text is anti-aliased with float32 arithmetic that a compiler may fuse.
const shade = 2

// Golden fails the test unless got, a PNG, shows the pixels of the golden picture in the file.
func Golden(t testing.TB, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a, b := Decode(t, got), Decode(t, want)
	if a.Bounds() != b.Bounds() {
		t.Fatalf("%s: got %v, want %v", file, a.Bounds(), b.Bounds())
	}
	for y := range b.Bounds().Max.Y {
		for x := range b.Bounds().Max.X {
			if p, q := At(a, x, y), At(b, x, y); max(delta(p.R, q.R), delta(p.G, q.G), delta(p.B, q.B)) > shade {
				t.Fatalf("%s: pixel %d,%d: got %v, want %v", file, x, y, p, q)
			}
		}
	}
}

// Decode reads a PNG.
func Decode(t testing.TB, data []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// At returns a pixel, whatever kind of image it is in.
func At(img image.Image, x, y int) color.RGBA {
	return color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
}

func delta(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
