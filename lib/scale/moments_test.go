package scale

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"backdrop/lib/pixels"
)

// samples draws n samples, the channels of which have the given means and deviations and 64 values each.
func samples(n int, mean, std []float64) [][]float32 {
	r := rand.New(rand.NewPCG(1, 2))
	var all [][]float32
	for range n {
		var x []float32
		for c := range mean {
			for range 64 {
				x = append(x, float32(mean[c]+std[c]*r.NormFloat64()))
			}
		}
		all = append(all, x)
	}
	return all
}

// add takes in a sample in memory.
func add(m Moments, x []float32) {
	count := len(x) / len(m)
	m.Add(&pixels.Memory{Values: x, Count: count}, count)
}

// look shows a sample of that many channels to a Watch.
func look(w *Watch, channels int, x []float32) {
	count := len(x) / channels
	w.Add(&pixels.Memory{Values: x, Count: count}, channels, count)
}

func measured(channels int, all [][]float32) Moments {
	m := NewMoments(channels)
	for _, x := range all {
		add(m, x)
	}
	return m
}

// Against sums of differences from the mean of all, over values whose squares would cancel.
func TestMomentsAgainstTwoPasses(t *testing.T) {
	mean, std := []float64{0, 0.5, 20000, 290, -1e6, 1e-6, 3e30}, []float64{1, 0.25, 141.4, 0.1, 1, 1e-7, 1e29}
	all := samples(50, mean, std)
	m := measured(len(mean), all)
	for c := range mean {
		var values []float64
		for _, x := range all {
			for _, v := range x[c*64:][:64] {
				values = append(values, float64(v))
			}
		}
		sum, size, squares := 0.0, 0.0, 0.0
		for _, v := range values {
			sum, size = sum+v, size+math.Abs(v)
		}
		n := float64(len(values))
		for _, v := range values {
			squares += (v - sum/n) * (v - sum/n)
		}
		want := math.Sqrt(squares / n)
		if math.Abs(m[c].Mean-sum/n) > 1e-12*max(want, math.Abs(sum/n)) || math.Abs(m[c].Deviation()-want) > 1e-9*want || math.Abs(m[c].Magnitude-size/n) > 1e-12*size/n {
			t.Errorf("channel %d: mean %v, deviation %v, magnitude %v; want %v, %v, %v", c, m[c].Mean, m[c].Deviation(), m[c].Magnitude, sum/n, want, size/n)
		}
		if float64(m[c].Min) != slices.Min(values) || float64(m[c].Max) != slices.Max(values) {
			t.Errorf("channel %d: from %v to %v", c, m[c].Min, m[c].Max)
		}
	}
}

// A sample that is read in pieces has the moments of one in memory, to the last bit, and lies in the same range.
func TestMomentsInPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, channels := range []int{1, 3, 300} {
		const count = 40000
		x := make([]float32, channels*count)
		for i := range x {
			x[i] = float32(r.NormFloat64()*3) + float32(i/count)
		}
		memory := &pixels.Memory{Values: x, Count: count}
		file := struct{ pixels.Source }{memory}
		a, b := NewMoments(channels), NewMoments(channels)
		for range 2 {
			a.Add(memory, count)
			b.Add(file, count)
		}
		if !slices.Equal(a, b) {
			t.Errorf("%d channels: other moments", channels)
		}
		beside := a.Range()
		beside.Max[0] = beside.Min[0]
		v, w := NewWatch(beside), NewWatch(beside)
		v.Add(memory, channels, count)
		w.Add(file, channels, count)
		if !slices.Equal(v.seen, w.seen) || v.seen[0].beyond == 0 {
			t.Errorf("%d channels: another range", channels)
		}
	}
}

// After their own normalisation samples have mean 0 and deviation 1.
func TestNormalisationOfMoments(t *testing.T) {
	mean, std := []float64{0, 20000, 290, 1e-6, 1e38}, []float64{1, 141.4, 0.1, 1e-6, 5e37}
	all := samples(50, mean, std)
	n := measured(len(mean), all).Normalisation()
	for _, x := range all {
		n.Apply(x, x)
	}
	for c, got := range measured(len(mean), all) {
		if !(math.Abs(got.Mean) < 1e-3 && math.Abs(got.Deviation()-1) < 1e-3) {
			t.Errorf("channel %d of mean %v and deviation %v: %v and %v when normalised", c, mean[c], std[c], got.Mean, got.Deviation())
		}
	}
}

// Whether a channel is constant does not hang on rounding, nor on how many values there are. It is not divided by its
// deviation; one of order one stays as it is.
func TestConstantChannels(t *testing.T) {
	for _, c := range []struct {
		value      float32
		mean, std  float32
		orderOne   bool
		restWidens float32 // by one value of this, it is constant no more
	}{
		{0, 0, 1, true, 1e-30}, {1, 0, 1, true, 1.0000001}, {0.1, 0, 1, true, 0.2}, {-3, 0, 1, true, -3.5},
		{255, 255, 1, false, 254}, {16777217, 16777216, 1, false, 16777218}, {-9999, -9999, 1, false, 0}, {3e38, 3e38, 1, false, 1},
	} {
		m := NewMoments(1)
		for range 1000 {
			add(m, slices.Repeat([]float32{c.value}, 77))
		}
		n := m.Normalisation()
		if !m[0].Constant() || m[0].Deviation() != 0 || n.Mean[0] != c.mean || n.Std[0] != c.std || (m.Odd(Normalisation{}) == nil) != c.orderOne {
			t.Errorf("%v: constant %v, deviation %v, %+v, of order one %v", c.value, m[0].Constant(), m[0].Deviation(), n, m.Odd(Normalisation{}) == nil)
		}
		add(m, []float32{c.restWidens})
		if m[0].Constant() || !(m[0].Deviation() > 0) {
			t.Errorf("%v and %v: constant", c.value, c.restWidens)
		}
	}
}

func TestOrderOne(t *testing.T) {
	for _, c := range []struct {
		what      string
		mean, std float64
		want      bool
	}{
		{"z-scores", 0, 1, true}, {"fields of two scales", 0, 1.46, true}, {"photographs in [0, 1]", 0.5, 0.25, true}, {"digits in [0, 1]", 0.13, 0.31, true},
		{"faint", 0, 0.12, true}, {"strong", 0, 9, true}, {"pale in [0, 1]", 0.9, 0.1, false},
		{"bytes", 110, 60, false}, {"sparse bytes", 5, 30, false}, {"counts", 20000, 141, false}, {"physical units", 0, 1e-6, false}, {"kelvin", 290, 0.1, false},
		{"kelvin over the globe", 280, 20, false}, {"hidden in an offset", 5, 0.5, false}, {"large", 0, 30, false},
	} {
		m := measured(2, samples(50, []float64{0, c.mean}, []float64{1, c.std}))
		odd := m.Odd(Normalisation{})
		if c.want && odd != nil || !c.want && !slices.Equal(odd, []int{1}) {
			t.Errorf("%s: not of order one %v, want %v", c.what, odd, c.want)
		}
		if odd := m.Odd(m.Normalisation()); odd != nil {
			t.Errorf("%s: not of order one when normalised: %v", c.what, odd)
		}
	}
}

func BenchmarkMoments(b *testing.B) {
	x := make([]float32, 1<<20)
	for i := range x {
		x[i] = float32(i % 1000)
	}
	m := NewMoments(1)
	b.SetBytes(4 << 20)
	for b.Loop() {
		add(m, x)
	}
}
