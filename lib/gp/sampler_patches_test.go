package gp

import (
	"math"
	"strings"
	"testing"

	"backdrop/lib/patchwork"
)

func patchSpec() Spec {
	return Spec{Shape: []int{160, 180}, Scales: [][]Length{{{8}, {9.5}}, {{60}, {80}}}, Power: []float64{0.75, 1.25}, Seed: 1,
		Patches: true, WrapFactor: patchwork.DefaultWrapFactor}
}

// A sample is the sum of its scales' fields, standardised and times their powers.
func TestDrawPatches(t *testing.T) {
	spec := patchSpec()
	s := sampler(t, spec)
	got, field, want := make([]float32, 160*180), make([]float32, 160*180), make([]float64, 160*180)
	const i = 3 // lengths 9.5 and 80
	for j, l := range []float64{9.5, 80} {
		p, err := patchwork.New([2]int{160, 180}, l, patchwork.DefaultWrapFactor)
		if err != nil {
			t.Fatal(err)
		}
		p.Draw(field, 1, i, uint64(j), patchwork.NewScratch())
		mean, square := 0.0, 0.0
		for _, v := range field {
			mean += float64(v) / float64(len(field))
		}
		for _, v := range field {
			square += (float64(v) - mean) * (float64(v) - mean) / float64(len(field))
		}
		for p, v := range field {
			want[p] += spec.Power[j] * (float64(v) - mean) / math.Sqrt(square)
		}
	}
	for range 2 { // the second time with used scratch
		s.Draw(i, got)
		for p, v := range want {
			if !(math.Abs(float64(got[p])-v) <= 1e-5) {
				t.Fatalf("pixel %d: got %g, want %g", p, got[p], v)
			}
		}
	}
}

// A field that keeps its own variance has 1 on average.
func TestDrawRawPatches(t *testing.T) {
	for _, l := range []float64{4, 9.5, 60} {
		s := sampler(t, Spec{Shape: []int{160, 180}, Scales: [][]Length{{{l}}}, Power: []float64{1}, Patches: true, WrapFactor: patchwork.DefaultWrapFactor, Raw: true, Nugget: 1})
		dst := make([]float32, 160*180)
		sum := 0.0
		const draws = 60
		for i := range draws {
			s.Draw(i, dst)
			for _, v := range dst {
				sum += float64(v) * float64(v) / float64(len(dst)) / draws
			}
		}
		if !(math.Abs(sum-2) <= 0.2) { // with the nugget; about 20 independent values a sample at the largest length
			t.Errorf("length %g: variance %g, want 2", l, sum)
		}
	}
}

func TestValidatePatches(t *testing.T) {
	for _, c := range []struct {
		change func(s *Spec)
		want   string
	}{
		{func(s *Spec) { s.Shape = []int{200} }, "fields of patches have a height and a width, got the shape 200"},
		{func(s *Spec) { s.Kernel = Matern12 }, "fields of patches have the kernel se only, got matern12"},
		{func(s *Spec) { s.Open = true }, "fields of patches have edges of their own, and cannot be open"},
		{func(s *Spec) { s.Scales[0][0] = Length{8, 9} }, "fields of patches have one length for both axes, got 8x9"},
		{func(s *Spec) { s.Scales[0][0] = Length{40} }, "length 40 takes patches of 250 px, too large for a side of 160"},
		{func(s *Spec) { s.WrapFactor = -1 }, "wrap factor must lie between 0 and 10, got -1"},
	} {
		s := patchSpec()
		c.change(&s)
		if _, err := NewSampler(s); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
