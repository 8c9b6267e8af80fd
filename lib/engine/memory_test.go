package engine

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"backdrop/internal/testkit/nettest"
	"backdrop/lib/mask"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// held is the memory that can be reached from something: where each piece begins and ends.
type held map[uintptr]uintptr

func (h held) add(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && h.piece(v.Pointer(), v.Type().Elem().Size()) {
			h.add(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			h.add(v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			h.add(v.Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			h.add(v.MapIndex(k))
		}
	case reflect.Slice:
		e := v.Type().Elem()
		if !h.piece(v.Pointer(), uintptr(v.Cap())*e.Size()) || e.Kind() >= reflect.Bool && e.Kind() <= reflect.Complex128 {
			return
		}
		for i := range v.Cap() {
			h.add(v.Slice(0, v.Cap()).Index(i))
		}
	}
}

// piece reports whether a piece of memory is new.
func (h held) piece(begin, size uintptr) bool {
	if size == 0 || h[begin] >= begin+size {
		return false
	}
	h[begin] = begin + size
	return true
}

// bytes is the size of all pieces together, some of which are parts of others.
func (h held) bytes() (size int64) {
	last := uintptr(0)
	for _, begin := range slices.Sorted(maps.Keys(h)) {
		if end := h[begin]; end > last {
			size += int64(end - max(begin, last))
			last = end
		}
	}
	return size
}

// run takes steps of up to the batch of samples, and returns the most that one kept and what the runner holds then, besides
// parameters, inputs and their gradients.
func (s Steps) run(t *testing.T, n *net.Network, e *Extent, threads int, input bool) (most, holds int64) {
	t.Helper()
	r, w := newTestRunner(t, n, threads)
	r.Expect(e.Kept())
	r.Recompute(e.Recompute())
	others := held{}
	for _, p := range w.Params {
		others.add(reflect.ValueOf(p))
	}
	out, err := n.Output()
	if err != nil {
		t.Fatal(err)
	}
	var x, dout, dx [][]float32
	for range s.Batch {
		x, dout, dx = append(x, make([]float32, n.Input.Len())), append(dout, make([]float32, out.Len())), append(dx, make([]float32, n.Input.Len()))
	}
	others.add(reflect.ValueOf([][][]float32{x, dx, dout}))
	for step := range s.Count {
		b := s.Batch
		if step%4 == 3 {
			b = (b + 1) / 2 // the end of an epoch
		}
		masks := r.DrawMasks(s.Seed, s.First+uint64(step), b)
		most = max(most, r.Prepare(masks, b))
		r.Forward(pixels.InMemory(x[:b], n.Input.C), masks)
		if input {
			r.Backward(dout[:b], pixels.Sinks(dx[:b], n.Input.C))
		} else {
			r.Backward(dout[:b], nil)
		}
		for i, sample := range r.batch[:b] {
			for k := range r.body {
				if got, limit := sample.grad[k].Spans(), e.grad[k]; got > limit {
					t.Errorf("step %d, sample %d: the gradient of node %d has %d spans, want at most %d\n%s", step, i, k, got, limit, n)
				}
				got := 0
				for _, reader := range r.nodes[k].readers {
					if reader.node < r.body {
						got += sample.field[reader.node][reader.input].Spans()
					}
				}
				if limit := e.seen[k]; got > limit {
					t.Errorf("step %d, sample %d: the readers of node %d see %d spans, want at most %d\n%s", step, i, k, got, limit, n)
				}
			}
		}
	}
	all := maps.Clone(others)
	all.add(reflect.ValueOf(r))
	return most, all.bytes() - others.bytes()
}

// What a runner keeps, and what it holds in all, is not more than was planned; and of the presets not much less.
func TestStepMemory(t *testing.T) {
	check := func(n *net.Network, s Steps, threads int, any, input bool, tight float64) {
		t.Helper()
		e, looked, err := LargestStep(n, s, threads)
		if any {
			e, err = AnyStep(n, s.Batch)
		}
		if err != nil {
			t.Fatal(err)
		}
		if looked != s.Count {
			t.Errorf("%+v: looked at %d steps", s, looked)
		}
		for range s.First % 3 {
			e, _ = e.RecomputeMore()
		}
		plan, err := StepMemory(n, s.Batch, e, threads, input)
		if err != nil {
			t.Fatal(err)
		}
		most, holds := s.run(t, n, e, threads, input)
		if most > plan.Kept {
			t.Errorf("%+v: %d bytes are kept, %d were planned for\n%s", s, most, plan.Kept, n)
		}
		const constant = 60 << 10 // what layers take whatever their size
		if holds > plan.Total()+constant {
			t.Errorf("%+v, %d threads: the runner holds %d bytes, planned were %+v, %d\n%s", s, threads, holds, plan, plan.Total(), n)
		}
		if tight > 0 && (float64(plan.Kept) > tight*float64(most) || float64(plan.Total()) > tight*float64(holds)) {
			t.Errorf("%+v, %d threads: the runner keeps %d bytes and holds %d, planned were %+v, %d", s, threads, most, holds, plan, plan.Total())
		}
	}
	networks := 60
	if testing.Short() {
		networks = 12
	}
	for _, elements := range []int{1, 200, 64 << 10, -1, -200} {
		t.Run(fmt.Sprint(elements), func(t *testing.T) {
			if elements < 0 {
				inBlocks(t, -elements)
			} else {
				inBands(t, elements)
			}
			r := rand.New(rand.NewPCG(uint64(elements), 11))
			for i := range networks {
				if n := nettest.Random(r, i%2 == 0); len(n.Layers) > 0 {
					check(n, Steps{Batch: 1 + r.IntN(12), Seed: r.Uint64(), First: uint64(i), Count: 1 + r.IntN(7)}, 1+i%3, i%4 == 0, i%2 == 0, 0)
				}
			}
		})
	}
	for _, name := range net.Presets {
		for _, masks := range []string{"own", "none", "fine=0.9:NHW"} {
			t.Run(name+" "+masks, func(t *testing.T) {
				n, err := net.Preset(name, net.Shape{C: 1, H: 128, W: 128}, 4)
				if err != nil {
					t.Fatal(err)
				}
				switch masks {
				case "none":
					for _, i := range n.Backdrops() {
						n.Layers[i].P = 0
					}
				case "fine=0.9:NHW":
					l := &n.Layers[n.Backdrops()[0]]
					l.P, l.Axes = 0.9, mask.N|mask.H|mask.W
				}
				for _, batch := range []int{1, 5} {
					check(n, Steps{Batch: batch, Seed: 3, Count: 12}, 2, false, false, 1.4)
				}
			})
		}
	}
}
