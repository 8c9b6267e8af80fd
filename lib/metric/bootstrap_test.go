package metric

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// drawn are the figures of a replica, and those of a problem of the very samples that it drew.
func drawnBinary(b *Binary) ([]Value, []Value) {
	var scores []float64
	var labels []int
	for y := range b.sorted {
		r := &b.sorted[y]
		for i, w := range r.weight {
			for range w {
				scores, labels = append(scores, r.score(i)), append(labels, y)
			}
		}
	}
	whole, err := NewBinary(scores, labels, b.classes)
	if err != nil {
		panic(err)
	}
	figures := func(b *Binary) []Value {
		c := b.Confusion()
		return []Value{b.AUC(), b.PartialAUC(0.3), b.AveragePrecision(), b.LogLoss(), b.Brier(), c.Accuracy(), c.F1(1),
			CalibrationError(b.Calibration(7)), {V: float64(b.size[0])}, {V: float64(b.size[1])}}
	}
	return figures(b), figures(whole)
}

func drawnMulticlass(m *Multiclass) ([]Value, []Value) {
	k := len(m.classes)
	var logits []float64
	var labels []int
	for i, w := range m.weight {
		for range w {
			logits, labels = append(logits, m.logOdds[i*k:(i+1)*k]...), append(labels, m.labels[i])
		}
	}
	whole, err := NewMulticlass(logits, labels, m.classes)
	if err != nil {
		panic(err)
	}
	copy(whole.logOdds, logits) // those of log-odds are others
	figures := func(m *Multiclass) []Value {
		c := m.Confusion()
		return []Value{m.AUCOneVsRest(Macro), m.AUCOneVsOne(Weighted), m.AveragePrecision(Macro), m.LogLoss(), m.Brier(), c.Accuracy(),
			c.MeanF1(Macro), CalibrationError(m.Calibration(7))}
	}
	return figures(m), figures(whole)
}

func TestReplicasAreTheSamplesDrawn(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for round := range 60 {
		n, k := 6+r.IntN(40), 3
		scores, labels, logits, classes := make([]float64, n), make([]int, n), make([]float64, n*k), make([]int, n)
		for i := range scores {
			scores[i] = float64(r.IntN(9)) - 4 + 0.1*float64(round%2)
			labels[i], classes[i] = i%2, i%k
		}
		for i := range logits {
			logits[i] = float64(r.IntN(5))
		}
		b, err := NewBinary(scores, labels, [2]string{"0", "1"})
		if err != nil {
			t.Fatal(err)
		}
		m, err := NewMulticlass(logits, classes, names(k))
		if err != nil {
			t.Fatal(err)
		}
		before := []Value{b.AUC(), b.LogLoss(), m.AUCOneVsRest(Macro), m.LogLoss()}
		two, more := b.Replica(), m.Replica()
		for range 3 {
			two.Draw(r)
			more.Draw(r)
			got, want := drawnBinary(two)
			gotMore, wantMore := drawnMulticlass(more)
			for i, v := range append(want, wantMore...) {
				near(t, "figure", append(got, gotMore...)[i], v.V, 1e-12)
			}
		}
		if after := []Value{b.AUC(), b.LogLoss(), m.AUCOneVsRest(Macro), m.LogLoss()}; !slices.Equal(after, before) {
			t.Errorf("drawing has changed %v to %v", before, after)
		}
	}
}

// The mean of n draws from as many numbers has the variance of the numbers over n, so that the interval of a mean is
// normal to a few per cent here; and it is the same for every number of threads.
func TestBootstrapOfAMean(t *testing.T) {
	const n = 400
	scores, labels := make([]float64, n), make([]int, n)
	for i := range scores {
		scores[i] = -3 + 6*float64(i)/n
		labels[i] = i % 2
	}
	b, err := NewBinary(scores, labels, [2]string{"0", "1"})
	if err != nil {
		t.Fatal(err)
	}
	boot := Bootstrap{Replicates: 4000, Seed: 3, Level: 0.95}
	replica := func() (func(*rand.Rand), func([]float64)) {
		c := b.Replica()
		return c.Draw, func(dst []float64) {
			dst[0], dst[1] = c.LogLoss().V, math.NaN()
			if c.sorted[1].weight[0] > 0 {
				dst[1] = 1
			}
		}
	}
	got := boot.Intervals(2, replica)
	variance := 0.0
	for y := range 2 { // of the two classes apart
		var losses []float64
		mean := 0.0
		for i, s := range scores {
			if labels[i] == y {
				losses = append(losses, lossOf([]float64{-s, s}[y]))
				mean += losses[len(losses)-1] / (n / 2)
			}
		}
		for _, l := range losses {
			variance += (l - mean) * (l - mean) / n / n
		}
	}
	loss, half := b.LogLoss().V, 1.959963984540054*math.Sqrt(variance) // the normal quantile at 0.975
	// The quantile at 0.025 of 4000 normal numbers has the standard error √(0.025·0.975/4000)/φ(1.96) = 0.042 σ, 2.2 % of half.
	if i := got[0]; i.Method != "bootstrap" || math.Abs(loss-half-i.Low) > 0.1*half || math.Abs(loss+half-i.High) > 0.1*half {
		t.Errorf("%+v, want about %v ± %v", got[0], loss, half)
	}
	if got[1].Reason == "" {
		t.Errorf("%+v for a figure that is missing at times", got[1])
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if again := boot.Intervals(2, replica); !slices.Equal(again, got) {
		t.Errorf("one thread: %+v, else %+v", again, got)
	}
}

func TestQuantile(t *testing.T) {
	// numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 1])
	for q, want := range map[float64]float64{0: 1, 0.1: 1.3, 0.5: 3, 1: 8} {
		if got := quantile([]float64{1, 2, 4, 8}, q); math.Abs(got-want) > 1e-15 {
			t.Errorf("%v: %v, want %v", q, got, want)
		}
	}
}

// The intervals are those of R. G. Newcombe, "Two-Sided Confidence Intervals for the Single Proportion: Comparison of
// Seven Methods", Statistics in Medicine 17, 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
func TestPublishedWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		i := Wilson(c.k, c.n, 0.95, "").Interval
		if math.Abs(i.Low-c.low) > 0.5e-4 || math.Abs(i.High-c.high) > 0.5e-4 {
			t.Errorf("%d of %d: %+v, want %v to %v", c.k, c.n, i, c.low, c.high)
		}
	}
	if v := Wilson(0, 0, 0.95, "none"); v.Reason != "none" {
		t.Errorf("0 of 0: %+v", v)
	}
}
