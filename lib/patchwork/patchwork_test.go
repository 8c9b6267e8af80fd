package patchwork

import (
	"math"
	"slices"
	"testing"
)

func patches(t testing.TB, height, width int, length, wrapFactor float64) *Patchwork {
	t.Helper()
	p, err := New([2]int{height, width}, length, wrapFactor)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func describe(t testing.TB, height, width int, length, wrapFactor float64) Layout {
	t.Helper()
	p, err := Describe([2]int{height, width}, length, wrapFactor)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Numbers, sizes and strips are what GP_create.py's formulas give for the lengths of its data set.
func TestPatchwork(t *testing.T) {
	for _, c := range []struct {
		length               float64
		patches, size, strip int
		effective            float64
	}{
		{9.5, 5135, 59, 59, 7.36}, // the numbers of patches are also what the code prints in its demonstration
		{10, 4595, 62, 62, 7.74},
		{4, 6990, 50, 50, 3.66},
		{80, 1, 1024, 0, 79.92},
		{140, 1, 1024, 0, 139.86},
	} {
		p := patches(t, 1024, 1024, c.length, DefaultWrapFactor)
		if p.Patches != c.patches || p.Size != [2]int{c.size, c.size} || p.Strip != c.strip || !(math.Abs(p.EffectiveLength-c.effective) <= 0.005) {
			t.Errorf("length %g: %+v", c.length, p.Layout)
		}
	}
	// A length of 8 points of 50 under exp(-23 r²), as features of the covariance exp(-r²/2l²) exp(-23 r²/2).
	if got, want := patches(t, 1024, 1024, 20, DefaultWrapFactor).EffectiveLength/20, 0.793; !(math.Abs(got-want)/want <= 0.01) {
		t.Errorf("effective length %g of the nominal one, want %g within a hundredth: 124 steps of 125 px", got, want)
	}
}

// The spline of a cubic polynomial is that polynomial.
func TestUpscale(t *testing.T) {
	cubic := func(x float64) float64 { return 1 + x*(2+x*(-3+x*0.5)) }
	y := make([]float64, 7)
	for i := range y {
		y[i] = cubic(float64(i))
	}
	for _, n := range []int{7, 8, 20, 56} {
		for i, v := range upscale(y, n) {
			if want := cubic(6 * float64(i) / float64(n-1)); !(math.Abs(v-want) <= 1e-12) {
				t.Errorf("%d points, point %d: got %g, want %g", n, i, v, want)
			}
		}
	}
}

// The root has the covariance of the process; between the points of the grid, but for the error of the spline.
func TestUpscaledRoot(t *testing.T) {
	for _, c := range []struct {
		points, fine int
		l            float64
		within       float64
	}{
		{50, 50, 0.16, 1e-9}, {20, 20, 0.01, 1e-9}, {50, 59, 0.16, 2e-5}, {128, 1024, 0.08, 2e-5}, {7, 56, 0.9, 1e-3},
	} {
		root, rank := upscaledRoot(c.points, c.fine, c.l)
		for i := range c.fine {
			for j := range i + 1 {
				got := 0.0
				for k := range rank {
					got += root[i*rank+k] * root[j*rank+k]
				}
				r := float64(i-j) / float64(c.fine-1) / c.l
				if want := math.Exp(-r * r / 2); !(math.Abs(got-want) <= c.within) {
					t.Fatalf("%+v: covariance of points %d and %d is %g, want %g", c, i, j, got, want)
				}
			}
		}
	}
}

// The covariance of fields, over many draws, is that of the effective length on a torus of the size less the strip. The
// scatter of the draws gives the standard errors: the fields are not normal.
func TestPatchworkCovariance(t *testing.T) {
	if testing.Short() {
		t.Skip("draws hundreds of fields")
	}
	const lags, draws = 5, 120
	for _, c := range []struct {
		h, w   int
		length float64
	}{{170, 201, 2}, {170, 201, 8}, {190, 230, 9.5}} {
		p := patches(t, c.h, c.w, c.length, DefaultWrapFactor)
		h, w := c.h-p.Strip, c.w-p.Strip // one period
		f, sc := make([]float32, c.h*c.w), NewScratch()
		var mean, square [2 * lags]float64 // along the columns, then along the rows
		variance := 0.0
		for i := range draws {
			p.Draw(f, 1, uint64(i), 0, sc)
			var cov [2 * lags]float64
			for y := range h {
				for x := range w {
					v := float64(f[y*c.w+x])
					for lag := range lags {
						d := lag * int(max(1, c.length/4))
						cov[lag] += v * float64(f[(y+d)%h*c.w+x])
						cov[lags+lag] += v * float64(f[y*c.w+(x+d)%w])
					}
				}
			}
			variance += cov[0] / draws
			for k, v := range cov {
				mean[k] += v / draws
				square[k] += v * v / draws
			}
		}
		worst := func(l float64) float64 {
			worst := 0.0
			for k := range mean {
				lag := k % lags * int(max(1, c.length/4))
				r := float64(lag) / l
				want := variance * math.Exp(-r*r/2)
				stderr := math.Sqrt((square[k] - mean[k]*mean[k]) / draws)
				worst = max(worst, math.Abs(mean[k]-want)/stderr)
			}
			return worst
		}
		// 8 deviations: one exceeds 4 standard errors with probability below 8·6.3e-5 = 0.0005.
		if z := worst(p.EffectiveLength); !(z <= 4) {
			t.Errorf("length %g: covariance is %.1f standard errors from that of length %g", c.length, z, p.EffectiveLength)
		}
		if z := worst(0.97 * c.length); c.length >= 8 && !(z > 4) {
			t.Errorf("length %g: the nominal length passes, %.1f standard errors", c.length, z)
		}
		if got := variance / float64(h*w); !(math.Abs(got-1) <= 0.05) {
			t.Errorf("length %g: variance %g, want 1", c.length, got)
		}
	}
}

// The kurtosis of an infinite patchwork: a point's variance s is a Poisson sum of squared envelopes e, so that the
// fourth moment is 3 E s² and E s² = (E s)² + n∫e⁴, with n patches for each area of (0.6)² and ∫exp(-a r²) = π/a.
func TestPatchworkKurtosis(t *testing.T) {
	const density = patchOverlap / (coveredPart * coveredPart)
	want := 3 * (1 + math.Pi/(4*envelopeDecay)/(density*math.Pow(math.Pi/(2*envelopeDecay), 2)))
	if !(math.Abs(want-4.3) <= 0.05) {
		t.Errorf("kurtosis %g is not what the comment says", want)
	}
	p := patches(t, 1024, 1024, 10, DefaultWrapFactor)
	f := make([]float32, 1024*1024)
	p.Draw(f, 1, 0, 0, NewScratch())
	var m2, m4 float64
	for _, v := range f {
		q := float64(v) * float64(v) / 1e3
		m2 += q / float64(len(f))
		m4 += q * q / float64(len(f))
	}
	if got := m4 / (m2 * m2); !(math.Abs(got-want) <= 0.3) { // four seeds gave 4.1 to 4.4
		t.Errorf("kurtosis %.2f, want %.2f", got, want)
	}
}

// Strips at opposite edges are copies, and the variance is uniform with the factor found by hand, and with it only.
func TestPatchworkWrap(t *testing.T) {
	p := patches(t, 130, 160, 9.5, DefaultWrapFactor)
	f := make([]float32, 130*160)
	p.Draw(f, 1, 0, 0, NewScratch())
	for y := range 130 {
		for x := range 160 {
			v := f[y*160+x]
			if y < p.Strip && v != f[(y+130-p.Strip)*160+x] || x < p.Strip && v != f[y*160+x+160-p.Strip] {
				t.Fatalf("pixel %d, %d differs from its copy", y, x)
			}
		}
	}
	for l := 1.0; l <= 16; l += 0.37 {
		if p := describe(t, 230, 250, l, DefaultWrapFactor); !p.Uniform() {
			t.Errorf("length %g: variance from %g to %g of the mean", l, p.Low, p.High)
		}
		if p := describe(t, 230, 250, l, 1.1); !(p.Low < 0.8) {
			t.Errorf("length %g, factor 1.1: no gap, variance from %g", l, p.Low)
		}
		if p := describe(t, 230, 250, l, 1.4); !(p.High > 1.2) {
			t.Errorf("length %g, factor 1.4: no overlap, variance to %g", l, p.High)
		}
	}
}

// The profile of variances is that of patches at all places, put through wrap.
func TestPatchworkProfile(t *testing.T) {
	const n = 120
	for _, factor := range []float64{0, 1.1, DefaultWrapFactor, 1.29, 1.5} {
		p, d := patches(t, n, n, 8, factor), describe(t, n, n, 8, factor)
		rank, size := p.rank[0], p.Size[0]
		width := 2*p.Strip + 1 // the column in the middle is in no strip
		variance := make([]float64, n)
		f := make([]float32, n*width)
		for at := range n - size {
			for k := range rank {
				clear(f)
				for y := range size {
					f[(at+y)*width+p.Strip] = p.rows[y*rank+k]
				}
				wrap(f, n, width, p.Strip)
				for y := range n {
					variance[y] += float64(f[y*width+p.Strip]) * float64(f[y*width+p.Strip])
				}
			}
		}
		low, high := spread(variance)
		if low, high = low*low, high*high; !(math.Abs(low-d.Low) <= 1e-5) || !(math.Abs(high-d.High) <= 1e-5) {
			t.Errorf("factor %g: variance from %g to %g of the mean, want %g to %g", factor, d.Low, d.High, low, high)
		}
	}
}

// A field depends on its coordinates alone. The numbers are this package's own, of its first version.
func TestPatchworkKeepsItsSeed(t *testing.T) {
	p := patches(t, 120, 140, 9.5, DefaultWrapFactor)
	fresh, f, sc := make([]float32, 120*140), make([]float32, 120*140), NewScratch()
	p.Draw(f, 2, 1, 0, sc)
	patches(t, 120, 140, 60, DefaultWrapFactor).Draw(f, 1, 5, 1, sc)
	p.Draw(f, 1, 5, 1, sc)
	p.Draw(fresh, 1, 5, 1, NewScratch())
	if !slices.Equal(f, fresh) {
		t.Error("a field depends on what was drawn before")
	}
	for i, want := range []float64{0.62953168, -1.36068022, 1.40499127, -0.00005385, 0.75384414, -0.09144400} {
		if got := float64(f[i*1000]); !(math.Abs(got-want) <= 1e-5) {
			t.Errorf("value %d is %g, want %g", i*1000, got, want)
		}
	}
}

func TestPatchworkErrors(t *testing.T) {
	for _, c := range []struct {
		side         int
		length, wrap float64
		want         string
	}{
		{62, 10, 1.246, "length 10 takes patches of 62 px, too large for a side of 62"},
		{100, 10, 1.246, "length 10 with wrap factor 1.246 takes strips of 62 px, too wide for a side of 100"},
		{100, 10, -1, "wrap factor must lie between 0 and 10, got -1"},
		{100, 10, math.NaN(), "wrap factor must lie between 0 and 10, got NaN"},
	} {
		if _, err := New([2]int{c.side, 900}, c.length, c.wrap); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// BenchmarkPatches1024 draws a field of thousands of patches.
func BenchmarkPatches1024(b *testing.B) {
	p := patches(b, 1024, 1024, 10, DefaultWrapFactor)
	f, sc := make([]float32, 1024*1024), NewScratch()
	b.SetBytes(4 << 20)
	for b.Loop() {
		p.Draw(f, 1, 0, 0, sc)
	}
}
