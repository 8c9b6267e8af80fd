package metric

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestLogOddsOfTwoClassesIsTheDifference(t *testing.T) {
	logits := []float64{1, 3.5, 1000, -1000, 0, 0}
	logOdds(logits, 2)
	if want := []float64{-2.5, 2.5, 2000, -2000, 0, 0}; !slices.Equal(logits, want) {
		t.Errorf("got %v, want %v", logits, want)
	}
}

func TestLogOddsAgainstProbabilities(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		k := 2 + r.IntN(5)
		row := make([]float64, k)
		total := 0.0
		for i := range row {
			row[i] = 3 * r.NormFloat64()
			total += math.Exp(row[i])
		}
		got := slices.Clone(row)
		logOdds(got, k)
		for i, s := range row {
			p := math.Exp(s) / total
			if want := math.Log(p / (1 - p)); !(math.Abs(got[i]-want) <= 1e-9*max(1, math.Abs(want))) {
				t.Errorf("%v: log-odds %v, want %v", row, got[i], want)
			}
		}
	}
}

// TestLogOddsKeepsTies takes rows with the same logits in another order or shifted, whose probabilities as computed
// by a plain softmax differ in the last bits.
func TestLogOddsKeepsTies(t *testing.T) {
	row := []float64{0.25, 1.5, 1.5, -2.75, 3.125}
	want := slices.Clone(row)
	logOdds(want, len(row))
	r := rand.New(rand.NewPCG(9, 10))
	for range 100 {
		p := r.Perm(len(row))
		shift := float64(r.IntN(100))
		got := make([]float64, len(row))
		for i, from := range p {
			got[i] = row[from] + shift
		}
		logOdds(got, len(row))
		for i, from := range p {
			if got[i] != want[from] {
				t.Fatalf("order %v, shift %v: log-odds %v, want exactly %v", p, shift, got[i], want[from])
			}
		}
	}
}

func TestLogOddsDoesNotSaturate(t *testing.T) {
	// The probabilities of class 0 are 1 in double precision, all three.
	logits := []float64{100, 0, 0, 200, 0, 0, 300, 0, 0}
	logOdds(logits, 3)
	for i, s := range []float64{100, 200, 300} {
		if got, want := logits[3*i], s-math.Ln2; !(math.Abs(got-want) <= 1e-12*want) {
			t.Errorf("row %d: %v, want %v", i, got, want)
		}
	}
}
