package main

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"backdrop/formats/model"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/internal/testkit/drawtest"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
)

// counted is a sample whose values are their numbers.
func counted(in net.Shape) *pixels.Memory {
	m := &pixels.Memory{Values: make([]float32, in.Len()), Count: in.Size().Product()}
	for i := range m.Values {
		m.Values[i] = float32(i)
	}
	return m
}

func TestThumbs(t *testing.T) {
	for _, c := range []struct {
		in     net.Shape
		fields int
		h, w   int
		first  []float32 // value of each field
	}{
		{net.Shape{C: 1, H: 2, W: 3}, 1, 2, 3, []float32{0}},
		{net.Shape{C: 3, H: 2, W: 2}, 3, 2, 2, []float32{0, 4, 8}},
		{net.Shape{C: 2, H: 2, W: 2}, 1, 2, 2, []float32{2}},             // the mean of 0 and 4
		{net.Shape{C: 1, D: 5, H: 2, W: 3}, 1, 2, 3, []float32{12}},      // plane 2
		{net.Shape{C: 3, D: 2, H: 1, W: 1}, 1, 1, 1, []float32{3}},       // the mean of 1, 3 and 5, of plane 1
		{net.Shape{C: 1, H: 512, W: 300}, 1, 256, 150, []float32{150.5}}, // the mean of 0, 1, 300, 301
		{net.Shape{C: 1, H: 3, W: 100000}, 1, 1, 256, []float32{100195}}, // squares of 391, three rows high
	} {
		got := newThumb(counted(c.in), c.in)
		if len(got.fields) != c.fields {
			t.Errorf("%v: %d fields", c.in, len(got.fields))
			continue
		}
		for i, f := range got.fields {
			if f.H != c.h || f.W != c.w || len(f.Data) != c.h*c.w || f.Data[0] != c.first[i] {
				t.Errorf("%v: field %d is %d×%d from %v, want %d×%d from %v", c.in, i, f.H, f.W, f.Data[0], c.h, c.w, c.first[i])
			}
		}
	}
}

// A long sequence keeps the first value, the least, the largest and the last of each stretch.
func TestThumbsOfSequences(t *testing.T) {
	in := net.Shape{C: 4, W: 5}
	if got := newThumb(counted(in), in).lines; len(got.Lines) != 3 || !slices.Equal(got.Lines[2], []float32{10, 11, 12, 13, 14}) || got.Cells.Size != 0 {
		t.Errorf("got %v", got)
	}
	in = net.Shape{C: 1, W: 3*thumbCells - 1}
	x := counted(in)
	x.Values[4] = -7
	got := newThumb(x, in).lines
	if n := len(got.Lines[0]); n != 4*thumbCells || !slices.Equal(got.Lines[0][4:8], []float32{3, -7, 5, 5}) || got.Cells.Size != 3 || got.Cells.W != in.W {
		t.Errorf("%d values, %v", n, got.Lines[0][:8])
	}
	if last := float32(in.W - 1); !slices.Equal(got.Lines[0][4*thumbCells-4:], []float32{last - 1, last - 1, last, last}) {
		t.Errorf("the last stretch is %v", got.Lines[0][4*thumbCells-4:])
	}
}

func TestRaw(t *testing.T) {
	in := net.Shape{C: 3, H: 2, W: 2}
	was := scale.Normalisation{Mean: []float32{3, 100, -1}, Std: []float32{0.5, 60, 1}}
	want, m := counted(in).Values, counted(in)
	was.Apply(m.Values, m.Values)
	got := make([]float32, 2*4)
	for c := range in.C {
		raw{m, was}.Pixels(got, 2, c, 1, 4)
		for i := range 3 {
			if v := want[4*c+1+i]; math.Abs(float64(got[2*i]-v)) > 1e-5 {
				t.Errorf("channel %d: %v, want %v", c, got[2*i], v)
			}
		}
	}
}

func TestColourRange(t *testing.T) {
	of := func(values ...float32) judgedSample {
		return judgedSample{picture: newThumb(&pixels.Memory{Values: values, Count: 1}, net.Shape{C: len(values), H: 1, W: 1})}
	}
	for _, c := range []struct {
		samples []judgedSample
		want    float32
	}{
		{[]judgedSample{of(0, 0.5, 1), of(0, 0, 0)}, 1},
		{[]judgedSample{of(0, 1, 1), of(0, 0, 255.00002)}, 255},
		{[]judgedSample{of(0, 0.5, 1), of(0, 0, 255)}, 0}, // not bytes
		{[]judgedSample{of(0, 1, 1), of(0, 0, 256)}, 0},
		{[]judgedSample{of(-0.1, 0.5, 1)}, 0},
		{[]judgedSample{of(0.5)}, 0},
		{[]judgedSample{of(0.5, 0, 0, 1)}, 0},
	} {
		if got := colourRange(c.samples); got != c.want {
			t.Errorf("got %v, want %v", got, c.want)
		}
	}
}

// The command draws samples as they came, whatever the network makes of them: in memory, where they are normalised, and in a file.
func TestWorstSheetShowsColours(t *testing.T) {
	dir := t.TempDir()
	name := func(file string) string { return filepath.Join(dir, file) }
	m := &model.Model{
		Network: "input c=3 h=8 w=8\ngap\nlinear out=2\n", Classes: []string{"no", "yes"},
		Mean: []float32{100, 90, 80}, Std: []float32{50, 60, 70},
		Params: []model.Param{{Name: "1.weight", Shape: []int{2, 3}, Data: []float32{1, 0, 0, 0, 1, 0}}, {Name: "1.bias", Shape: []int{2}, Data: []float32{0, 0}}},
	}
	out := must(os.Create(name("m")))
	check(m.Write(out))
	check(out.Close())
	shades := []color.RGBA{{200, 30, 10, 255}, {10, 220, 90, 255}, {0, 0, 255, 255}}
	var x []float32
	for _, c := range shades {
		for _, v := range []uint8{c.R, c.G, c.B} {
			x = append(x, slices.Repeat([]float32{float32(v)}, 64)...)
		}
	}
	out = must(os.Create(name("x.npy")))
	check(npy.WriteFloat32(out, []int{3, 3, 8, 8}, x))
	check(out.Close())
	out = must(os.Create(name("y.npy")))
	check(npy.WriteInt64(out, []int{3}, []int64{1, 0, 0}))
	check(out.Close())
	out = must(os.Create(name("x.tar.zst")))
	w := must(stream.NewWriter(out, stream.Zstd))
	for i, label := range []int{1, 0, 0} {
		check(w.WriteSample(&stream.Sample{Key: fmt.Sprintf("%06d", i), Shape: []int{3, 8, 8}, X: x[i*192:][:192], Label: label, HasLabel: true}, npy.Float32))
	}
	check(w.Close())
	check(out.Close())

	small := pixels.Small
	t.Cleanup(func() { pixels.Small = small })
	var sheets []image.Image
	for i, args := range [][]string{{name("x.npy"), "--labels", name("y.npy")}, {name("x.npy"), "--labels", name("y.npy")}, {name("x.tar.zst")}} {
		if pixels.Small = small; i == 1 {
			pixels.Small = 0
		}
		bdeval(t, append([]string{"-m", name("m"), "--metrics", "none", "--worst", "2", "--worst-sheet", name("sheet.png")}, args...)...)
		sheets = append(sheets, drawtest.Decode(t, must(os.ReadFile(name("sheet.png")))))
	}
	for i, sheet := range sheets {
		counts := map[color.RGBA]int{}
		for y := range sheet.Bounds().Dy() {
			for x := range sheet.Bounds().Dx() {
				counts[drawtest.At(sheet, x, y)]++
			}
		}
		for k, shade := range shades {
			if want := k < 2; (counts[shade] == thumbSide*thumbSide) != want || counts[shade] > 0 != want {
				t.Errorf("sheet %d: colour %v has %d pixels; the worst two samples of three are shown", i, shade, counts[shade])
			}
		}
	}
}
