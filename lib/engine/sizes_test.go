package engine

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// mixedSamples are samples of noise of some sizes, in turn.
func mixedSamples(n int, shapes ...net.Shape) (x []pixels.Source, all []net.Shape) {
	r := rand.New(rand.NewPCG(5, 5))
	for i := range n {
		shape := shapes[i%len(shapes)]
		m := &pixels.Memory{Values: make([]float32, shape.Len()), Count: shape.Size().Product()}
		for j := range m.Values {
			m.Values[j] = float32(r.NormFloat64())
		}
		x, all = append(x, m), append(all, shape)
	}
	return x, all
}

// Each sample gets the scores of a network of its own size, whatever batch it is in and on however many threads.
func TestSizes(t *testing.T) {
	n, err := net.Parse("input c=2 h=8 w=9\nconv out=6 kernel=3 pad=1\nrelu\nmaxpool kernel=2\nconv out=20 kernel=3\nrelu\ngmp\nlinear out=3\n")
	if err != nil {
		t.Fatal(err)
	}
	x, shapes := mixedSamples(23, net.Shape{C: 2, H: 8, W: 9}, net.Shape{C: 2, H: 30, W: 11}, net.Shape{C: 2, H: 11, W: 30}, net.Shape{C: 2, H: 6, W: 6}, net.Shape{C: 2, H: 64, W: 80})
	_, w := newTestRunner(t, n, 1)
	var want [][]float32
	for i, shape := range shapes {
		on, err := n.On(shape)
		if err != nil {
			t.Fatal(err)
		}
		r, err := NewRunner(on, w, 1)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, slices.Clone(r.Forward(x[i:][:1], nil)[0]))
	}
	for _, threads := range []int{1, 3} {
		own, err := NewRunner(n, w, threads)
		if err != nil {
			t.Fatal(err)
		}
		s := NewSizes(own, w)
		for _, batch := range []int{1, 4, 23} {
			for from := 0; from < len(x); from += batch {
				to := min(from+batch, len(x))
				got, err := s.Scores(x[from:to], shapes[from:to])
				if err != nil || len(got) != to-from {
					t.Fatalf("%d scores, %v", len(got), err)
				}
				for i, scores := range got {
					if !slices.Equal(scores, want[from+i]) {
						t.Errorf("%d threads, batch %d: sample %d has %v, want %v", threads, batch, from+i, scores, want[from+i])
					}
				}
				if part := s.Progress(); part != 1 {
					t.Errorf("%v is done of a batch that is", part)
				}
			}
		}
		if len(s.others) != keptSizes {
			t.Errorf("%d runners are kept", len(s.others))
		}
	}
}

// Stop stops the sizes that come after it, too, until Restart.
func TestSizesStop(t *testing.T) {
	n, err := net.Parse("input c=1 h=8 w=8\nconv out=4 kernel=3\ngap\nlinear out=2\n")
	if err != nil {
		t.Fatal(err)
	}
	own, w := newTestRunner(t, n, 1)
	s := NewSizes(own, w)
	x, shapes := mixedSamples(2, net.Shape{C: 1, H: 9, W: 9})
	want, err := s.Scores(x, shapes)
	if err != nil {
		t.Fatal(err)
	}
	first := slices.Clone(want[1])
	s.Stop()
	if _, err := s.Scores(x, shapes); err != nil || !own.Stopped() || !s.others[0].Stopped() {
		t.Errorf("goes on after Stop: %v", err)
	}
	s.Restart()
	if got, err := s.Scores(x, shapes); err != nil || !slices.Equal(got[1], first) {
		t.Errorf("after Restart %v, %v, want %v", got, err, first)
	}
}

// A network that has weights for each place takes one size only.
func TestSizesOfFlatten(t *testing.T) {
	n, err := net.Parse("input c=1 h=8 w=8\nconv out=4 kernel=3\nflatten\nlinear out=2\n")
	if err != nil {
		t.Fatal(err)
	}
	own, w := newTestRunner(t, n, 1)
	x, shapes := mixedSamples(4, net.Shape{C: 1, H: 8, W: 8}, net.Shape{C: 1, H: 9, W: 8})
	if _, err := NewSizes(own, w).Scores(x, shapes); err == nil || !strings.Contains(err.Error(), "on samples of 1×9×8 2.weight has shape [2 168], on those of 1×8×8 [2 144]; end the network with gap or gmp") {
		t.Errorf("got %v", err)
	}
	if _, err := SizesMemory(n, shapes[1], 1, 1); err == nil {
		t.Error("its memory is planned")
	}
}

// Runners of other sizes take no more than planned.
func TestSizesMemory(t *testing.T) {
	n, err := net.Parse("input c=1 h=32 w=32\nconv out=24 kernel=3 pad=1\nrelu\nmaxpool kernel=2\nconv out=24 kernel=3 pad=1\nrelu\ngap\nlinear out=2\n")
	if err != nil {
		t.Fatal(err)
	}
	own, w := newTestRunner(t, n, 2)
	s := NewSizes(own, w)
	var sizes []net.Shape
	for i := range 12 {
		sizes = append(sizes, net.Shape{C: 1, H: 200 + 8*i, W: 300 - 8*i})
	}
	x, shapes := mixedSamples(36, sizes...)
	for from := 0; from < len(x); from += 9 {
		if _, err := s.Scores(x[from:from+9], shapes[from:from+9]); err != nil {
			t.Fatal(err)
		}
	}
	others := held{}
	others.add(reflect.ValueOf(own))
	others.add(reflect.ValueOf(w))
	all := maps.Clone(others)
	all.add(reflect.ValueOf(s.others))
	took := all.bytes() - others.bytes()
	plan, err := SizesMemory(n, net.Shape{C: 1, H: 288, W: 300}, 9, 2)
	if err != nil || took > plan.Total() || took < plan.Total()/8 {
		t.Errorf("takes %d bytes, planned were %d, %v", took, plan.Total(), err)
	}
}
