package thumbnail

import (
	"testing"

	"backdrop/lib/draw"
)

func TestThumbnail(t *testing.T) {
	of := func(x []float32, shape []int) draw.Field {
		t := New(shape, 1600)
		for ; len(x) > 5; x = x[5:] { // in parts that are no rows
			t.Add(x[:5])
		}
		t.Add(x)
		return t.Field()
	}
	x := make([]float32, 4*3*2)
	for i := range x {
		x[i] = float32(i)
	}
	for _, c := range []struct {
		shape []int
		h, w  int
		first float32
	}{
		{[]int{24}, 3, 24, 0},
		{[]int{6, 4}, 6, 4, 0},
		{[]int{4, 3, 2}, 3, 2, 12}, // slice 2
	} {
		f := of(x, c.shape)
		if f.H != c.h || f.W != c.w || len(f.Data) != c.h*c.w || f.Data[0] != c.first || f.Data[f.W-1] != c.first+float32(c.w-1) {
			t.Errorf("%v: %d×%d, %v", c.shape, f.H, f.W, f.Data)
		}
	}
	if f := of(make([]float32, 2*4000), []int{2, 4000}); f.W != 1334 || f.H != 1 {
		t.Errorf("a large sample is shown as %d×%d", f.H, f.W)
	}
}
