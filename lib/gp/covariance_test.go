package gp

import (
	"math"
	"testing"
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

// responses returns, for every mode, the field that a normal of 1 in this mode alone makes.
func responses(s *Sampler) [][]float32 {
	h, w := &s.height[0][0], &s.width[0][0]
	sc := s.newScratch()
	var out [][]float32
	for y := range h.modes {
		for x := range w.modes {
			field := make([]float64, h.modes*w.modes)
			field[y*w.modes+x] = h.amplitude[frequency(y)] * w.amplitude[frequency(x)]
			clear(sc.sum)
			s.add(sc.sum, field, w.modes, 1)
			dst := make([]float32, s.rows.n*s.cols.n)
			s.expand(dst, sc, h.modes, w.modes)
			out = append(out, dst)
		}
	}
	return out
}

// The covariance that the modes imply, between all pairs of points, is the kernel summed over all images.
func TestCovarianceExact(t *testing.T) {
	for _, c := range []struct {
		h, w    int
		lengths []float64
	}{
		{12, 10, []float64{0.2, 0.8, 1, 1.5, 2.5, 5}},
		{7, 7, []float64{0.5, 1.2, 3.5}},
		{16, 16, []float64{0.6, 1, 2.5, 4, 8}},
		{2, 5, []float64{0.3, 1}},
		{13, 24, []float64{0.9, 2, 6.5}},
		{3, 4, []float64{0.4, 1.5}},
		{30, 18, []float64{3.5, 9}}, // modes are left out along both axes
	} {
		for _, l := range c.lengths {
			s := sampler(t, Spec{Shape: []int{c.h, c.w}, Scales: [][]float64{{l}}})
			points := c.h * c.w
			cov := make([]float64, points*points)
			for _, f := range responses(s) {
				for p := range points {
					for q := range points {
						cov[p*points+q] += float64(f[p]) * float64(f[q])
					}
				}
			}
			k0 := images(0, c.h, l) * images(0, c.w, l)
			worst := 0.0
			for p := range points {
				for q := range points {
					want := images(p/c.w-q/c.w, c.h, l) * images(p%c.w-q%c.w, c.w, l)
					if err := math.Abs(cov[p*points+q]-want) / k0; !(err <= worst) {
						worst = err
					}
				}
			}
			if !(worst <= 1e-6) { // 17 roundings to float32
				t.Errorf("%dx%d, length %g: covariance is off by %g of k(0)", c.h, c.w, l, worst)
			}
		}
	}
}

// drawRaw draws fields that are not standardised.
func drawRaw(s *Sampler, draws int, each func(f []float32)) {
	h, w := &s.height[0][0], &s.width[0][0]
	sc := s.newScratch()
	field := make([]float64, h.modes*w.modes)
	dst := make([]float32, s.rows.n*s.cols.n)
	for i := range draws {
		sc.draw(field, s.spec.Seed, uint64(i), 0, h, w)
		clear(sc.sum)
		s.add(sc.sum, field, w.modes, 1)
		s.expand(dst, sc, h.modes, w.modes)
		each(dst)
	}
}

// lagCovariances returns, at lags (dy, dx) with 0 <= dy, dx < lags, the covariance over the draws and its standard
// error.
func lagCovariances(s *Sampler, draws, lags int) (mean, stderr []float64) {
	h, w := s.rows.n, s.cols.n
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
	s := sampler(t, Spec{Shape: []int{h, w}, Scales: [][]float64{{l}}, Seed: 1})
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
	s := sampler(t, Spec{Shape: []int{h, w}, Scales: [][]float64{{2}}, Seed: 1})
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
