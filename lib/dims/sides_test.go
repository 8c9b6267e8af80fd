package dims_test

import (
	"slices"
	"testing"

	"backdrop/lib/dims"
)

func TestSides(t *testing.T) {
	for text, along := range map[string][3][]int{
		"32":    {{32}, {32, 32}, {32, 32, 32}},
		"32x48": {nil, {32, 48}, nil},
		"3x4x5": {nil, nil, {3, 4, 5}},
	} {
		s, ok := dims.ParseSides(text)
		if !ok || s.None() || s.String() != text {
			t.Errorf("%s: %v, %v", text, s, ok)
		}
		for axes := 1; axes <= 3; axes++ {
			want := along[axes-1]
			if fits := s.Fit(axes); fits != (want != nil) || fits && !slices.Equal(s.Along(axes), want) {
				t.Errorf("%s along %d axes: %v; want %v", text, axes, fits, want)
			}
			if want != nil && dims.SidesOf(want) != s {
				t.Errorf("%s: the sides of %v are %v", text, want, dims.SidesOf(want))
			}
		}
	}
	for _, text := range []string{"", "0", "-3", "x", "3x", "3x0", "1.5", "2x3x4x5", "0x8x", "3 x 4", "∞"} {
		if s, ok := dims.ParseSides(text); ok || !s.None() {
			t.Errorf("%q is read as %v", text, s)
		}
	}
	if got := (dims.Sides{}).String(); got != "" {
		t.Errorf("none is written %q", got)
	}
}
