package dims_test

import (
	"math"
	"slices"
	"testing"

	"backdrop/lib/dims"
)

func TestCountFloat(t *testing.T) {
	if n := dims.CountFloat([]int{2, 3, 4}); n != 24 {
		t.Errorf("2x3x4: %g", n)
	}
	if n := dims.CountFloat([]int{math.MaxInt, math.MaxInt}); !(n > 8e37 && n < 9e37) {
		t.Errorf("(2⁶³-1)² is %g", n)
	}
}

func TestSetIndex(t *testing.T) {
	at := make([]int, 3)
	for i := range 24 {
		dims.SetIndex(at, i, []int{2, 3, 4})
		if want := dims.Index(i, []int{2, 3, 4}); !slices.Equal(at, want) {
			t.Errorf("element %d: %v, want %v", i, at, want)
		}
	}
}

func TestText(t *testing.T) {
	for want, shape := range map[string][]int{"7": {7}, "128x97": {128, 97}, "2x3x4": {2, 3, 4}, "": nil} {
		if got := dims.Text(shape); got != want {
			t.Errorf("%v: got %q, want %q", shape, got, want)
		}
	}
}
