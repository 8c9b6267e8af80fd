package mask

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"backdrop/lib/rng"
)

// tiny are masks of few enough cells to enumerate every draw.
var tiny = []struct {
	axes  Axes
	shape [5]int // of the tensor
	cells int
}{
	{H | W, [5]int{4, 3, 1, 2, 3}, 6},
	{N, [5]int{5, 3, 1, 2, 3}, 5},
	{N | H | W, [5]int{2, 7, 1, 1, 3}, 6},
	{C, [5]int{2, 3, 1, 9, 9}, 3},
	{N | C | H | W, [5]int{2, 1, 1, 2, 1}, 4},
	{W, [5]int{3, 3, 1, 3, 1}, 1},
}

var probabilities = []float64{0, 0.3, 0.5, 0.95, 1}

// enumerate returns the probability of every pattern of kept cells (bit i is cell i): independent cells, and where
// all were dropped one cell, each equally probable.
func enumerate(cells int, p float64) []float64 {
	prob := make([]float64, 1<<cells)
	for pattern := range prob {
		q := 1.0
		for i := range cells {
			if pattern>>i&1 != 0 {
				q *= 1 - p
			} else {
				q *= p
			}
		}
		prob[pattern] = q
	}
	for i := range cells {
		prob[1<<i] += prob[0] / float64(cells)
	}
	prob[0] = 0
	return prob
}

func bitsOf(pattern, cells int) []bool {
	keep := make([]bool, cells)
	for i := range keep {
		keep[i] = pattern>>i&1 != 0
	}
	return keep
}

func patternOf(keep []bool) int {
	pattern := 0
	for i, k := range keep {
		if k {
			pattern |= 1 << i
		}
	}
	return pattern
}

func TestExpectedFactorIsOne(t *testing.T) {
	for _, c := range tiny {
		for _, p := range probabilities {
			mean := make([]float64, c.cells)
			for pattern, prob := range enumerate(c.cells, p) {
				if pattern == 0 {
					continue
				}
				m := New(c.axes, c.shape, bitsOf(pattern, c.cells))
				for i, k := range m.Keep {
					if k {
						mean[i] += prob * float64(m.Factor)
					}
				}
			}
			for i, got := range mean {
				if !(math.Abs(got-1) <= 1e-6) { // Factor is rounded to float32
					t.Errorf("%v of %v, p=%v: expected factor of cell %d is %v, want 1", c.axes, c.shape, p, i, got)
				}
			}
		}
	}
}

// TestDrawDistribution compares what Draw draws with the enumeration, by a chi-square test per mask and probability.
// Seeds are fixed; with right probabilities a test of this size fails for one choice of seeds in 10⁴.
func TestDrawDistribution(t *testing.T) {
	const draws = 20000
	vary := []func(i int) Coord{
		func(i int) Coord { return Coord{Seed: 1, Step: uint64(i), Layer: 7} },
		func(i int) Coord { return Coord{Seed: 1, Step: 5, Layer: i} },
		func(i int) Coord { return Coord{Seed: uint64(i), Step: 5, Layer: 7} },
	}
	for _, c := range tiny {
		for _, p := range probabilities {
			for v, at := range vary {
				count := make([]int, 1<<c.cells)
				var m Mask
				for i := range draws {
					m.Draw(at(i), p, c.axes, c.shape)
					if len(m.Keep) != c.cells {
						t.Fatalf("%v of %v: %d cells, want %d", c.axes, c.shape, len(m.Keep), c.cells)
					}
					count[patternOf(m.Keep)]++
				}
				var chi2, restWant, restGot float64
				bins := 0
				for pattern, prob := range enumerate(c.cells, p) {
					want, got := prob*draws, float64(count[pattern])
					if prob == 0 && got != 0 {
						t.Fatalf("%v of %v, p=%v: drew impossible pattern %b", c.axes, c.shape, p, pattern)
					}
					if want < 5 { // too few for the chi-square approximation: one bin for all of these
						restWant, restGot = restWant+want, restGot+got
						continue
					}
					chi2 += (got - want) * (got - want) / want
					bins++
				}
				if restWant >= 5 {
					chi2 += (restGot - restWant) * (restGot - restWant) / restWant
					bins++
				}
				if bins == 1 {
					continue // one possible outcome, and the impossible ones were checked
				}
				if tail := (distuv.ChiSquared{K: float64(bins - 1)}).Survival(chi2); !(tail > 1e-4) {
					t.Errorf("%v of %v, p=%v, coordinate %d: chi-square %.1f in %d bins, tail probability %g", c.axes, c.shape, p, v, chi2, bins, tail)
				}
			}
		}
	}
}

// TestDrawIsFloat64 replays a mask through the public generator.
func TestDrawIsFloat64(t *testing.T) {
	const p = 0.7
	at := Coord{Seed: 11, Step: 3, Layer: 9}
	shape := [5]int{3, 2, 1, 5, 4}
	var m Mask
	m.Draw(at, p, N|C|H|W, shape)
	var want []bool
	for n := range 3 {
		r := rng.New(11, rng.Mask, 3, 9, uint64(n))
		for range 2 * 5 * 4 {
			want = append(want, r.Float64() >= p)
		}
	}
	if !slices.Equal(m.Keep, want) {
		t.Errorf("got %v, want %v", m.Keep, want)
	}
	m.Draw(at, p, H|W, shape)
	r := rng.New(11, rng.Mask, 3, 9, 0)
	for i, k := range m.Keep {
		if k != (r.Float64() >= p) {
			t.Fatalf("cell %d differs from the stream of sample 0", i)
		}
	}
}

func TestReplay(t *testing.T) {
	draw := func(c Coord, axes Axes, shape [5]int) []bool {
		var m Mask
		m.Draw(c, 0.5, axes, shape)
		return m.Keep
	}
	shape := [5]int{2, 3, 1, 8, 8}
	at := Coord{Seed: 1, Step: 2, Layer: 3}
	want := draw(at, N|H|W, shape)
	others := []Coord{{Seed: 2, Step: 2, Layer: 3}, {Seed: 1, Step: 3, Layer: 3}, {Seed: 1, Step: 2, Layer: 4}, {Seed: 1, Step: 3, Layer: 2}}
	for _, c := range others {
		if slices.Equal(draw(c, N|H|W, shape), want) {
			t.Errorf("%v draws the mask of %v", c, at)
		}
	}
	if !slices.Equal(draw(at, N|H|W, shape), want) {
		t.Error("the same coordinates drew another mask after others were drawn")
	}
	if slices.Equal(want[:64], want[64:]) {
		t.Error("two samples have the same mask")
	}
	if larger := draw(at, N|H|W, [5]int{5, 3, 1, 8, 8}); !slices.Equal(larger[:128], want) {
		t.Error("the cells of a sample depend on the size of the batch")
	}
}

func TestExtremes(t *testing.T) {
	var m Mask
	for step := range uint64(100) {
		m.Draw(Coord{Seed: 1, Step: step}, 1, N|H|W, [5]int{3, 2, 1, 4, 4})
		if kept := count(m.Keep); kept != 1 || m.Factor != 48 {
			t.Fatalf("p=1 kept %d cells with factor %v, want 1 and 48", kept, m.Factor)
		}
		m.Draw(Coord{Seed: 1, Step: step}, 0, N|H|W, [5]int{3, 2, 1, 4, 4})
		if kept := count(m.Keep); kept != 48 || m.Factor != 1 {
			t.Fatalf("p=0 kept %d of 48 cells with factor %v", kept, m.Factor)
		}
	}
}

func count(keep []bool) int {
	n := 0
	for _, k := range keep {
		if k {
			n++
		}
	}
	return n
}
