package gp

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"backdrop/lib/machine"
)

// The smallest torus that will do is taken: the far periods for short lengths, the smallest embedding for longer ones, and a
// larger one when that has negative eigenvalues.
func TestEmbedding(t *testing.T) {
	for _, c := range []struct {
		shape  []int
		kernel Kernel
		l      float64
		want   []int // 90, 80: 63 + 22.2 and 12.7 lengths; 128: 2·63
	}{
		{[]int{64}, Matern12, 1, []int{90}},
		{[]int{64}, Matern52, 1, []int{80}},
		{[]int{64}, Matern12, 60, []int{128}}, // a convex covariance has no negative eigenvalue on any ring
		{[]int{64, 64}, Matern12, 15, []int{128, 128}},
		{[]int{64, 1}, Matern12, 15, []int{128, 1}},
		{[]int{64, 64}, Matern52, 10, []int{160, 160}},
	} {
		spec := Spec{Shape: c.shape, Scales: [][]Length{{{c.l}}}, Power: []float64{1}, Kernel: c.kernel, Open: true}
		periods, eigenvalues, err := embed(&spec, Length{c.l})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(periods, c.want) {
			t.Errorf("%v of length %g on %v: periods %v, want %v", c.kernel, c.l, c.shape, periods, c.want)
		}
		for _, v := range eigenvalues {
			if !(v >= 0) {
				t.Errorf("%v of length %g: eigenvalue %g", c.kernel, c.l, v)
			}
		}
	}
}

// What embed would round up is found, with its weight, and not passed over: a covariance that is the shorter way round a
// ring has negative eigenvalues when the ring is short.
func TestNegativeEigenvaluesAreFound(t *testing.T) {
	periods := []int{8, 6}
	eigenvalues := circulant(Matern52, periods, []float64{6, 6})
	direct := func(u, v int) float64 {
		sum := 0.0
		for y := range 8 {
			for x := range 6 {
				lag := []int{min(y, 8-y), min(x, 6-x)}
				sum += Matern52.Open(lag, []float64{6, 6}) * math.Cos(2*math.Pi*(float64(u*y)/8+float64(v*x)/6))
			}
		}
		return sum
	}
	wantLowest, wantSum := 0.0, 0.0
	for u := range 8 {
		for v := range 6 {
			want := direct(u, v)
			if got := eigenvalues[min(u, 8-u)*4+min(v, 6-v)]; !(math.Abs(got-want) <= 1e-12) {
				t.Errorf("frequency %d, %d: eigenvalue %g, want %g", u, v, got, want)
			}
			wantLowest = min(wantLowest, want)
			wantSum -= min(want, 0) / 48
		}
	}
	lowest, sum := negative(periods, eigenvalues)
	if !(math.Abs(lowest-wantLowest) <= 1e-12) || !(math.Abs(sum-wantSum) <= 1e-12) || !(sum > neglected) {
		t.Errorf("lowest %g and sum %g, want %g and %g", lowest, sum, wantLowest, wantSum)
	}
	for _, v := range eigenvalues {
		if v < 0 {
			t.Errorf("eigenvalue %g is left", v)
		}
	}
}

func TestEmbeddingThatDoesNotFit(t *testing.T) {
	defer machine.Allow(0, "")
	for have, want := range map[int64]string{
		3e6: "drawing matern52 of length 60 on 64x64 in open space, with periods of 864x864 (in 486x486 the circulant embedding has a negative eigenvalue, ",
		3e5: "drawing matern52 of length 60 on 64x64 in open space, with periods of 864x864, needs 8.0 MiB of memory, there is only 293.0 KiB",
	} {
		machine.Allow(have, "there is only %s")
		_, err := NewSampler(Spec{Shape: []int{64, 64}, Scales: [][]Length{{{60}}}, Power: []float64{1}, Kernel: Matern52, Open: true})
		var e *EmbeddingError
		if !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestSmooth(t *testing.T) {
	for n, want := range map[int]int{1: 2, 2: 2, 3: 4, 7: 8, 11: 12, 13: 16, 2046: 2048, 3199: 3200} {
		if got := smooth(n); got != want {
			t.Errorf("%d: got %d, want %d", n, got, want)
		}
	}
}
