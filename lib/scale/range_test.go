package scale

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// drawn are n samples of one channel of 256 values.
func drawn(n int, seed uint64, value func(*rand.Rand) float64) [][]float32 {
	r := rand.New(rand.NewPCG(seed, 3))
	var all [][]float32
	for range n {
		x := make([]float32, 256)
		for i := range x {
			x[i] = float32(value(r))
		}
		all = append(all, x)
	}
	return all
}

func others(train, other [][]float32) []Other {
	w := NewWatch(measured(1, train).Range())
	for _, x := range other {
		look(w, 1, x)
	}
	return w.Others()
}

func normal(mean, std float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return mean + std*r.NormFloat64() }
}

func uniform(low, high float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return low + (high-low)*r.Float64() }
}

// sparse is a value of f in one of n places, else 0.
func sparse(n int, f func(*rand.Rand) float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 {
		if r.IntN(n) > 0 {
			return 0
		}
		return f(r)
	}
}

// pareto has a tail of exponent 3/2: a mean and no variance.
func pareto(r *rand.Rand) float64 { return math.Pow(1-r.Float64(), -2.0/3) }

// Samples on another scale are found out in both directions.
func TestAnotherRange(t *testing.T) {
	for what, c := range map[string]struct{ train, other func(*rand.Rand) float64 }{
		"bytes, trained on [0, 1]":        {uniform(0, 1), uniform(0, 255)},
		"[0, 1], trained on bytes":        {uniform(0, 255), uniform(0, 1)},
		"sparse bytes":                    {sparse(20, uniform(0, 1)), sparse(20, uniform(0, 255))},
		"sparse [0, 1]":                   {sparse(20, uniform(0, 255)), sparse(20, uniform(0, 1))},
		"16 bits, trained on 8":           {uniform(0, 255), uniform(0, 65535)},
		"8 bits, trained on 16":           {uniform(0, 65535), uniform(0, 255)},
		"8 bits, trained on 12":           {uniform(0, 4095), uniform(0, 255)},
		"12 bits of 16, trained on 8":     {uniform(0, 1), uniform(0, 4095.0/65535)},
		"12 bits with an offset":          {normal(32768, 5000), normal(2048, 300)},
		"10 bits, trained on 8":           {uniform(0, 255), uniform(0, 1023)},
		"per cent, trained on shares":     {uniform(0, 1), uniform(0, 100)},
		"shares, trained on per cent":     {uniform(0, 100), uniform(0, 1)},
		"z-scores, trained on bytes":      {uniform(0, 255), normal(0, 1)},
		"bytes, trained on z-scores":      {normal(0, 1), uniform(0, 255)},
		"degrees Celsius, trained on K":   {normal(285, 10), normal(12, 10)},
		"K, trained on degrees Celsius":   {normal(12, 10), normal(285, 10)},
		"hPa, trained on Pa":              {normal(101325, 1000), normal(1013, 10)},
		"what was constant varies":        {uniform(1, 1), uniform(0, 1)},
		"all black":                       {uniform(0, 255), uniform(0, 0)},
		"counts, trained on their logs":   {normal(9.9, 0.01), normal(20000, 141)},
		"another offset of a faint value": {normal(290, 0.1), normal(289, 0.1)},
	} {
		for _, n := range []int{1, 30} {
			if got := others(drawn(40, 1, c.train), drawn(n, 2, c.other)); len(got) != 1 || got[0].Channel != -1 {
				t.Errorf("%s, %d samples: not seen", what, n)
			}
		}
	}
}

// Samples of one kind are not, whatever their tails, however few there are and with a wild value among them.
func TestTheSameRange(t *testing.T) {
	for what, c := range map[string]struct{ train, other func(*rand.Rand) float64 }{
		"normal":             {normal(0, 1), normal(0, 1)},
		"twice as wide":      {normal(0, 1), normal(0, 2)},
		"half as wide":       {normal(0, 1), normal(0, 0.5)},
		"shifted":            {normal(0, 1), normal(1, 1)},
		"counts":             {normal(20000, 141), normal(20000, 141)},
		"brighter":           {uniform(0, 0.5), uniform(0, 1)},
		"dark":               {uniform(0, 1), uniform(0, 0.1)},
		"log-normal":         {func(r *rand.Rand) float64 { return math.Exp(2 * r.NormFloat64()) }, func(r *rand.Rand) float64 { return math.Exp(2 * r.NormFloat64()) }},
		"a heavy tail":       {pareto, pareto},
		"Cauchy":             {func(r *rand.Rand) float64 { return math.Tan(math.Pi * (r.Float64() - 0.5)) }, func(r *rand.Rand) float64 { return math.Tan(math.Pi * (r.Float64() - 0.5)) }},
		"hot pixels":         {normal(0, 1), sparse(1, func(r *rand.Rand) float64 { return []float64{r.NormFloat64(), 1e4}[r.IntN(5000)/4999] })},
		"hot pixels once":    {func(r *rand.Rand) float64 { return []float64{r.NormFloat64(), 1e4}[r.IntN(5000)/4999] }, normal(0, 1)},
		"constant":           {uniform(3, 3), uniform(3, 3)},
		"constant in a part": {uniform(0, 10), uniform(7, 7)},
	} {
		for seed := range uint64(20) {
			for _, n := range []int{1, 30, 300} {
				if got := others(drawn(20, seed, c.train), drawn(n, seed+1000, c.other)); got != nil {
					t.Errorf("%s, seed %d, %d samples: %+v", what, seed, n, got)
				}
			}
		}
	}
}

// The channel is named that has another range, with both.
func TestOtherChannels(t *testing.T) {
	w := NewWatch(measured(3, [][]float32{{0, 1, 100, 200, -1, 1}}).Range())
	look(w, 3, []float32{0.2, 0.9, 1, 2, -0.5, 255})
	want := []Other{{1, 1, 2, 100, 200}, {2, -0.5, 255, -1, 1}}
	if got := w.Others(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := NewWatch(Range{[]float32{0}, []float32{1}, []float32{1}}).Others(); got != nil {
		t.Errorf("without samples: %+v", got)
	}
}

// Of very many channels the range is one, which fits a model's metadata.
func TestRangeOfManyChannels(t *testing.T) {
	x := make([]float32, 1000)
	for i := range x {
		x[i] = float32(i) - 100
	}
	m := NewMoments(len(x))
	add(m, x)
	r := m.Range()
	if want := (Range{[]float32{-100}, []float32{899}, []float32{(100*101/2 + 899*900/2) / 1000.0}}); !reflect.DeepEqual(r, want) {
		t.Errorf("got %+v, want %+v", r, want)
	}
	if err := r.Validate(len(x)); err != nil {
		t.Error(err)
	}
	w := NewWatch(r)
	look(w, len(x), x)
	if got := w.Others(); got != nil {
		t.Errorf("%+v", got)
	}
}

func TestRangeErrors(t *testing.T) {
	for _, r := range []Range{{[]float32{1, 2}, []float32{1, 2}, []float32{1, 2}}, {Min: []float32{1}}, {[]float32{1}, []float32{1, 2, 3}, []float32{1}}} {
		if r.Validate(3) == nil {
			t.Errorf("%+v was taken", r)
		}
	}
	if err := (Range{}).Validate(3); err != nil || (Range{}).Known() {
		t.Error("an unknown range is none", err)
	}
}
