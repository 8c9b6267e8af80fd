package gp

import (
	"math"
	"testing"

	"backdrop/lib/dims"
)

func sampler(t testing.TB, spec Spec) *Sampler {
	t.Helper()
	if spec.Power == nil {
		for range spec.Scales {
			spec.Power = append(spec.Power, 1)
		}
	}
	s, err := NewSampler(spec)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// responses returns, for every mode of the first field, the values that a normal of 1 in this mode alone makes.
func responses(s *Sampler) [][]float32 {
	f, p, sc := s.fields[0][0], s.plans[0][0], s.newScratch()
	var out [][]float32
	last := len(f.modes) - 1
	for mode := range dims.Count(f.modes) {
		clear(sc.field)
		clear(sc.sum)
		factor, deviations := f.row(dims.Index(mode/f.modes[last], f.modes[:last]))
		sc.field[mode] = float32(factor * deviations[frequency(mode%f.modes[last])])
		s.add(sc.sum, p, f, 1, sc)
		dst := make([]float32, dims.Count(s.spec.Shape))
		p.expand(dst, sc.sum, sc.buffer, 1)
		out = append(out, dst)
	}
	return out
}

// covariance returns that between some points and all, as the modes imply it: [len(from), points].
func covariance(s *Sampler, from []int) []float64 {
	points := dims.Count(s.spec.Shape)
	cov := make([]float64, len(from)*points)
	for _, f := range responses(s) {
		for i, p := range from {
			for q, v := range f {
				cov[i*points+q] += float64(f[p]) * float64(v)
			}
		}
	}
	return cov
}

// lagOf is the lag between two points of a shape.
func lagOf(p, q int, shape []int) []int {
	out := make([]int, len(shape))
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = p%shape[i] - q%shape[i]
		p /= shape[i]
		q /= shape[i]
	}
	return out
}

// The covariance that the modes imply is the kernel's, summed over all images on a torus. Points are taken from all over
// the shape, corners included.
func TestCovarianceExact(t *testing.T) {
	for _, c := range []struct {
		shape   []int
		torus   []Length
		open    []Length // of the squared exponential
		shorter Length   // of the others, whose open fields have as many modes as points of their periods
	}{
		{[]int{12, 10}, []Length{{0.2}, {1}, {5}}, []Length{{0.2}, {12}}, Length{2}},
		{[]int{7, 7}, []Length{{0.5}, {3.5, 1.2}}, []Length{{3.5, 1.2}}, Length{2, 1}},
		{[]int{16, 16}, []Length{{0.6}, {8, 2.5}}, []Length{{20, 2.5}}, Length{1, 2}},
		{[]int{2, 5}, []Length{{0.3}, {1}}, []Length{{3}}, Length{1}},
		{[]int{13, 24}, []Length{{0.9}, {6.5, 20}}, []Length{{6.5, 20}}, Length{0.7, 2}},
		{[]int{1, 6}, []Length{{1}}, []Length{{1}}, Length{0.5, 2}},
		{[]int{30, 18}, []Length{{3.5}, {9}}, []Length{{3.5}}, Length{1}}, // modes are left out along both axes
		{[]int{1}, []Length{{0.6}}, []Length{{2}}, Length{2}},
		{[]int{37}, []Length{{0.1}, {2}, {30}}, []Length{{30}}, Length{30}},
		{[]int{64}, []Length{{5}}, []Length{{5}}, Length{200}},
		{[]int{5, 4, 6}, []Length{{1}, {0.7, 3, 2}}, []Length{{1.5, 3, 0.7}}, Length{0.3, 0.6, 0.4}},
		{[]int{3, 7, 2}, []Length{{2}}, []Length{{2}}, Length{0.5}},
	} {
		if testing.Short() && dims.Count(c.shape) > 120 {
			continue
		}
		for _, kernel := range kernels {
			for _, l := range c.torus {
				checkCovariance(t, Spec{Shape: c.shape, Scales: [][]Length{{l}}, Kernel: kernel, Raw: true})
			}
			open := c.open
			if kernel != SE {
				open = []Length{c.shorter}
			}
			for _, l := range open {
				checkCovariance(t, Spec{Shape: c.shape, Scales: [][]Length{{l}}, Kernel: kernel, Open: true, Raw: true})
			}
		}
	}
}

func checkCovariance(t *testing.T, spec Spec) {
	t.Helper()
	s := sampler(t, spec)
	shape, l := spec.Shape, spec.Scales[0][0]
	lengths := l.Along(len(shape))
	points := dims.Count(shape)
	var from []int
	for p := 0; p < points; p += (points + 10) / 11 {
		from = append(from, p)
	}
	from = append(from, points-1)
	theory := func(lag []int) float64 {
		if spec.Open {
			return spec.Kernel.Open(lag, lengths)
		}
		return spec.Kernel.Torus(lag, shape, lengths)
	}
	k0, worst := theory(make([]int, len(shape))), 0.0
	for i, got := range covariance(s, from) {
		if err := math.Abs(got-theory(lagOf(from[i/points], i%points, shape))) / k0; !(err <= worst) {
			worst = err
		}
	}
	if !(worst <= 1e-6) { // 17 roundings to float32
		t.Errorf("%v, shape %v, length %v, open %v: covariance is off by %g of k(0)", spec.Kernel, shape, l, spec.Open, worst)
	}
}

// drawRaw draws fields that are not standardised.
func drawRaw(s *Sampler, draws int, each func(f []float32)) {
	dst := make([]float32, dims.Count(s.spec.Shape))
	for i := range draws {
		s.Draw(i, dst)
		each(dst)
	}
}

// lagCovariances returns, at lags (dy, dx) with 0 <= dy, dx < lags, the covariance over the draws and its standard
// error.
func lagCovariances(s *Sampler, draws, lags int) (mean, stderr []float64) {
	h, w := s.spec.Shape[0], s.spec.Shape[1]
	mean, square := make([]float64, lags*lags), make([]float64, lags*lags)
	drawRaw(s, draws, func(f []float32) {
		for lag := range mean {
			sum := 0.0
			for y := range h {
				a, b := f[y*w:][:w], f[(y+lag/lags)%h*w:][:w]
				for x := range w {
					sum += float64(a[x] * b[(x+lag%lags)%w])
				}
			}
			c := sum / float64(h*w)
			mean[lag] += c
			square[lag] += c * c
		}
	})
	stderr = make([]float64, len(mean))
	for lag := range mean {
		n := float64(draws)
		mean[lag] /= n
		stderr[lag] = math.Sqrt((square[lag]/n - mean[lag]*mean[lag]) / n)
	}
	return mean, stderr
}

// worstLag returns the largest deviation of covariances from the kernel of length l, in standard errors.
func worstLag(mean, stderr []float64, lags, h, w int, l float64) float64 {
	worst := 0.0
	for lag := range mean {
		want := images(lag/lags, h, l) * images(lag%lags, w, l)
		if z := math.Abs(mean[lag]-want) / stderr[lag]; !(z <= worst) {
			worst = z
		}
	}
	return worst
}

func TestCovarianceOfDraws(t *testing.T) {
	const h, w, l, lags, draws = 20, 27, 2.0, 5, 5000
	s := sampler(t, Spec{Shape: []int{h, w}, Scales: [][]Length{{{l}}}, Seed: 1, Raw: true})
	mean, stderr := lagCovariances(s, draws, lags)
	// The largest of 25 deviations exceeds 4 standard errors with probability below 25·6.3e-5 = 0.0016.
	const limit = 4
	if z := worstLag(mean, stderr, lags, h, w, l); !(z <= limit) {
		t.Errorf("covariance is off by %.1f standard errors", z)
	}
	for _, wrong := range []float64{0.97 * l, 1.03 * l} {
		if z := worstLag(mean, stderr, lags, h, w, wrong); !(z > limit) {
			t.Errorf("length %g passes for %g: only %.1f standard errors", wrong, l, z)
		}
	}
}

// Every point varies alike. Averages over the torus, as above, would not tell independent modes from dependent ones.
func TestVarianceOfPoints(t *testing.T) {
	const h, w, draws = 12, 15, 4000
	s := sampler(t, Spec{Shape: []int{h, w}, Scales: [][]Length{{{2}}}, Seed: 1, Raw: true})
	square := make([]float64, h*w)
	drawRaw(s, draws, func(f []float32) {
		for p, v := range f {
			square[p] += float64(v) * float64(v) / draws
		}
	})
	k0 := images(0, h, 2) * images(0, w, 2)
	stderr := k0 * math.Sqrt(2.0/draws) // of the mean square of normals
	for p, v := range square {
		// The largest of 180 deviations exceeds 4.5 standard errors with probability below 180·6.8e-6 = 0.0012.
		if !(math.Abs(v-k0) <= 4.5*stderr) {
			t.Fatalf("point %d, %d has variance %g, want %g ± %g", p/w, p%w, v, k0, stderr)
		}
	}
}
