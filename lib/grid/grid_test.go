package grid

import (
	"math"
	"slices"
	"testing"
)

func TestCoordinates(t *testing.T) {
	shape := []int{2, 3, 4}
	point := 0
	for z := range 2 {
		for y := range 3 {
			for x := range 4 {
				if got, want := Coordinates(point, shape), []int{z, y, x}; !slices.Equal(got, want) {
					t.Errorf("point %d: got %v, want %v", point, got, want)
				}
				point++
			}
		}
	}
	if n := Points(shape); n != point {
		t.Errorf("%v has %d points, want %d", shape, n, point)
	}
	if got := Coordinates(0, nil); len(got) != 0 {
		t.Errorf("a single value has the coordinates %v", got)
	}
}

func TestPoints(t *testing.T) {
	if n := Points(nil); n != 1 {
		t.Errorf("an array without axes has %d points, want 1", n)
	}
	if n := Points([]int{5, 0, 7}); n != 0 {
		t.Errorf("an axis of size 0: %d points", n)
	}
	if n := PointsFloat([]int{math.MaxInt, math.MaxInt}); !(n > 8e37 && n < 9e37) {
		t.Errorf("(2⁶³-1)² is %g", n)
	}
}

func TestText(t *testing.T) {
	for want, shape := range map[string][]int{"7": {7}, "128x97": {128, 97}, "2x3x4": {2, 3, 4}, "": nil} {
		if got := Text(shape); got != want {
			t.Errorf("%v: got %q, want %q", shape, got, want)
		}
	}
}
