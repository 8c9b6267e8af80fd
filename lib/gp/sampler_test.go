package gp

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"testing"

	"backdrop/lib/dims"
)

func small() Spec {
	return Spec{Shape: []int{48, 70}, Scales: [][]Length{{{2.5}, {3.2}}, {{10}, {17}}}, Power: []float64{0.75, 1.25}, Seed: 1}
}

func drawn(s *Sampler, i int) []float32 {
	dst := make([]float32, dims.Count(s.spec.Shape))
	s.Draw(i, dst)
	return dst
}

func moments(x []float32) (mean, deviation float64) {
	for _, v := range x {
		mean += float64(v) / float64(len(x))
	}
	for _, v := range x {
		deviation += (float64(v) - mean) * (float64(v) - mean) / float64(len(x))
	}
	return mean, math.Sqrt(deviation)
}

func TestStandardised(t *testing.T) {
	for _, shape := range [][]int{{48, 70}, {31, 31}, {16, 16}, {2, 7}, {256, 256}} {
		for _, l := range []float64{0.2, 1, 2.5, 8, 100} {
			if l > float64(min(shape[0], shape[1]))/2 {
				continue
			}
			s := sampler(t, Spec{Shape: shape, Scales: [][]Length{{{l}}}})
			for i := range 3 {
				mean, deviation := moments(drawn(s, i))
				if !(math.Abs(mean) <= 1e-6) || !(math.Abs(deviation-1) <= 1e-6) {
					t.Errorf("%v, length %g: mean %g, deviation %g", shape, l, mean, deviation)
				}
			}
		}
	}
}

// Windows and fields with noise are standardised as well, of any number of dimensions and with any kernel.
func TestStandardisedByValue(t *testing.T) {
	for _, shape := range [][]int{{50}, {31, 20}, {6, 7, 9}} {
		for _, kernel := range kernels {
			for _, spec := range []Spec{{Open: true}, {Nugget: 0.3}, {Open: true, Nugget: 2}, {}} {
				spec.Shape, spec.Kernel, spec.Scales = shape, kernel, [][]Length{{{2}}}
				s := sampler(t, spec)
				mean, deviation := moments(drawn(s, 1))
				if !(math.Abs(mean) <= 1e-6) || !(math.Abs(deviation-1) <= 2e-6) {
					t.Errorf("%v: mean %g, deviation %g", spec, mean, deviation)
				}
			}
		}
	}
}

// The bits of a sample do not depend on how many threads draw it.
func TestSameBitsForEveryNumberOfThreads(t *testing.T) {
	for _, spec := range []Spec{
		{Shape: []int{300, 200}},
		{Shape: []int{300, 200}, Open: true, Nugget: 0.1},
		{Shape: []int{30, 40, 50}, Kernel: Matern32},
		{Shape: []int{17, 23, 31}, Kernel: Matern12, Open: true},
		{Shape: []int{4000}, Kernel: Matern52},
		{Shape: []int{31, 4096}, Kernel: Matern12}, // by Fourier transforms
	} {
		spec.Scales, spec.Power = [][]Length{{{2}, {3}}, {{5}, {7}}}, []float64{1, 2}
		var want []float32
		for _, threads := range []int{1, 2, 7} {
			s := sampler(t, spec)
			s.Threads = threads
			got := drawn(s, 2)
			if want == nil {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("%v: other bits on %d threads", spec, threads)
			}
		}
	}
}

// Common noise: with one seed, a window and a torus, and all kernels, use the same normals for the same modes.
func TestKernelsShareTheirNoise(t *testing.T) {
	normals := func(spec Spec) []float64 {
		spec.Shape, spec.Scales = []int{12, 10}, [][]Length{{{1.5}}}
		s := sampler(t, spec)
		f, sc := s.fields[0][0], s.newScratch()
		s.drawField(f, 5, 0, sc)
		var out []float64
		for y := range 5 {
			factor, deviations := f.row([]int{y})
			for x := range 5 {
				out = append(out, float64(sc.field[y*f.modes[1]+x])/(factor*deviations[frequency(x)]))
			}
		}
		return out
	}
	want := normals(Spec{})
	for _, kernel := range kernels {
		for _, open := range []bool{false, true} {
			for i, v := range normals(Spec{Kernel: kernel, Open: open}) {
				if !(math.Abs(v-want[i]) <= 1e-6*math.Abs(want[i])) {
					t.Fatalf("%v, open %v: normal %d is %g, want %g", kernel, open, i, v, want[i])
				}
			}
		}
	}
}

// Without standardising, the mean and the variance vary from sample to sample as the process's do.
func TestRawKeepsMeanAndVariance(t *testing.T) {
	spec := Spec{Shape: []int{16, 16}, Scales: [][]Length{{{6}}}, Power: []float64{2}, Raw: true}
	s := sampler(t, spec)
	square, draws := 0.0, 2000
	for i := range draws {
		mean, _ := moments(drawn(s, i))
		square += mean * mean
	}
	// The constant mode's variance is its eigenvalue over the number of points.
	want := 4 * SE.Eigenvalues(spec.Shape, []float64{6, 6})[0] / 256
	if got := square / float64(draws); !(math.Abs(got/want-1) <= 4*math.Sqrt(2/float64(draws))) {
		t.Errorf("means have variance %g, want %g", got, want)
	}
}

// A sample is the sum of its fields times their powers, and the fields are independent.
func TestDrawAddsFields(t *testing.T) {
	fine, coarse := small(), small()
	fine.Power, coarse.Power = []float64{1, 0}, []float64{0, 1}
	sum, first, second := sampler(t, small()), sampler(t, fine), sampler(t, coarse)
	correlation := 0.0
	const samples = 40
	for i := range samples {
		s, a, b := drawn(sum, i), drawn(first, i), drawn(second, i)
		for p := range s {
			want := 0.75*float64(a[p]) + 1.25*float64(b[p])
			if !(math.Abs(float64(s[p])-want) <= 1e-5) {
				t.Fatalf("sample %d, pixel %d: got %g, want %g", i, p, s[p], want)
			}
			correlation += float64(a[p]) * float64(b[p]) / float64(len(s)*samples)
		}
	}
	// The squared correlation of two fields is 2πm²/area with 1/m² = 1/ℓ₁² + 1/ℓ₂²: about 0.12² here, over 40 samples
	// 0.019². Fields of the same noise have correlation 2ℓ₁ℓ₂/(ℓ₁²+ℓ₂²), 0.3 to 0.6.
	if !(math.Abs(correlation) <= 4*0.019) {
		t.Errorf("fields of a sample have correlation %g", correlation)
	}
}

func TestSampleDependsOnSeedAndNumberAlone(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const n = 12
	s := sampler(t, small())
	var want [n][]float32
	for i := range want {
		want[i] = drawn(s, i)
	}
	runtime.GOMAXPROCS(4)
	s = sampler(t, small())
	var wg sync.WaitGroup
	for i := n - 1; i >= 0; i-- {
		wg.Go(func() {
			if !slices.Equal(drawn(s, i), want[i]) {
				t.Errorf("sample %d differs when drawn in another order, on other threads", i)
			}
		})
	}
	wg.Wait()
	other := small()
	other.Seed = 2
	if slices.Equal(drawn(sampler(t, other), 0), want[0]) {
		t.Error("seeds 1 and 2 give the same sample")
	}
	if slices.Equal(want[0], want[4]) {
		t.Error("samples 0 and 4 of one class are the same")
	}
}

// A texture keeps its picture when size and lengths double: every second pixel is that of the small one.
func TestNoiseIsThatOfTheMode(t *testing.T) {
	spec := small()
	little := drawn(sampler(t, spec), 3)
	spec.Shape, spec.Scales = []int{96, 140}, [][]Length{{{5}, {6.4}}, {{20}, {34}}}
	large := drawn(sampler(t, spec), 3)
	for y := range 48 {
		for x := range 70 {
			// The spectra of 2.5 px and 5 px differ by what is aliased beyond the Nyquist frequency, exp(-(π·2.5)²/2).
			if a, b := little[y*70+x], large[2*y*140+2*x]; !(math.Abs(float64(a-b)) <= 1e-4) {
				t.Fatalf("pixel %d, %d: %g in the small texture, %g in the large", y, x, a, b)
			}
		}
	}
}

// The numbers are this package's own, of its first version: a change takes their data from people who kept a seed.
func TestSeedKeepsItsSample(t *testing.T) {
	s := sampler(t, Spec{Shape: []int{6, 8}, Scales: [][]Length{{{0.8}, {1.1}}, {{2.5}, {3}}}, Power: []float64{0.75, 1.25}, Seed: 1})
	want := []float64{-0.50841415, 1.2480358, 0.46032035, 0.10684693, -0.2277521, -1.4373316, -2.465629, -2.382472}
	got := drawn(s, 5)
	for p := range want {
		if !(math.Abs(float64(got[p])-want[p]) <= 1e-5) {
			t.Fatalf("got %v, want %v", got[:len(want)], want)
		}
	}
}

// What a sample takes is kept for the next; small things for every stage and row do not add up.
func TestDrawAllocatesLittle(t *testing.T) {
	s := sampler(t, small())
	dst := make([]float32, 48*70)
	result := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.Draw(1, dst)
		}
	})
	if n := result.AllocedBytesPerOp(); n > 4096 {
		t.Errorf("%v bytes allocated a sample", n)
	}
}

func TestDrawPanics(t *testing.T) {
	s := sampler(t, small())
	for want, call := range map[string]func(){
		"gp: length mismatch":        func() { s.Draw(0, make([]float32, 3)) },
		"gp: negative sample number": func() { s.Draw(-1, make([]float32, 48*70)) },
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("got %v, want %q", got, want)
				}
			}()
			call()
		}()
	}
}
