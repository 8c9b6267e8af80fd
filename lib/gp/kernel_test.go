package gp

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"backdrop/lib/dims"
)

var kernels = Kernels()

// imagesOf is the kernel summed over the images of a lag, straight from its definition.
func imagesOf(k Kernel, lag, shape []int, lengths []float64) float64 {
	if len(lag) == 0 {
		return 0
	}
	var sum func(axis int, moved []int) float64
	sum = func(axis int, moved []int) float64 {
		if axis == len(lag) {
			return k.Open(moved, lengths)
		}
		total := 0.0
		reach := 2 + int(40*lengths[axis])/shape[axis] // exp(-40) is 4e-18
		for m := -reach; m <= reach; m++ {
			total += sum(axis+1, append(slices.Clone(moved), lag[axis]+m*shape[axis]))
		}
		return total
	}
	return sum(0, nil)
}

func TestTorusIsTheSumOverImages(t *testing.T) {
	for _, c := range []struct {
		lag, shape []int
		lengths    []float64
	}{
		{[]int{0}, []int{7}, []float64{2}},
		{[]int{3}, []int{10}, []float64{10}},
		{[]int{-9}, []int{10}, []float64{0.3}},
		{[]int{2, 5}, []int{7, 12}, []float64{1.5, 4}},
		{[]int{0, 0}, []int{6, 5}, []float64{3, 5}},
		{[]int{1, 2, 3}, []int{5, 4, 6}, []float64{0.5, 0.8, 0.6}},
	} {
		for _, k := range kernels {
			got, want := k.Torus(c.lag, c.shape, c.lengths), imagesOf(k, c.lag, c.shape, c.lengths)
			if !(math.Abs(got-want) <= 2e-14*imagesOf(k, make([]int, len(c.lag)), c.shape, c.lengths)) {
				t.Errorf("%v, lag %v, shape %v, lengths %v: got %g, want %g", k, c.lag, c.shape, c.lengths, got, want)
			}
		}
	}
}

// The eigenvalues are the discrete Fourier transform of the covariances.
func TestEigenvalues(t *testing.T) {
	for _, c := range []struct {
		shape   []int
		lengths []float64
	}{
		{[]int{1}, []float64{0.7}}, {[]int{8}, []float64{0.2}}, {[]int{31}, []float64{9}},
		{[]int{5, 8}, []float64{2, 1}}, {[]int{6, 2}, []float64{6, 0.02}}, {[]int{3, 4, 5}, []float64{0.5, 2, 1}},
	} {
		for _, k := range kernels {
			got := k.Eigenvalues(c.shape, c.lengths)
			points := len(got)
			at := func(p int) []int { return dims.Index(p, c.shape) }
			cov := make([]float64, points)
			for p := range cov {
				cov[p] = k.Torus(at(p), c.shape, c.lengths)
			}
			for f := range got {
				want := 0.0
				for p := range cov {
					turns := 0.0
					for i, n := range c.shape {
						turns += float64(at(f)[i]*at(p)[i]) / float64(n)
					}
					want += cov[p] * math.Cos(2*math.Pi*turns)
				}
				if !(math.Abs(got[f]-want) <= 1e-13*cov[0]*float64(points)) || !(got[f] >= 0) {
					t.Errorf("%v, shape %v, lengths %v, frequency %v: got %g, want %g", k, c.shape, c.lengths, at(f), got[f], want)
				}
			}
		}
	}
}

// Every entry of the table is whole: its mixture is its covariance, and it is negligible where farPeriods looks.
func TestForms(t *testing.T) {
	for _, k := range kernels {
		for r := 0.0; r <= farthest; r = 1.1*r + 0.001 {
			got := 0.0
			for _, m := range k.mixture() {
				got += m.weight * math.Exp(-r*r/(2*m.length*m.length))
			}
			if want := k.At(r); !(math.Abs(got-want) <= 1e-14) {
				t.Errorf("%v at %g: the mixture has %g, want %g", k, r, got, want)
			}
		}
		if k.At(0) != 1 {
			t.Errorf("%v at 0 is %g", k, k.At(0))
		}
		if r := k.reach(); !(k.At(r) <= neglected && k.At(0.999*r) > neglected) {
			t.Errorf("%v is said to reach %g, where it is %g", k, r, k.At(r))
		}
	}
}

// A kernel that is in no table is no kernel: nothing stands in for it.
func TestUnknownKernel(t *testing.T) {
	k := Kernel(len(forms))
	if _, err := NewSampler(Spec{Shape: []int{8, 8}, Scales: [][]Length{{{2}}}, Power: []float64{1}, Kernel: k}); err == nil || err.Error() != fmt.Sprintf("there is no kernel %d", k) {
		t.Errorf("got %v", err)
	}
	for name, f := range map[string]func(){"At": func() { k.At(1) }, "Eigenvalues": func() { k.Eigenvalues([]int{8}, []float64{2}) }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s of an unknown kernel does not panic", name)
				}
			}()
			f()
		}()
	}
}

func TestParseKernel(t *testing.T) {
	for _, k := range kernels {
		if got, err := ParseKernel(k.String()); err != nil || got != k {
			t.Errorf("%v: got %v, %v", k, got, err)
		}
	}
	_, err := ParseKernel("rbf")
	if want := `kernel must be se, matern12, matern32 or matern52, got "rbf"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
