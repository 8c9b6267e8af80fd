package draw

import (
	"image"
	"slices"
	"testing"
)

// A picture whose values are cells names places, and frames them.
func TestCellsNamePlaces(t *testing.T) {
	v := Volume{D: 2, H: 3, W: 4, Data: make([]float32, 24), Cells: Cells{Size: 5, D: 7, H: 15, W: 18, Missing: 2, First: 15*18 + 18 + 3}}
	if got, want := v.missing(), "2 of 1890 values are not numbers (cyan), the first at plane 1, row 1, column 3"; got != want {
		t.Errorf("volume: got %q, want %q", got, want)
	}
	views := v.Slices(Heatmap{Map: Greys}, [3]int{6, 4, 10}, Volume{}, []Box{{{5, 7}, {1, 6}, {3, 18}}})
	for axis, want := range [][2]int{{15, 18}, {7, 18}, {15, 7}} {
		if h, w := views.Along[axis].places(); h != want[0] || w != want[1] {
			t.Errorf("along axis %d there are %d×%d places, want %v", axis, h, w, want)
		}
	}
	front := views.Along[axisD]
	if want := image.Rect(0, 0, 4, 2); len(front.Outlines) != 1 || front.Cells.cover(front.Outlines[0]) != want {
		t.Errorf("frames %v, want that of cells %v", front.Outlines, want)
	}
	f := Field{H: 2, W: 2, Data: make([]float32, 4), Cells: Cells{Size: 3, D: 1, H: 5, W: 6, Missing: 1, First: 13}}
	if got, want := (Heatmap{Field: f}).note(), "1 of 30 values are not numbers (cyan), the first at row 2, column 1"; got != want {
		t.Errorf("image: got %q, want %q", got, want)
	}
	c := Curves{Lines: [][]float32{make([]float32, 8), make([]float32, 8)}, Names: []string{"a", "b"}, Cells: Cells{Size: 6, D: 1, H: 1, W: 12, Missing: 1, First: 15}}
	if c.check(); c.note() != "1 of 24 values are not numbers (cyan), the first at point 3 of b" {
		t.Errorf("curves: got %q", c.note())
	}
}

// Where several values share a pixel, it can show the largest.
func TestShrinkToLargest(t *testing.T) {
	f := Field{H: 2, W: 5, Data: []float32{1, -2, -3, -4, nan, 0, 5, -7, -6, 2}}
	if got := f.shrink(2, Largest).Data; !slices.Equal(got[:2], []float32{5, -3}) || !isNaN(got[2]) {
		t.Errorf("got %v", got)
	}
}
