package metric

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// group is how many samples of either class have a score.
type group struct {
	score              float64
	positive, negative int
}

// groupsOf counts samples by their scores.
func groupsOf(scores []float64, labels []int) (groups []group) {
	at := map[float64]int{}
	for i, s := range scores {
		g, ok := at[s] // -0 is 0 there, too
		if !ok {
			g = len(groups)
			at[s] = g
			groups = append(groups, group{score: s})
		}
		if labels[i] == 1 {
			groups[g].positive++
		} else {
			groups[g].negative++
		}
	}
	slices.SortFunc(groups, func(a, b group) int {
		if a.score < b.score {
			return -1
		}
		return 1
	})
	return groups
}

// Ranks of scores of many kinds are those of their definition, on any number of processors, and sums of placements are those of
// one sample after the other.
func TestRanks(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	inf := math.Inf(1)
	kinds := map[string]func(i int) float64{
		"normal":            func(int) float64 { return r.NormFloat64() },
		"normal in float32": func(int) float64 { return float64(float32(r.NormFloat64())) },
		"ties":              func(int) float64 { return float64(r.IntN(5)) - 2 },
		"eighths":           func(int) float64 { return float64(r.IntN(4000)-2000) / 8 },
		"equal":             func(int) float64 { return -3 },
		"probabilities":     func(int) float64 { return probability(10 * r.NormFloat64()) },
		"bits":              func(int) float64 { return math.Float64frombits(r.Uint64() &^ (1 << 62)) },
		"float32 bits":      func(int) float64 { return float64(math.Float32frombits(r.Uint32() &^ (1 << 30))) },
		"last bits":         func(int) float64 { return 1 + float64(r.IntN(1<<20))*0x1p-52 },
		"last bits below":   func(i int) float64 { return float64(i%3) + 1 - float64(r.IntN(9))*0x1p-53 },
		"first and last": func(i int) float64 { // sorted by their highest digits, they are in the opposite order
			return math.Float64frombits(math.Float64bits(1) + uint64(i%2)<<51 + uint64(i%100)/99<<43 + uint64(1<<20-i))
		},
		"signed zeros": func(i int) float64 { return []float64{0, math.Copysign(0, -1), 1e-300, -1e-300}[i%4] },
		"infinite":     func(i int) float64 { return []float64{-inf, 0, inf, r.NormFloat64()}[i%4] },
		"extreme":      func(i int) float64 { return []float64{-math.MaxFloat64, math.MaxFloat64, 5e-324, -5e-324}[i%4] },
		"one far away": func(i int) float64 {
			if i == 7 {
				return -1e30
			}
			return 1 + r.Float64()/1000
		},
	}
	for kind, of := range kinds {
		for _, n := range []int{0, 1, 2, few - 1, few, few + 1, 5 * few, 10000} {
			scores, labels, single := make([]float64, n), make([]int, n), make([]float32, n)
			for i := range scores {
				scores[i], labels[i] = of(i), r.IntN(10)/7
				single[i] = float32(scores[i])
			}
			rounded := make([]float64, n)
			for i, v := range single {
				rounded[i] = float64(v)
			}
			for _, processors := range []int{1, 3} {
				was := runtime.GOMAXPROCS(processors)
				b, err := NewBinary(scores, Logits, labels, [2]string{"0", "1"})
				if err != nil {
					t.Fatal(err)
				}
				sameRanks(t, kind, b, groupsOf(scores, labels))
				if b, err = NewBinary(single, Logits, labels, [2]string{"0", "1"}); err != nil {
					t.Fatal(err)
				}
				sameRanks(t, kind+", single", b, groupsOf(rounded, labels))
				runtime.GOMAXPROCS(was)
			}
		}
	}
}

func sameRanks(t *testing.T, what string, b *Binary, want []group) {
	t.Helper()
	i := 0
	b.groups(func(score float64, positive, negative int) {
		if g := (group{score, positive, negative}); i >= len(want) || g != want[i] {
			t.Fatalf("%s, %d samples: group %d is %v", what, len(b.labels), i, g)
		}
		i++
	})
	if i != len(want) {
		t.Fatalf("%s, %d samples: %d groups, want %d", what, len(b.labels), i, len(want))
	}
	var sums [2]spread
	b.placed(func(y, n int, placement int64) { sums[y].add(n, placement) })
	if got := b.rank().spreads(b.size); got != sums {
		t.Errorf("%s, %d samples: sums of placements %v, want %v", what, len(b.labels), got, sums)
	}
}

// Probabilities that rounding moved out of [0, 1] are ties with 0 and 1.
func TestRanksOfClippedProbabilities(t *testing.T) {
	p := []float64{-1e-7, 0, 0.5, 1, 1 + 1e-7, math.Copysign(0, -1), 1 + 0x1p-23}
	labels := []int{0, 1, 0, 1, 0, 1, 1}
	b := binaryOf(t, p, Probabilities, labels)
	sameRanks(t, "double", b, []group{{0, 2, 1}, {0.5, 0, 1}, {1, 2, 1}})
	var single []float32
	for _, v := range p {
		single = append(single, float32(v))
	}
	b, err := NewBinary(single, Probabilities, labels, [2]string{"0", "1"})
	if err != nil {
		t.Fatal(err)
	}
	sameRanks(t, "single", b, []group{{0, 2, 1}, {0.5, 0, 1}, {1, 2, 1}})
}

// All of them may be.
func TestRanksBelowZero(t *testing.T) {
	b := binaryOf(t, []float64{-1e-7, -1e-8, -1e-7}, Probabilities, []int{0, 1, 1})
	sameRanks(t, "double", b, []group{{0, 2, 1}})
}

// What is wrong is found wherever it is, and nothing else.
func TestSurvey(t *testing.T) {
	n := 1<<17 + 5
	for _, at := range []int{0, 1<<16 - 1, 1 << 16, n - 1} {
		for _, c := range []struct {
			score float64
			label int
			scale Scale
			bad   bool
		}{
			{0.5, 1, Logits, false},
			{math.Inf(-1), 0, Logits, false},
			{math.NaN(), 0, Logits, true},
			{0.5, 2, Logits, true},
			{0.5, -1, Logits, true},
			{0.5, 1 << 62, Probabilities, true},
			{-1e-7, 0, Probabilities, false},
			{1 + 1e-7, 0, Probabilities, false},
			{1.1, 0, Probabilities, true},
			{math.NaN(), 1, Probabilities, true},
		} {
			scores, labels := make([]float64, n), make([]int, n)
			for i := range scores {
				scores[i], labels[i] = float64(i%4)/4, i%3/2
			}
			scores[at], labels[at] = c.score, c.label
			got := survey(scores, c.scale, labels)
			if got.bad != c.bad {
				t.Errorf("score %v, label %d at %d: %+v", c.score, c.label, at, got)
			}
			if got.bad {
				continue
			}
			var want [2][2]int
			for i, y := range labels {
				want[y][Predicted(scores[i:i+1], c.scale)]++
			}
			if got.low != slices.Min(scores) || got.high != slices.Max(scores) {
				t.Errorf("score %v at %d: lowest %v, highest %v", c.score, at, got.low, got.high)
			}
			if got.counts != want {
				t.Errorf("score %v, label %d at %d: counts %v, want %v", c.score, c.label, at, got.counts, want)
			}
		}
	}
}
