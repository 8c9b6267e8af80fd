package draw

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"testing"

	"backdrop/internal/testkit/drawtest"
)

func TestStretch(t *testing.T) {
	for _, c := range []struct {
		n, width int
		want     zoom
	}{
		{16, 1500, zoom{93, 1}}, {500, 1500, zoom{3, 1}}, {1500, 1500, zoom{1, 1}}, {1501, 1500, zoom{1, 2}},
		{65536, 1500, zoom{1, 64}}, // 44 would do, 64 divides
		{65537, 1500, zoom{1, 44}}, // a prime number
		{1, 1500, zoom{1500, 1}},
	} {
		if got := stretch(c.n, c.width); got != c.want {
			t.Errorf("%d values in %d pixels: got %v, want %v", c.n, c.width, got, c.want)
		}
	}
}

// lane paints a line in a lane 111 pixels high, in which a value of 0 is in pixel 105 from above and one of 1 in pixel 5.
func lane(line, lit []float32, z zoom) *image.RGBA {
	c := Curves{Lines: [][]float32{line}, Lit: lit}
	r := image.Rect(0, 0, z.size(1, len(line)).X, 101+2*lanePad)
	dst := image.NewRGBA(r)
	c.paint(dst, r, line, Range{0, 1}, z)
	return dst
}

// inked returns the first and last row of a column that are of the colour.
func inked(img *image.RGBA, x int, c color.RGBA) (first, last int) {
	first, last = -1, -1
	for y := range img.Rect.Dy() {
		if img.RGBAAt(x, y) == c {
			if first < 0 {
				first = y
			}
			last = y
		}
	}
	return first, last
}

// Plain lines are on white paper, in the colour of lit ones.
func TestPlainCurves(t *testing.T) {
	line := []float32{0, 1, 1}
	r := image.Rect(0, 0, 30, 101+2*lanePad)
	dst := image.NewRGBA(r)
	Curves{Lines: [][]float32{line}, Plain: true}.paint(dst, r, line, Range{0, 1}, zoom{10, 1})
	if got := dst.RGBAAt(25, 50); got != white {
		t.Errorf("the paper is %v", got)
	}
	if first, _ := inked(dst, 25, litLine); first < 0 {
		t.Error("there is no line")
	}
}

// A column of pixels for four values reaches from the least to the largest of them, and of the one before.
func TestCurveEnvelope(t *testing.T) {
	img := lane([]float32{0.5, 0.25, 0.75, 0.5, 0, 0, 0, 0, 1, 1, 1, 1}, nil, zoom{1, 4})
	for x, want := range [][2]float64{{0.25, 0.75}, {0, 0.5}, {0, 1}} {
		first, last := inked(img, x, litLine)
		if top, bottom := lanePad+100*(1-want[1]), lanePad+100*(1-want[0]); math.Abs(float64(first)-top) > 1 || math.Abs(float64(last)-bottom) > 1 {
			t.Errorf("column %d: from %d to %d, want from %v to %v", x, first, last, top, bottom)
		}
		if got := img.RGBAAt(x, 0); got != litPaper {
			t.Errorf("column %d: paper is %v", x, got)
		}
	}
}

// Magnified, the line runs from the middle of one value to that of the next, and its colours change between them.
func TestCurveMagnified(t *testing.T) {
	img := lane([]float32{0, 1, 1}, []float32{0, 1, 1}, zoom{20, 1})
	// From 10 to 30 it rises by 5 pixels a column.
	for _, c := range []struct {
		x, y int
		ink  color.RGBA
	}{{11, 105 - 8, unlitLine}, {15, 105 - 28, unlitLine}, {19, 105 - 48, unlitLine}, {20, 105 - 53, litLine}, {25, 105 - 78, litLine}, {40, 5, litLine}} {
		if got := img.RGBAAt(c.x, c.y); got != c.ink {
			t.Errorf("pixel %d,%d: got %v, want %v", c.x, c.y, got, c.ink)
		}
	}
	for x, want := range map[int]color.RGBA{0: white, 19: white, 20: litPaper, 59: litPaper} {
		if got := img.RGBAAt(x, 2); got != want {
			t.Errorf("paper in column %d: got %v, want %v", x, got, want)
		}
	}
	for _, x := range []int{2, 57} { // before the first value and behind the last there is no line
		for y := range 111 {
			if got := img.RGBAAt(x, y); got != white && got != litPaper {
				t.Errorf("pixel %d,%d: got %v", x, y, got)
			}
		}
	}
}

// Of four places in a column, one is lit: a quarter of the colours.
func TestCurveShare(t *testing.T) {
	img := lane([]float32{0, 0, 0, 0}, []float32{0, 1, 0, 0}, zoom{1, 4})
	if got, want := img.RGBAAt(0, 50), mix(white, litPaper, 0.25); got != want {
		t.Errorf("paper: got %v, want %v", got, want)
	}
	if got, want := img.RGBAAt(0, 105), mix(unlitLine, litLine, 0.25); got != want {
		t.Errorf("line: got %v, want %v", got, want)
	}
}

// A value that is not a number colours all of its column, whatever shares it; infinite ones lie at the edge.
func TestCurveMissing(t *testing.T) {
	for _, z := range []zoom{{1, 2}, {4, 1}} {
		line := []float32{0, 0, 0.5, nan, 1, 1}
		img := lane(line, nil, z)
		for x := range img.Rect.Dx() {
			missing := x/z.up == 1
			if z.up > 1 {
				missing = x/z.up == 3
			}
			first, last := inked(img, x, Missing)
			if missing && (first != 0 || last != 110) || !missing && first >= 0 {
				t.Errorf("zoom %v, column %d: cyan from %d to %d", z, x, first, last)
			}
		}
	}
	img := lane([]float32{float32(inf), 0.5, float32(-inf)}, nil, zoom{1, 1})
	if first, _ := inked(img, 0, litLine); math.Abs(float64(first)-5) > 1 {
		t.Errorf("infinity is drawn at %d", first)
	}
	if _, last := inked(img, 2, litLine); math.Abs(float64(last)-105) > 1 {
		t.Errorf("minus infinity is drawn at %d", last)
	}
	c := Curves{Lines: [][]float32{{0, 0, 0}, {0, nan, nan}}, Names: []string{"a", "b"}}
	if got, want := c.note(), "2 of 6 values are not numbers (cyan), the first at point 1 of b"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	c.Names = nil
	if got, want := (Curves{Lines: [][]float32{{0, nan}}}).note(), "1 of 2 values are not numbers (cyan), the first at point 1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A strip is as high for 3 values as for 3000, and as wide as the curves of its length.
func TestStrip(t *testing.T) {
	for _, n := range []int{3, 3000} {
		h := Heatmap{Field: NewField(1, n), Map: Greys, Range: Range{0, 1}, Outlines: []image.Rectangle{image.Rect(0, 0, n/3, 1)}}
		for i := range h.Data {
			h.Data[i] = float32(3 * i / n % 2)
		}
		dst := paper(Strip{h}.lay(faces(), 668))
		third := 600 / 3
		if n == 3000 { // 5 values a pixel
			third = 200
		}
		black, bright := color.RGBA{0, 0, 0, 255}, color.RGBA{255, 255, 255, 255}
		for _, c := range []struct {
			x, y int
			want color.RGBA
		}{{third / 2, 16, black}, {third + 5, 3, bright}, {2*third - 1, 31, bright}, {2*third + 5, 16, black}, {third / 2, 0, red}, {third / 2, 31, red}, {0, 16, red}, {third - 1, 16, red}} {
			if got := dst.RGBAAt(margin+c.x, margin+c.y); got != c.want {
				t.Errorf("%d values, pixel %d,%d: got %v, want %v", n, c.x, c.y, got, c.want)
			}
		}
	}
}

// Numbers under a sequence stand at round points, within the sheet.
func TestPointMarks(t *testing.T) {
	face := newTypeface(regular, 11, pale)
	for _, c := range []struct {
		n, width    int
		first, last mark
	}{
		{500, 1500, mark{0, 0, "0"}, mark{1499, 2, "500 points"}},
		{65536, 1500, mark{0, 0, "0"}, mark{938, 1, "60000 points"}},
		{16, 1500, mark{0, 0, "0"}, mark{1395, 1, "15 points"}},
		{1, 1500, mark{0, 0, "0"}, mark{1499, 2, "1 points"}},
	} {
		z := stretch(c.n, c.width)
		marks := face.points(c.n, z, z.size(1, c.n).X)
		if marks[0] != c.first || marks[len(marks)-1] != c.last {
			t.Errorf("%d values: got %v", c.n, marks)
		}
	}
}

func TestGoldenCurves(t *testing.T) {
	var lines [][]float32
	lit := make([]float32, 200)
	for c := range 2 {
		line := make([]float32, len(lit))
		for i := range line {
			line[i] = float32(math.Round(math.Sin(float64(i)/20)*100)) * float32(c+1)
			lit[i] = float32(i / 30 % 2)
		}
		lines = append(lines, line)
	}
	lines[1][77] = nan
	strength := Field{H: 1, W: len(lit), Data: lit}
	s := &Sheet{Title: "A sequence", Panels: []Panel{{
		Title:    "two channels",
		Pictures: []Picture{Curves{Lines: lines, Names: []string{"channel 0", "channel 1"}, Lit: lit}, Strip{Heatmap{Field: strength, Map: Inferno, Range: Range{0, 1}, Bar: true, Ruler: true}}},
		Captions: []string{"one", "another"},
	}}}
	var got bytes.Buffer
	if err := s.Encode(&got); err != nil {
		t.Fatal(err)
	}
	drawtest.Golden(t, "testdata/curves.png", got.Bytes())
}
