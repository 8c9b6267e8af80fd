package gp

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func paper() Spec {
	return Spec{Shape: []int{1024, 1024}, Scales: [][]Length{{{9.5}, {10}}, {{80}, {140}}}, Power: []float64{0.75, 1.25}, Seed: 1}
}

// The order is that of the paper's data set (S. Golkar, K. Cranmer, "Multi-scale Gaussian process dataset", 2018,
// https://doi.org/10.5281/zenodo.1252464).
func TestClasses(t *testing.T) {
	s := paper()
	if got, want := s.Classes(), []string{"9.5-80", "10-80", "9.5-140", "10-140"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	s.Scales = [][]Length{{{1}, {2}, {3}}, {{4}}, {{5}, {6}}}
	want := []string{"1-4-5", "2-4-5", "3-4-5", "1-4-6", "2-4-6", "3-4-6"}
	if got := s.Classes(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := s.Lengths(4); len(got) != 3 || got[0][0] != 2 || got[1][0] != 4 || got[2][0] != 6 {
		t.Errorf("class 4 has lengths %v", got)
	}
	for i, want := range []int{0, 1, 2, 3, 4, 5, 0, 1} {
		if got := s.Class(i); got != want {
			t.Errorf("sample %d: class %d, want %d", i, got, want)
		}
	}
}

func TestValidate(t *testing.T) {
	s := paper()
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
	wide := func(from float64) []Length {
		var out []Length
		for i := range 200 {
			out = append(out, Length{from + float64(i)/1000})
		}
		return out
	}
	for _, c := range []struct {
		change func(s *Spec)
		want   string
	}{
		{func(s *Spec) { s.Shape = nil }, "shape must be one to three sizes, got 0"},
		{func(s *Spec) { s.Shape = []int{3, 4, 5, 6} }, "shape must be one to three sizes, got 4"},
		{func(s *Spec) { s.Shape, s.Open = []int{2000, 20}, true }, "length 140 is longer than a window of 20 px can show, at most 80"},
		{func(s *Spec) { s.Scales[0][1] = Length{10, 20, 30} }, "length must be one number, or one for each of 2 axes, got 10x20x30 in scale 1"},
		{func(s *Spec) { s.Scales[0][1] = Length{10, -1} }, "length must be positive and finite, got 10x-1 in scale 1"},
		{func(s *Spec) { s.Scales[1][1] = Length{80, 80} }, "length 80x80 stands twice in scale 2"},
		{func(s *Spec) { s.Kernel = 200 }, "there is no kernel 200"},
		{func(s *Spec) { s.Nugget = -1 }, "nugget must lie between 0 and 1e+12, got -1"},
		{func(s *Spec) { s.Nugget = math.NaN() }, "nugget must lie between 0 and 1e+12, got NaN"},
		{func(s *Spec) { s.Shape, s.Scales = []int{1, 1}, [][]Length{{{0.5}}, {{0.25}}} }, "a single pixel cannot be standardised, its deviation is 0"},
		{func(s *Spec) { s.Shape = []int{0, 4} }, "size must be positive, got 0"},
		{func(s *Spec) { s.Shape[1] = -1024 }, "size must be positive, got -1024"},
		{func(s *Spec) { s.Shape = []int{10_000_000, 10_000_000} }, "drawing 10000000x10000000 pixels needs "},
		{func(s *Spec) { s.Shape = []int{math.MaxInt, math.MaxInt} }, " of memory, this machine has "},
		{func(s *Spec) { s.Scales = nil }, "at least one scale is needed, got none"},
		{func(s *Spec) { s.Scales[1] = nil }, "scale 2 has no length"},
		{func(s *Spec) { s.Scales[0][1] = Length{0} }, "length must be positive and finite, got 0 in scale 1"},
		{func(s *Spec) { s.Scales[0][1] = Length{-3} }, "got -3 in scale 1"},
		{func(s *Spec) { s.Scales[1][0] = Length{math.NaN()} }, "got NaN in scale 2"},
		{func(s *Spec) { s.Scales[1][0] = Length{math.Inf(1)} }, "got +Inf in scale 2"},
		{func(s *Spec) { s.Shape = []int{1024, 128} }, "length 140 is longer than a torus of 128 px can hold, at most 128"},
		{func(s *Spec) { s.Scales[1][1] = Length{80} }, "length 80 stands twice in scale 2"},
		{func(s *Spec) { s.Scales[1][1] = Length{10} }, "length 10 stands in scales 1 and 2; a length may belong to one scale only"},
		{func(s *Spec) { s.Scales = [][]Length{wide(1), wide(2), wide(3)} }, "lengths combine to more than 1048576 classes"},
		{func(s *Spec) { s.Power = s.Power[:1] }, "number of powers must be that of scales, 2, got 1"},
		{func(s *Spec) { s.Power[0] = math.NaN() }, "power must lie between 0 and 1e+30, got NaN"},
		{func(s *Spec) { s.Power[0] = -1 }, "power must lie between 0 and 1e+30, got -1"},
		{func(s *Spec) { s.Power[0] = 1e31 }, "power must lie between 0 and 1e+30, got 1e+31"},
	} {
		s := paper()
		c.change(&s)
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
		if _, err := NewSampler(s); err == nil {
			t.Errorf("NewSampler takes what Validate refuses: %s", c.want)
		}
	}
}
