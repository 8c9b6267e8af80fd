package metric

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
)

// Sums have the same bits on any number of processors, and every value comes once, in its place.
func TestInOrder(t *testing.T) {
	for _, n := range []int{0, 1, 1<<13 - 1, 1 << 13, 1<<13 + 1, 5<<13 + 7} {
		r := rand.New(rand.NewPCG(41, 42))
		scores, labels := make([]float64, n), make([]int, n)
		for i := range scores {
			scores[i], labels[i] = r.NormFloat64(), r.IntN(2)
		}
		var first [3]Value
		for _, processors := range []int{1, 2, 5} {
			was := runtime.GOMAXPROCS(processors)
			next := 0
			inOrder(n, func(i int) float64 { return scores[i] }, func(i int, v float64) {
				if i != next || v != scores[i] {
					t.Fatalf("%d values: %d is %v", n, i, v)
				}
				next++
			})
			b := binary(t, scores, labels)
			want := Confidence{Level: 0.9, Replicates: 10}
			got := [3]Value{b.LogLoss(want), b.Brier(want), b.CalibrationError(7, want)}
			runtime.GOMAXPROCS(was)
			if next != n {
				t.Errorf("%d of %d values", next, n)
			}
			if first[0] == (Value{}) {
				first = got
			}
			for i := range got {
				if math.Float64bits(got[i].V) != math.Float64bits(first[i].V) || n > 0 && *got[i].Interval != *first[i].Interval {
					t.Errorf("%d samples, %d processors: %v, want %v", n, processors, got[i], first[i])
				}
			}
		}
	}
}
