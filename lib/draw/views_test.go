package draw

import (
	"bytes"
	"image"
	"image/color"
	"testing"

	"backdrop/internal/testkit/drawtest"
)

// faces are those of a sheet.
func faces() panelFaces {
	return panelFaces{newTypeface(bold, 15, ink), newTypeface(regular, 13, pale), newTypeface(regular, 11, pale)}
}

// paper draws a figure on white, with a margin.
func paper(fig figure) *image.RGBA {
	dst := image.NewRGBA(image.Rectangle{Max: fig.size.Add(image.Pt(2*margin, 2*margin))})
	for i := range dst.Pix {
		dst.Pix[i] = 255
	}
	for _, p := range fig.parts {
		p.paint(dst, p.at.Add(image.Pt(margin, margin)))
	}
	return dst
}

// A volume of 2 planes, 3 rows and 4 columns is drawn in one zoom: from the front 4×3, right of it 2×3, under it 4×2, each
// value where its neighbours along the edge between two views are the same.
func TestViewsShowVolume(t *testing.T) {
	v := count(2, 3, 4)
	at := [3]int{1, 2, 3}
	views := v.Slices(Heatmap{Map: Greys, Range: Range{0, 256}}, at, Volume{}, nil)
	const width, up = 186, 30 // (186 − 6) / (4+2)
	dst := paper(views.lay(faces(), width))
	grey := func(z, y, x int) color.RGBA {
		g := uint8(100*z + 10*y + x)
		return color.RGBA{g, g, g, 255}
	}
	pixel := func(x, y int) color.RGBA { return dst.RGBAAt(margin+x, margin+y) }
	for y := range 3 {
		for x := range 4 {
			if got, want := pixel(x*up+up/2, y*up+up/2), grey(at[0], y, x); got != want {
				t.Errorf("front, row %d, column %d: got %v, want %v", y, x, got, want)
			}
		}
		for z := range 2 {
			if got, want := pixel(4*up+viewGap+z*up+up/2, y*up+up/2), grey(z, y, at[2]); got != want {
				t.Errorf("side, row %d, plane %d: got %v, want %v", y, z, got, want)
			}
		}
	}
	for z := range 2 {
		for x := range 4 {
			if got, want := pixel(x*up+up/2, 3*up+viewGap+z*up+up/2), grey(z, at[1], x); got != want {
				t.Errorf("top, plane %d, column %d: got %v, want %v", z, x, got, want)
			}
		}
	}
}

// Views stay within the width that they have, however flat or long a volume is, and two of them stand beside each other where
// there is room.
func TestViewsFit(t *testing.T) {
	for _, size := range [][3]int{{1, 1, 1}, {8, 8, 8}, {5, 40, 60}, {1, 300, 2}, {512, 512, 512}, {2, 3, 5000}, {3000, 2, 1}} {
		if size[0] == 512 && testing.Short() {
			continue
		}
		v := NewVolume(size[0], size[1], size[2])
		views := v.Slices(Heatmap{Map: Greys, Range: Range{0, 1}, Bar: true}, [3]int{}, Volume{}, nil)
		for _, width := range []int{240, 380, 1568} {
			if got := views.lay(faces(), width).size.X; got > width {
				t.Errorf("%v in %d pixels: %d wide", size, width, got)
			}
			one := views.lay(faces(), width).size
			two := Panel{Pictures: []Picture{views, views}}.lay(faces(), width).size
			if beside := 2*one.X+figureGap <= width; beside != (two.Y == one.Y) {
				t.Errorf("%v in %d pixels: one is %v, two are %v", size, width, one, two)
			}
		}
	}
}

func TestGoldenViews(t *testing.T) {
	v := NewVolume(5, 20, 30)
	lit := NewVolume(5, 20, 30)
	for i := range v.Data {
		v.Data[i] = float32(i % 97)
		lit.Data[i] = float32(i / 7 % 2)
	}
	v.Data[2*600+100] = nan
	box := []Box{{{1, 4}, {3, 12}, {10, 22}}}
	h := Heatmap{Map: Viridis, Range: Span(v.Row()), Bar: true}
	slices := v.Slices(h, [3]int{2, 10, 15}, lit, box)
	slices.Caption = "slices"
	projections := Projections(Heatmap{Map: Viridis, Range: Range{0, 1}, Bar: true}, lit.Project(Average), box)
	projections.Caption = "projections"
	s := &Sheet{Title: "A volume", Panels: []Panel{{Title: "half of it in the light", Pictures: []Picture{slices, projections}, Captions: []string{"5 planes"}}}}
	var got bytes.Buffer
	if err := s.Encode(&got); err != nil {
		t.Fatal(err)
	}
	drawtest.Golden(t, "testdata/views.png", got.Bytes())
}
