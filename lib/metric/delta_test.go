package metric

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// derivatives returns what the weight of each of n samples does to a figure, by differences: of the figure of many copies of
// all samples, with one copy of a sample more and one less.
func derivatives(n int, figure func(times []int) float64) []float64 {
	const copies = 60
	times := make([]int, n)
	for i := range times {
		times[i] = copies
	}
	d := make([]float64, n)
	for i := range d {
		times[i] = copies + 1
		up := figure(times)
		times[i] = copies - 1
		d[i] = (up - figure(times)) / 2 * copies
		times[i] = copies
	}
	return d
}

// repeat returns rows and labels as often as times says.
func repeat(scores []float64, columns int, labels, times []int) (s []float64, l []int) {
	for i, t := range times {
		for range t {
			s = append(s, scores[i*columns:(i+1)*columns]...)
			l = append(l, labels[i])
		}
	}
	return s, l
}

// expect compares an interval with that of the delta method by derivatives: on the logit scale between low and high, or on
// that of the logarithm if high is infinite.
func expect(t *testing.T, what string, v Value, low, high, level float64, d []float64) {
	t.Helper()
	n := float64(len(d))
	sum, squares, fourth := 0.0, 0.0, 0.0
	for _, x := range d {
		sum += x
		squares += x * x
		fourth += x * x * x * x
	}
	if math.Abs(sum) > 1e-3*math.Sqrt(squares) {
		t.Errorf("%s: the derivatives add up to %v, their size is %v", what, sum, math.Sqrt(squares))
	}
	if v.Interval.Reason == noErrors {
		return
	}
	if squares < 1e-9 {
		if v.Interval.Reason != noVariance {
			t.Errorf("%s: %+v without variance", what, v.Interval)
		}
		return
	}
	kurtosis := n * fourth / squares / squares
	freedom := min(n-1, 2*n/(kurtosis-1))
	half := distuv.StudentsT{Sigma: 1, Nu: freedom}.Quantile((1+level)/2) * math.Sqrt(squares*n/(n-1))
	scale, inverse, slope := math.Log, math.Exp, 1/v.V
	if !math.IsInf(high, 1) {
		scale = func(v float64) float64 { return math.Log((v - low) / (high - v)) }
		inverse = func(x float64) float64 { return low + (high-low)/(1+math.Exp(-x)) }
		slope = (high - low) / (v.V - low) / (high - v.V)
	}
	for _, end := range []struct{ got, sign float64 }{{v.Interval.Low, -1}, {v.Interval.High, 1}} {
		want := inverse(scale(v.V) + end.sign*half*slope)
		if !(math.Abs(end.got-want) <= 2e-3*math.Abs(want-v.V)) {
			t.Errorf("%s %v: %+v, want %v", what, v.V, *v.Interval, want)
		}
	}
}

func TestBinaryIntervalsAgainstDerivatives(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	const level = 0.8
	want := Confidence{Level: level, LogitAUC: true}
	for round := range 12 {
		n := 8 + r.IntN(8)
		scale := Scale(round % 2)
		scores, labels := make([]float64, n), make([]int, n)
		for i := range scores {
			labels[i] = i * 3 / n % 2
			scores[i] = float64(r.IntN(2+2*round)) - float64(round) + 2.5*float64(labels[i]) // ties in most rounds
			if scale == Probabilities {
				scores[i] = probability(scores[i])
			}
		}
		problem := func(times []int) *Binary {
			s, l := repeat(scores, 1, labels, times)
			b, err := NewBinary(s, scale, l, [2]string{"0", "1"})
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		b := binaryOf(t, scores, scale, labels)
		inf := math.Inf(1)
		limit := 0.37 // within a segment: derivatives at the end of one have two values
		lowest := 0.5 - limit*limit/4/(limit-limit*limit/2)
		for _, f := range []struct {
			name      string
			of        func(*Binary, Confidence) Value
			low, high float64
		}{
			{"average precision", (*Binary).AveragePrecision, 0, 1},
			{"partial AUC", func(b *Binary, c Confidence) Value { return b.PartialAUC(limit, c) }, lowest, 1},
			{"log loss", (*Binary).LogLoss, 0, inf},
			{"Brier score", (*Binary).Brier, 0, 1},
		} {
			d := derivatives(n, func(times []int) float64 { return f.of(problem(times), none).V })
			expect(t, fmt.Sprintf("round %d: %s", round, f.name), f.of(b, want), f.low, f.high, level, d)
		}
	}
}

func binaryOf(t *testing.T, scores []float64, scale Scale, labels []int) *Binary {
	t.Helper()
	b, err := NewBinary(scores, scale, labels, [2]string{"0", "1"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestMulticlassIntervalsAgainstDerivatives(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	const level = 0.8
	want := Confidence{Level: level}
	for round := range 6 {
		k := 2 + round%3
		n := 4*k + r.IntN(3)
		scores, labels := make([]float64, n*k), make([]int, n)
		for i := range labels {
			labels[i] = min(i/(2+r.IntN(2)), k-1)
			for c := range k {
				scores[i*k+c] = float64(r.IntN(3 + 3*round))
			}
			scores[i*k+labels[i]] += 2
		}
		copy(labels, []int{0, 0})
		scale := Scale(round / 3)
		if scale == Probabilities {
			for i := range n {
				sum := 0.0
				for c := range k {
					scores[i*k+c]++
					sum += scores[i*k+c]
				}
				for c := range k {
					scores[i*k+c] /= sum
				}
			}
		}
		problem := func(times []int) *Multiclass {
			s, l := repeat(scores, k, labels, times)
			m, err := NewMulticlass(s, scale, l, names(k))
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		once := make([]int, n)
		for i := range once {
			once[i] = 1
		}
		m := problem(once)
		type figure struct {
			name string
			of   func(*Multiclass, Confidence) Value
			high float64
		}
		figures := []figure{{"log loss", (*Multiclass).LogLoss, math.Inf(1)}, {"Brier score", (*Multiclass).Brier, 2}}
		for _, a := range []Average{Macro, Weighted} {
			figures = append(figures,
				figure{fmt.Sprintf("one against the rest %d", a), func(m *Multiclass, c Confidence) Value { return m.AUCOneVsRest(a, c) }, 1},
				figure{fmt.Sprintf("one against one %d", a), func(m *Multiclass, c Confidence) Value { return m.AUCOneVsOne(a, c) }, 1},
				figure{fmt.Sprintf("average precision %d", a), func(m *Multiclass, c Confidence) Value { return m.AveragePrecision(a, c) }, 1})
		}
		for _, f := range figures {
			v := f.of(m, want)
			if v.Interval.Reason != "" && v.Interval.Reason != noVariance && v.Interval.Reason != noErrors {
				t.Errorf("round %d: %s: %s", round, f.name, v.Interval.Reason)
				continue
			}
			d := derivatives(n, func(times []int) float64 { return f.of(problem(times), none).V })
			expect(t, fmt.Sprintf("round %d: %s", round, f.name), v, 0, f.high, level, d)
		}
	}
}

// With many samples the intervals of F1 and its means are normal: the figure ± z deviations, by derivatives.
func TestF1IntervalsAgainstDerivatives(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for range 10 {
		k := 2 + r.IntN(3)
		c := newConfusion(names(k))
		for i := range k {
			for j := range k {
				c.Count[i][j] = 200_000 + r.IntN(4_000_000)
			}
			c.Count[i][i] *= 1 + r.IntN(3)
		}
		for what, of := range map[string]func(Confusion, Confidence) Value{
			"F1":          func(c Confusion, w Confidence) Value { return c.F1(0, w) },
			"macro F1":    func(c Confusion, w Confidence) Value { return c.MeanF1(Macro, w) },
			"weighted F1": func(c Confusion, w Confidence) Value { return c.MeanF1(Weighted, w) },
		} {
			variance := 0.0
			for i := range k {
				for j := range k {
					const step = 1000
					n := c.Count[i][j]
					c.Count[i][j] = n + step
					up := of(c, none).V
					c.Count[i][j] = n - step
					d := (up - of(c, none).V) / 2 / step
					c.Count[i][j] = n
					variance += float64(n) * d * d
				}
			}
			v := of(c, Confidence{Level: 0.95})
			half := 1.959963984540054 * math.Sqrt(variance)
			near(t, what+": low", Value{V: v.V - v.Interval.Low}, half, 2e-3)
			near(t, what+": high", Value{V: v.Interval.High - v.V}, half, 2e-3)
		}
	}
}
