package draw

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"

	"backdrop/internal/testkit/drawtest"
)

// checks is a field of black and white squares of 8×8 values.
func checks(h, w int) Field {
	f := NewField(h, w)
	for i := range f.Data {
		f.Data[i] = float32((i/w/8 + i%w/8) % 2)
	}
	return f
}

func sample() *Sheet {
	ramp := NewField(6, 64)
	for i := range ramp.Data {
		ramp.Data[i] = float32(i % 64)
	}
	ramp.Data[70] = nan
	lit := NewField(32, 32)
	for i := range lit.Data[512:] {
		lit.Data[i] = 1
	}
	return &Sheet{
		Title: "A sheet of panels",
		Notes: []string{"Three fields, one of them with a value that is not a number."},
		Panels: []Panel{
			{Title: "checks", Captions: []string{"4×4 cells of 8 px", "kept 50 %"},
				Pictures: []Picture{Heatmap{Field: checks(32, 32), Map: Viridis, Range: Range{0, 1}, Ruler: true, Outlines: []image.Rectangle{image.Rect(6, 6, 18, 18), image.Rect(-2, 28, 4, 40)}}}},
			{Title: "lit", Pictures: []Picture{Heatmap{Field: checks(32, 32), Map: Viridis, Range: Range{0, 1}, Lit: lit}}},
			{Title: "ramp", Pictures: []Picture{Heatmap{Field: ramp, Map: Inferno, Range: Span(ramp), Scale: Sqrt, Bar: true}}},
		},
	}
}

func TestGoldenSheet(t *testing.T) {
	var got bytes.Buffer
	if err := sample().Encode(&got); err != nil {
		t.Fatal(err)
	}
	drawtest.Golden(t, "testdata/sheet.png", got.Bytes())
}

func TestSheetIsDeterministic(t *testing.T) {
	var first, second bytes.Buffer
	if err := sample().Encode(&first); err != nil {
		t.Fatal(err)
	}
	if err := sample().Encode(&second); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two drawings of one sheet differ")
	}
}

// Panels must not overlap and must lie within a sheet of at most 1600 pixels, whatever their number and size.
func TestLayout(t *testing.T) {
	for _, size := range []int{8, 100, 128, 1000, 1024, 4096} {
		for n := 1; n <= 14; n++ {
			s := &Sheet{Title: "layout"}
			for i := range n {
				s.Panels = append(s.Panels, Panel{
					Title:    fmt.Sprintf("panel %d with a title that may need several lines in a column", i),
					Pictures: []Picture{Heatmap{Field: NewField(size, size), Map: Greys, Bar: i%3 == 1}},
					Captions: []string{"one", strings.Repeat("caption ", 3*i)},
				})
			}
			notes := s.panelNotes()
			s.arrange(notes)
			bounds, parts := s.layout(notes)
			if bounds.X > sheetWidth {
				t.Errorf("%d panels of %d: sheet is %d pixels wide", n, size, bounds.X)
			}
			var boxes []image.Rectangle
			for _, p := range parts {
				box := image.Rectangle{p.at, p.at.Add(p.size)}
				if !box.In(image.Rectangle{Max: bounds}) {
					t.Errorf("%d panels of %d: part %v leaves the sheet %v", n, size, box, bounds)
				}
				for _, other := range boxes {
					if box.Overlaps(other) {
						t.Errorf("%d panels of %d: parts %v and %v overlap", n, size, box, other)
					}
				}
				boxes = append(boxes, box)
			}
		}
	}
}

// The picture is where the layout says, in its colours, inside its frame.
func TestSheetShowsField(t *testing.T) {
	s := &Sheet{Title: "title", Panels: []Panel{{Title: "panel", Pictures: []Picture{Heatmap{Field: checks(16, 16), Map: Greys, Range: Range{0, 1}}}}}}
	img, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	_, parts := s.layout(s.panelNotes()) // as Image arranged it
	const side = 512                     // 16 values magnified 32 times
	at := image.Pt(-1, -1)
	for _, p := range parts {
		if p.size == image.Pt(side, side) {
			at = p.at
		}
	}
	for _, c := range []struct {
		x, y int
		want uint8
	}{{0, 0, 0}, {255, 0, 0}, {256, 0, 255}, {511, 0, 255}, {0, 255, 0}, {0, 256, 255}, {511, 511, 0}} {
		if got := img.RGBAAt(at.X+c.x, at.Y+c.y); got != (color.RGBA{c.want, c.want, c.want, 255}) {
			t.Errorf("pixel %d,%d of the picture: got %v, want %d", c.x, c.y, got, c.want)
		}
	}
	for _, p := range []image.Point{{-1, 5}, {side, 5}, {5, -1}, {5, side}} {
		if got := img.RGBAAt(at.X+p.X, at.Y+p.Y); got == (color.RGBA{255, 255, 255, 255}) || got.R == 0 {
			t.Errorf("no frame at %v: %v", p, got)
		}
	}
}

// A sheet is like a screen wherever whole groups of panels allow it, and frames of an animation are alike.
func TestSheetIsLikeAScreen(t *testing.T) {
	for _, c := range []struct{ panels, group, side int }{
		{4, 0, 1024}, {6, 0, 128}, {8, 0, 32}, {9, 0, 32}, {12, 0, 100}, {16, 0, 64}, {20, 0, 32}, {24, 3, 32}, {32, 4, 128}, {40, 0, 128},
	} {
		s := &Sheet{Title: "a sheet", Group: c.group, Notes: []string{"Seed 1, step 0, batch of 10."}}
		for range c.panels {
			s.Panels = append(s.Panels, Panel{
				Title:    "a panel",
				Pictures: []Picture{Heatmap{Field: NewField(c.side, c.side), Map: Greys, Ruler: true}},
				Captions: []string{"p = 0.8 on NHW: 10×8×8 cells", "a cell covers 4×4 px and sees 10×10 px (red)", "12 of 64 cells pass (18.8 %), times 5.2"},
			})
		}
		s.Arrange()
		size, _ := s.layout(s.panelNotes())
		aspect := float64(size.X) / float64(size.Y)
		t.Logf("%d panels of %d in groups of %d: %d columns, beside: %v, %v, %.2f", c.panels, c.side, c.group, s.Columns, s.Beside, size, aspect)
		if aspect < 1 || aspect > 2 || s.Columns%max(1, c.group) != 0 {
			t.Errorf("%d panels of %d in groups of %d: %d columns, %v, %.2f", c.panels, c.side, c.group, s.Columns, size, aspect)
		}
	}
}

func TestSheetTooLarge(t *testing.T) {
	s := &Sheet{Columns: 1, Panels: make([]Panel, 200)}
	h := Heatmap{Field: NewField(1024, 1024), Map: Greys}
	for i := range s.Panels {
		s.Panels[i].Pictures = []Picture{h}
	}
	var out bytes.Buffer
	err := s.Encode(&out)
	if err == nil || !strings.Contains(err.Error(), "a sheet of 200 panels has 1056×") || out.Len() > 0 {
		t.Errorf("200 panels of 1024 rows: got %v and %d bytes", err, out.Len())
	}
}

func BenchmarkSheet1024(b *testing.B) {
	s := &Sheet{Title: "benchmark"}
	for range 4 {
		s.Panels = append(s.Panels, Panel{Title: "panel", Pictures: []Picture{Heatmap{Field: checks(1024, 1024), Map: Viridis, Range: Range{0, 1}}}})
	}
	for b.Loop() {
		var out bytes.Buffer
		if err := s.Encode(&out); err != nil {
			b.Fatal(err)
		}
	}
}
