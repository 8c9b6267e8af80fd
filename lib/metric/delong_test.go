package metric

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// asah reads the columns of testdata/asah.csv, which says where it is from, as problems by their names.
func asah(t *testing.T) map[string]*Binary {
	t.Helper()
	text, err := os.ReadFile("testdata/asah.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")[3:]
	var labels []int
	var scores [3][]float64
	for _, line := range lines {
		var y int
		var s [3]float64
		if _, err := fmt.Sscanf(line, "%d,%f,%f,%f", &y, &s[0], &s[1], &s[2]); err != nil {
			t.Fatal(err)
		}
		labels = append(labels, y)
		for i, v := range s {
			scores[i] = append(scores[i], v)
		}
	}
	problems := map[string]*Binary{}
	for i, name := range []string{"wfns", "s100b", "ndka"} {
		b, err := NewBinary(scores[i], Logits, labels, [2]string{"good", "poor"})
		if err != nil {
			t.Fatal(err)
		}
		problems[name] = b
	}
	if b := problems["s100b"]; b.size != [2]int{72, 41} {
		t.Fatalf("%v patients", b.size)
	}
	return problems
}

// The values are those that pROC's tests expect (commit 13bdf2c: test-auc.R, test-ci.auc.R, test-roc.test.R), to all their
// digits; those of the interval of S100B are its manual's.
func TestPublishedAUC(t *testing.T) {
	p := asah(t)
	for name, want := range map[string][4]float64{ // AUC, interval, partial AUC up to 0.1
		"s100b": {0.731368563685637, 0.6301, 0.8326, math.NaN()},
		"ndka":  {0.611957994579946, 0.501244999271703, 0.722670989888189, 0.530024247610897},
		"wfns":  {0.823678861788618, math.NaN(), math.NaN(), 0.649693339038653},
	} {
		v := p[name].AUC(Confidence{Level: 0.95})
		rtol := 1e-13
		near(t, name, v, want[0], rtol)
		if name == "s100b" {
			rtol = 0.5e-4
		}
		if !math.IsNaN(want[1]) {
			near(t, name+" low", Value{V: v.Interval.Low}, want[1], rtol)
			near(t, name+" high", Value{V: v.Interval.High}, want[2], rtol)
		}
		if !math.IsNaN(want[3]) {
			near(t, name+" up to 0.1", p[name].PartialAUC(0.1, none), want[3], 1e-13)
		}
	}
}

func TestPublishedComparisons(t *testing.T) {
	p := asah(t)
	for _, c := range []struct {
		a, b            string
		z, p, low, high float64
	}{
		{"wfns", "s100b", 2.20898359144091, 0.0271757822291882, 0.0104061769564846, 0.174214419249478},
		{"wfns", "ndka", 2.79777591868904, 0.00514557970691098, 0.0634011709339876, 0.3600405634833566},
		{"ndka", "s100b", -1.39077002573558, 0.164295175223054, -0.2876917446341914, 0.0488706064228094},
	} {
		got := CompareAUC(p[c.a], p[c.b], Confidence{Level: 0.95})
		what := c.a + " and " + c.b
		near(t, what+": z", got.Z, c.z, 1e-12)
		near(t, what+": p", got.P, c.p, 1e-12)
		near(t, what+": low", Value{V: got.Difference.Interval.Low}, c.low, 1e-12)
		near(t, what+": high", Value{V: got.Difference.Interval.High}, c.high, 1e-12)
	}
	same := CompareAUC(p["wfns"], p["wfns"], Confidence{Level: 0.95})
	if same.Z.V != 0 || same.P.V != 1 || same.Difference.V != 0 || same.Difference.Missing() != "" {
		t.Errorf("a score and itself: %+v", same)
	}
	one, other := binary(t, []float64{-2, -1, 1, 2}, []int{0, 0, 1, 1}), binary(t, []float64{-8, -1, 1, 8}, []int{0, 0, 1, 1})
	alike := CompareAUC(one, other, Confidence{Level: 0.95})
	if alike.Z.V != 0 || alike.P.V != 1 || alike.Difference.Missing() != "no interval: both scores place every sample alike" {
		t.Errorf("scores that separate the classes both: %+v", alike)
	}
}

// bruteCovariance is DeLong's covariance of the AUC of two scores from all pairs [eqs. 4–6].
func bruteCovariance(a, b []float64, labels []int) float64 {
	won := func(x, y float64) float64 {
		if x == y {
			return 0.5
		}
		if x > y {
			return 1
		}
		return 0
	}
	placed := func(s []float64) (of [2][]float64) {
		for i, y := range labels {
			sum, n := 0.0, 0.0
			for j, other := range labels {
				if other != y {
					sum += won(s[i], s[j])
					n++
				}
			}
			of[y] = append(of[y], sum/n)
		}
		return of
	}
	pa, pb := placed(a), placed(b)
	v := 0.0
	for y := range pa {
		n := float64(len(pa[y]))
		ma, mb, sum := 0.0, 0.0, 0.0
		for i := range pa[y] {
			ma += pa[y][i] / n
			mb += pb[y][i] / n
		}
		for i := range pa[y] {
			sum += (pa[y][i] - ma) * (pb[y][i] - mb)
		}
		v += sum / (n - 1) / n
	}
	return v
}

func TestDeLongAgainstDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for round := range 200 {
		n := 4 + r.IntN(60)
		var s [2][]float64
		labels := make([]int, n)
		for i := range labels {
			labels[i] = r.IntN(2)
			for k := range s {
				v := float64(r.IntN(3+round%20)) - 2
				if round%3 == 0 {
					v *= 1.1 // which no float32 is
				}
				s[k] = append(s[k], v+float64(labels[i])*float64(r.IntN(3)))
			}
		}
		copy(labels, []int{0, 0, 1, 1})
		var b [2]*Binary
		for k := range b {
			var err error
			if b[k], err = NewBinary(s[k], Logits, labels, [2]string{"0", "1"}); err != nil {
				t.Fatal(err)
			}
			v := b[k].AUC(Confidence{Level: 0.9})
			half := 1.6448536269514722 * math.Sqrt(bruteCovariance(s[k], s[k], labels)) // the normal quantile at 0.95
			if v.Interval.Method == "DeLong" {
				near(t, "low", Value{V: v.Interval.Low}, max(0, v.V-half), 1e-9)
				near(t, "high", Value{V: v.Interval.High}, min(1, v.V+half), 1e-12)
			} else if half > 1e-12 {
				t.Errorf("variance, but %+v", v.Interval)
			}
			if variance := bruteCovariance(s[k], s[k], labels); variance > 1e-12 && v.V > 0 && v.V < 1 {
				odds, deviation := math.Log(v.V/(1-v.V)), math.Sqrt(variance)/v.V/(1-v.V)
				i := b[k].AUC(Confidence{Level: 0.9, LogitAUC: true}).Interval
				down, up := odds-math.Log(i.Low/(1-i.Low)), math.Log(i.High/(1-i.High))-odds
				// Between the quantiles of a normal distribution and of Student's with 2 degrees of freedom, which no kurtosis of n
				// numbers goes below.
				if math.Abs(down-up) > 1e-6*up || up < 1.6448*deviation || up > 2.92*deviation {
					t.Errorf("on the logit scale %v, and down %v, up %v", deviation, down, up)
				}
			}
		}
		c := CompareAUC(b[0], b[1], Confidence{Level: 0.9})
		v := bruteCovariance(s[0], s[0], labels) + bruteCovariance(s[1], s[1], labels) - 2*bruteCovariance(s[0], s[1], labels)
		if v > 1e-12 {
			near(t, "z", c.Z, (b[0].AUC(none).V-b[1].AUC(none).V)/math.Sqrt(v), 1e-9)
		}
	}
}

// Scores that separate the classes: no AUC is in the interval under which that is too improbable.
func TestIntervalOfFaultlessScores(t *testing.T) {
	for _, sign := range []float64{1, -1} {
		b, err := NewBinary([]float64{sign * 1, sign * 2, sign * 3, sign * 4, sign * 5}, Logits, []int{0, 0, 1, 1, 1}, [2]string{"0", "1"})
		if err != nil {
			t.Fatal(err)
		}
		v := b.AUC(Confidence{Level: 0.95})
		low, high := v.Interval.Low, v.Interval.High
		if sign < 0 {
			low, high = 1-high, 1-low
		}
		if v.V != (1+sign)/2 || high != 1 || math.Abs(low*low-0.025) > 1e-15 { // two pairs, so that low² is the tail
			t.Errorf("%v: %+v", v, v.Interval)
		}
	}
}

func TestMissingIntervals(t *testing.T) {
	for _, c := range []struct {
		scores []float64
		labels []int
		want   string
	}{
		{[]float64{1, 1, 1, 1}, []int{0, 1, 0, 1}, "no interval: all scores are equal"},
		{[]float64{1, 2, 3}, []int{0, 1, 0}, "no interval: only one positive sample"},
		{[]float64{1, 2, 3}, []int{1, 0, 1}, "no interval: only one negative sample"},
		{[]float64{1, 2}, []int{0, 0}, "no positive samples"},
		{[]float64{1, 2}, []int{1, 1}, "no negative samples"},
		{[]float64{1, 2, 3}, []int{0, 0, 1}, ""}, // exact
	} {
		b, err := NewBinary(c.scores, Logits, c.labels, [2]string{"0", "1"})
		if err != nil {
			t.Fatal(err)
		}
		if got := b.AUC(Confidence{Level: 0.95}).Missing(); got != c.want {
			t.Errorf("%v %v: %q, want %q", c.scores, c.labels, got, c.want)
		}
		other, _ := NewBinary([]float64{4, 3, 2, 1}[:len(c.labels)], Logits, c.labels, [2]string{"0", "1"})
		if got := CompareAUC(b, other, Confidence{Level: 0.95}); got.Z.Defined() != (c.want == "no interval: all scores are equal") || got.P.Defined() != got.Z.Defined() {
			t.Errorf("%v %v compared: %+v", c.scores, c.labels, got)
		}
	}
}

// Sums of squares beyond 64 bits: 2³¹ placements of 2³¹ and −2³¹ have the mean 0 and the variance 2⁶² n/(n−1)/n.
func TestSpreadIsExact(t *testing.T) {
	var s spread
	s.add(1<<30, 1<<31)
	s.add(1<<30, -1<<31)
	if s.sum != 0 || s.hi != 1<<29 || s.lo != 0 {
		t.Errorf("%+v", s)
	}
	near(t, "variance", Value{V: s.variance(1 << 31)}, 0x1p62/(0x1p31-1), 1e-15)
}
