package draw

import (
	"image/color"
	"testing"
)

func TestPhotoHasItsColours(t *testing.T) {
	of := func(values ...float32) Field { return Field{H: 2, W: 2, Data: values} }
	s := &Sheet{Columns: 1, Side: 100, Panels: []Panel{{Pictures: []Picture{Photo{Channels: [3]Field{of(0, 0.5, 2, 0.1), of(0.25, 0, 1, 0.2), of(1, -1, 1, 0.4)}}}}}}
	img, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[color.RGBA]int{}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			counts[img.RGBAAt(x, y)]++
		}
	}
	for _, c := range []color.RGBA{{0, 64, 255, 255}, {128, 0, 0, 255}, {26, 51, 102, 255}} {
		if counts[c] != 50*50 {
			t.Errorf("%d pixels are %v", counts[c], c)
		}
	}
}

func TestPhotoOfMoreValuesThanPixels(t *testing.T) {
	f := NewField(200, 200)
	for i := range f.Data {
		f.Data[i] = float32(i % 2)
	}
	s := &Sheet{Columns: 1, Side: 100, Panels: []Panel{{Pictures: []Picture{Photo{Channels: [3]Field{f, f, f}}}}}}
	img, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	grey := 0
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if img.RGBAAt(x, y) == (color.RGBA{128, 128, 128, 255}) {
				grey++
			}
		}
	}
	if grey != 100*100 {
		t.Errorf("%d pixels are the mean of black and white", grey)
	}
}
