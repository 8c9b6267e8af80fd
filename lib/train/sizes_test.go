package train

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"backdrop/lib/data"
	"backdrop/lib/dims"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/run"
)

// newSizes are stripes in samples of different sizes.
func newSizes(n int, seed uint64) *data.Set {
	r := rand.New(rand.NewPCG(seed, 2))
	s := &stripes{}
	set := &data.Set{Table: s}
	for i := range n {
		h, w := 8+r.IntN(9), 8+r.IntN(9)
		x := make([]float32, h*w)
		for j := range x {
			place := j / w
			if i%2 == 1 {
				place = j % w
			}
			x[j] = float32(place%2) + float32(r.NormFloat64())/4
		}
		s.x, s.labels, set.Shapes = append(s.x, x), append(s.labels, i%2), append(set.Shapes, net.Shape{C: 1, H: h, W: w})
	}
	return set
}

// Windows of samples of different sizes train a network that judges whole ones, with the same weights on any number of threads.
func TestFitOnSizes(t *testing.T) {
	var want run.Record
	var weights [][]float32
	for _, threads := range []int{1, 3} {
		c := config()
		c.Threads = threads
		c.Augment = data.Augment{Crop: dims.Square(8), Flip: true}
		trainer, w := newTrainer(t, c)
		var last run.Record
		err := trainer.Fit(t.Context(), newSizes(40, 1), newSizes(30, 2), func(r run.Record) error { last = r; return nil })
		if err != nil {
			t.Fatal(err)
		}
		last.Seconds = 0
		if threads == 1 {
			want = last
			for _, p := range w.Params {
				weights = append(weights, slices.Clone(p.Data))
			}
			if last.Accuracy < 0.9 || *last.ValAccuracy < 0.9 {
				t.Errorf("accuracy %v on windows, %v on whole samples, want 0.9", last.Accuracy, *last.ValAccuracy)
			}
			continue
		}
		if !reflect.DeepEqual(last, want) {
			t.Errorf("%d threads: %+v, want %+v", threads, last, want)
		}
		for i, p := range w.Params {
			if !slices.Equal(p.Data, weights[i]) {
				t.Errorf("%d threads: other values of %s", threads, p.Name)
			}
		}
	}
}

// What the validation of samples of different sizes takes is part of the plan.
func TestMemoryOfSizes(t *testing.T) {
	c := config()
	n, err := net.Parse(network)
	if err != nil {
		t.Fatal(err)
	}
	set, val := newSizes(20, 1), newSizes(20, 2)
	plan := func(val *data.Set) int64 {
		e := ExtentOf(set, val)
		kept, _, err := c.Largest(n, e, true)
		if err != nil {
			t.Fatal(err)
		}
		m, err := c.Memory(n, e, kept)
		if err != nil {
			t.Fatal(err)
		}
		return m.Total()
	}
	small := plan(val)
	large := &data.Set{Table: val.Table, Shapes: slices.Clone(val.Shapes)}
	large.Shapes[7] = net.Shape{C: 1, H: 900, W: 900}
	if usual := plan(&data.Set{Table: val.Table}); usual >= small || small >= plan(large) {
		t.Errorf("plans of %d, %d and %d bytes for larger and larger samples", usual, small, plan(large))
	}
}

// A validation loss that is not finite is blamed on the sample by its own size.
func TestInvalidOfSizes(t *testing.T) {
	c := config()
	c.Augment = data.Augment{Crop: dims.Square(8)}
	trainer, _ := newTrainer(t, c)
	val := newSizes(9, 2)
	x := val.Table.Sample(4).(*pixels.Memory)
	x.Values[len(x.Values)-1] = 3e38
	err := trainer.Fit(t.Context(), newSizes(20, 1), val, ignore)
	d, ok := err.(*Diverged)
	if !ok || d.What != "the validation loss" || !reflect.DeepEqual(d.Where[len(d.Where)-len("values of sample 4 reach 3e+38"):], "values of sample 4 reach 3e+38") {
		t.Errorf("got %v", err)
	}
}
