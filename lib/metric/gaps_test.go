package metric

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
)

// With one bin of many samples the interval has a closed form: downwards from an error that may be chance alone the size of
// a normal number, where it is beyond doubt, and upwards, a normal number.
func TestCalibrationIntervalOfOneBin(t *testing.T) {
	const n = 40_000
	c := Confidence{Level: 0.95, Replicates: 20_000, Seed: 3}
	for _, f := range []struct {
		hits       int
		down       float64 // deviations
		frequency  float64 // that labels are drawn with
		upVariance float64
	}{
		{n*3/10 + 60, 2.2414, 0.3, 0.3 * 0.7}, // 0.65 deviations from 0.3; 2.2414 is the normal quantile at 1 − 0.025/2
		{n*4/10 + 60, 1.96, 0.4015, 0.4015 * 0.5985},
	} {
		scores, labels := make([]float64, n), make([]int, n)
		for i := range scores {
			scores[i] = 0.3
			if i < f.hits {
				labels[i] = 1
			}
		}
		v := binaryOf(t, scores, Probabilities, labels).CalibrationError(1, c)
		near(t, "error", v, math.Abs(float64(f.hits)/n-0.3), 1e-9)
		down := f.down * math.Sqrt(f.frequency*(1-f.frequency)/n)
		// The standard error of the quantile at 0.975 of 20,000 normal numbers is √(0.025·0.975/20,000)/φ(1.96), 1 % of it.
		near(t, "low", Value{V: v.Interval.Low}, max(0, v.V-down), 0.03)
		near(t, "high", Value{V: v.Interval.High - v.V}, 1.96*math.Sqrt(f.upVariance/n), 0.01)
	}
}

// What chance adds to the number of samples that come true has the mean 0 and the variance Σ p(1−p), however many there are
// and however improbable they are; of many that are all but certain none is an exception as often as by Poisson.
func TestChance(t *testing.T) {
	const draws = 20_000
	for _, c := range []struct {
		n    int
		p    float64
		none float64 // how often no sample is an exception; 0: not to be counted
	}{{1, 0.3, 0.7}, {fewSamples, 0.02, math.Pow(0.98, fewSamples)}, {1000, 0.0005, math.Exp(-0.5)}, {1000, 0.9995, math.Exp(-0.5)}, {1000, 0.2, 0}} {
		f := forecasts{c.n, func(int) float64 { return c.p }, func(i int) bool { return float64(i) < float64(c.n)*c.p }}
		g := newGaps(f, f.bins(1)).bins[0]
		r := rand.New(rand.NewPCG(1, 2))
		sum, squares, none := 0.0, 0.0, 0.0
		exceptions := min(c.p, 1-c.p) * float64(c.n)
		for range draws {
			v := g.chance(r)
			sum += v
			squares += v * v
			if math.Abs(math.Abs(v)-exceptions) < 1e-9 && (v < 0) == (c.p < 0.5) {
				none++
			}
		}
		variance := float64(c.n) * c.p * (1 - c.p)
		if mean := sum / draws; math.Abs(mean) > 4*math.Sqrt(variance/draws) {
			t.Errorf("%d of %v: mean %v", c.n, c.p, mean)
		}
		if got := squares / draws; math.Abs(got-variance) > 0.1*variance {
			t.Errorf("%d of %v: variance %v, want %v", c.n, c.p, got, variance)
		}
		if c.none > 0 && math.Abs(none/draws-c.none) > 0.015 { // four standard errors of a share of one half
			t.Errorf("%d of %v: no exception in %v of the draws, want %v", c.n, c.p, none/draws, c.none)
		}
	}
}

// The same draws on every number of threads.
func TestCalibrationIntervalDoesNotDependOnThreads(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	scores, labels := make([]float64, 300), make([]int, 300)
	for i := range scores {
		scores[i], labels[i] = 3*r.NormFloat64(), r.IntN(2)
	}
	b := binary(t, scores, labels)
	c := Confidence{Level: 0.95, Replicates: 500, Seed: 2}
	got := *b.CalibrationError(15, c).Interval
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if again := *b.CalibrationError(15, c).Interval; again != got {
		t.Errorf("one thread: %+v, else %+v", again, got)
	}
	c.Seed++
	if other := *b.CalibrationError(15, c).Interval; other == got {
		t.Error("another seed draws the same")
	}
}
