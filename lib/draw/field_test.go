package draw

import (
	"math"
	"slices"
	"testing"
)

var nan, inf = float32(math.NaN()), float32(math.Inf(1))

func TestSpan(t *testing.T) {
	a, b := Field{H: 1, W: 4, Data: []float32{nan, 2, inf, -1}}, Field{H: 1, W: 2, Data: []float32{5, -inf}}
	if got, want := Span(a, b), (Range{-1, 5}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Span(Field{H: 1, W: 1, Data: []float32{nan}}); got != (Range{}) {
		t.Errorf("no finite value: got %v, want zeros", got)
	}
}

func TestRobust(t *testing.T) {
	f := NewField(10, 10)
	for i := range f.Data {
		f.Data[i] = float32(99 - i)
	}
	f.Data[0], f.Data[99] = 1e6, -1e6 // in place of 99 and 0
	if got, want := Robust(0.01, f), (Range{1, 98}); got != want {
		t.Errorf("one value dropped on either side: got %v, want %v", got, want)
	}
	if got, want := Robust(0, f), (Range{-1e6, 1e6}); got != want {
		t.Errorf("none dropped: got %v, want %v", got, want)
	}
	f.Data[0], f.Data[99] = nan, inf
	if got, want := Robust(0, f), (Range{1, 98}); got != want {
		t.Errorf("not finite: got %v, want %v", got, want)
	}
}

func TestMissing(t *testing.T) {
	f := NewField(3, 4)
	if got := f.missing(); got != "" {
		t.Errorf("numbers alone: got %q", got)
	}
	f.Data[6], f.Data[11], f.Data[0] = nan, nan, inf
	if got, want := f.missing(), "2 of 12 values are not numbers (cyan), the first at row 1, column 2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestShrink(t *testing.T) {
	f := NewField(3, 5)
	for i := range f.Data {
		f.Data[i] = float32(i)
	}
	// Squares of 2×2 of 0…14 in rows of five: (0+1+5+6)/4 = 3, …; the last column is two high, the last row two wide.
	want := []float32{3, 5, 6.5, 10.5, 12.5, 14}
	if got := f.Shrink(2); got.H != 2 || got.W != 3 || !slices.Equal(got.Data, want) {
		t.Errorf("got %v, want 2×3 %v", got, want)
	}
	f.Data[0] = nan
	if got := f.Shrink(2).Data; !math.IsNaN(float64(got[0])) || got[1] != 5 {
		t.Errorf("a missing value must mark its pixel and no other: got %v", got)
	}
}
