package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"backdrop/internal/testkit/nettest"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// newTestRunner returns a runner of a network with initial weights.
func newTestRunner(t *testing.T, n *net.Network, threads int) (*Runner, *net.Weights) {
	t.Helper()
	w, err := net.NewWeights(n)
	if err != nil {
		t.Fatal(err)
	}
	w.Init(1)
	r, err := NewRunner(n, w, threads)
	if err != nil {
		t.Fatal(err)
	}
	return r, w
}

// inBands makes tensors of more than a few elements count as large, so that small networks are computed in bands.
func inBands(t *testing.T, elements int) {
	small, band, chunk := smallTensor, bandElements, chunkElements
	smallTensor, bandElements, chunkElements = elements, max(1, elements/4), max(1, elements/8)
	t.Cleanup(func() { smallTensor, bandElements, chunkElements = small, band, chunk })
}

// inBlocks makes tensors of more than a few elements count as those of a large sample as well, which is cut along all axes.
func inBlocks(t *testing.T, elements int) {
	inBands(t, elements)
	large, medium, block, slab, share := largeTensor, mediumTensor, blockElements, slabElements, overlapShare
	largeTensor, mediumTensor, blockElements, slabElements, overlapShare = elements, elements/2, max(1, elements/8), max(1, elements/16), 0
	t.Cleanup(func() {
		largeTensor, mediumTensor, blockElements, slabElements, overlapShare = large, medium, block, slab, share
	})
}

// The engine against the plain implementation in float64: outputs, parameter gradients, input gradients, for random
// networks with random masks, in bands and whole, on one thread and several.
func TestEngineEqualsPlain(t *testing.T) {
	networks := 250
	if testing.Short() {
		networks = 50
	}
	for _, elements := range []int{1, 16, 200, 64 << 10} {
		t.Run(fmt.Sprint(elements), func(t *testing.T) {
			inBands(t, elements)
			r := rand.New(rand.NewPCG(uint64(elements), 7))
			for i := range networks {
				if n := nettest.Random(r, i%2 == 0); len(n.Layers) > 0 {
					compare(t, r, n, 1+r.IntN(12), 1+i%3)
				}
			}
		})
	}
	for _, elements := range []int{1, 16, 200} {
		t.Run(fmt.Sprint("blocks of ", elements), func(t *testing.T) {
			inBlocks(t, elements)
			r := rand.New(rand.NewPCG(uint64(elements), 8))
			for i := range networks {
				if n := nettest.Random(r, i%2 == 0); len(n.Layers) > 0 {
					compare(t, r, n, 1+r.IntN(4), 1+i%3)
				}
			}
		})
	}
	t.Run("many samples", func(t *testing.T) { // more than the head takes at a time
		r := rand.New(rand.NewPCG(3, 4))
		for _, text := range []string{
			"input c=5 h=1 w=1\nlinear out=70\nrelu\nbackdrop name=a p=0.5 axes=N\nlinear out=3\nbackdrop name=b p=0.5 axes=N\n",
			"input c=1 h=6 w=6\nbackdrop name=a p=0.3 axes=NHW\nflatten\nlinear out=20\nbackdrop name=b p=0.5 axes=NC\nrelu\nlinear out=1\n",
			"input c=1 h=6 w=6\nconv out=4 kernel=3\nrelu\ngap\nbackdrop name=a p=0.9 axes=N\nlinear out=1\nbackdrop name=b p=0.2 axes=N\n",
		} {
			n, err := net.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			for _, threads := range []int{1, 2, 7} {
				compare(t, r, n, headSamples+headRows+5, threads)
			}
		}
	})
	for _, name := range net.Presets {
		t.Run(name, func(t *testing.T) {
			inBands(t, 500)
			r := rand.New(rand.NewPCG(1, 2))
			for _, size := range []int{8, 32, 64} {
				n, err := net.Preset(name, net.Shape{C: 1, H: size, W: size}, 4)
				if err != nil {
					t.Fatal(err)
				}
				compare(t, r, n, 3, 2)
			}
		})
	}
}

func compare(t *testing.T, r *rand.Rand, n *net.Network, batch, threads int) {
	t.Helper()
	plain := build64(t, n.String(), r)
	w, err := net.NewWeights(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range w.Params {
		scale := 1 / math.Sqrt(float64(p.Size()/p.Shape[0]))
		from := plain.params[p.Layer].b
		if strings.HasSuffix(p.Name, ".weight") {
			from = plain.params[p.Layer].w
		}
		for i := range from {
			p.Data[i] = float32(from[i] * scale)
			from[i] = float64(p.Data[i])
		}
	}
	engine, err := NewRunner(n, w, threads)
	if err != nil {
		t.Fatal(err)
	}
	engine.Recompute(r.IntN(len(n.Layers)+1) - 1)
	out, err := n.Output()
	if err != nil {
		t.Fatal(err)
	}
	// Twice, so that the second step finds used memory.
	for step := range uint64(2) {
		masks, err := n.DrawMasks(r.Uint64(), step, batch)
		if err != nil {
			t.Fatal(err)
		}
		var x, c, dx [][]float64
		var x32, c32, dx32 [][]float32
		for range batch {
			x, c = append(x, normals(r, n.Input.Len())), append(c, normals(r, out.Len()))
			x32, c32 = append(x32, single(x[len(x)-1])), append(c32, single(c[len(c)-1]))
			dx, dx32 = append(dx, make([]float64, n.Input.Len())), append(dx32, make([]float32, n.Input.Len()))
		}
		for _, p := range plain.params {
			clear(p.dw)
			clear(p.db)
		}
		w.ZeroGrad()
		want := plain.forward(x, masks)
		plain.backward(c, dx)
		got := engine.Forward(pixels.InMemory(x32, n.Input.C), masks)
		if step == 0 {
			engine.Backward(c32, pixels.Sinks(dx32, n.Input.C))
		} else {
			engine.Backward(c32, nil) // the gradient with respect to the input is not wanted
		}
		fail := func(what string) { t.Fatalf("%s, batch %d, threads %d, step %d:\n%s", what, batch, threads, step, n) }
		for i := range want {
			if !near(n, got[i], want[i]) {
				fail("output")
			}
			if step == 0 && !near(n, dx32[i], dx[i]) {
				fail("input gradient")
			}
		}
		for _, p := range w.Params {
			grad := plain.params[p.Layer].db
			if strings.HasSuffix(p.Name, ".weight") {
				grad = plain.params[p.Layer].dw
			}
			// A bias before a normalisation has a gradient of zero, made of terms that are not.
			both := slices.Concat(plain.params[p.Layer].dw, plain.params[p.Layer].db)
			if !near(n, p.Grad, grad, both...) {
				fail("gradient of " + p.Name)
			}
		}
	}
	// Evaluation: no masks.
	x := [][]float64{normals(r, n.Input.Len())}
	if got, want := engine.Forward(pixels.InMemory([][]float32{single(x[0])}, n.Input.C), nil), plain.forward(x, nil); !near(n, got[0], want[0]) {
		t.Fatalf("evaluation:\n%s", n)
	}
}

// single rounds to float32 in place, and returns the same as float32.
func single(v []float64) []float32 {
	s := make([]float32, len(v))
	for i := range v {
		s[i] = float32(v[i])
		v[i] = float64(s[i])
	}
	return s
}

// near compares to float32 rounding of sums of up to a few thousand terms, relative to the largest element or to what
// these sums are made of, which is about 1, twice as much behind each addition, and more behind dropout and normalisation.
func near(n *net.Network, got []float32, want []float64, others ...float64) bool {
	largest, bound := 0.1, 2e-5
	shapes, _ := n.Shapes()
	for i, l := range n.Layers {
		switch l.Op {
		case "add":
			largest *= 2
		case "conv":
			if l.WS { // of few weights, which are perhaps almost equal
				largest *= 4
			}
		case "groupnorm": // which divides by what may be small
			largest *= 16
			if shapes[i].Len()/l.Groups <= 4 { // so few values are perhaps almost equal, and their differences have lost digits
				bound *= 8
			}
		case "dropout":
			largest /= 1 - l.P
		}
	}
	for _, v := range slices.Concat(want, others) {
		largest = max(largest, math.Abs(v))
	}
	for i, v := range want {
		if !(math.Abs(float64(got[i])-v) <= bound*largest) {
			return false
		}
	}
	return true
}

// After steps like it, a step allocates nothing.
func TestStepAllocatesNothing(t *testing.T) {
	for _, name := range net.Presets {
		n, err := net.Preset(name, net.Shape{C: 1, H: 64, W: 64}, 4)
		if err != nil {
			t.Fatal(err)
		}
		inBands(t, 4000)
		r, _ := newTestRunner(t, n, 2)
		const batch = 3
		x, dout := make([][]float32, batch), make([][]float32, batch)
		for i := range x {
			x[i], dout[i] = make([]float32, n.Input.Len()), []float32{1, -1, 1, -1}
		}
		step, in := uint64(0), pixels.InMemory(x, n.Input.C)
		run := func() {
			r.Forward(in, r.DrawMasks(1, step%10, batch))
			r.Backward(dout, nil)
			step++
		}
		for range 50 { // which worker meets which piece changes
			run()
		}
		if got := testing.AllocsPerRun(50, run); got > 0 {
			t.Errorf("%s: a step makes %v allocations", name, got)
		}
	}
}

// What is kept of a batch follows the samples that a mask on their axis lets through in this step, not those that it
// ever did.
func TestMemoryFollowsTheSamplesKept(t *testing.T) {
	n, err := net.Parse("input c=1 h=16 w=16\nconv out=32 kernel=3 pad=1\nrelu\nmaxpool kernel=2\nconv out=16 kernel=3\nrelu\ngap\nbackdrop name=rows p=0 axes=N\nlinear out=1\n")
	if err != nil {
		t.Fatal(err)
	}
	const batch = 128
	kept := func(p float64) (elements int) {
		n.Layers[n.Backdrops()[0]].P = p
		w, err := net.NewWeights(n)
		if err != nil {
			t.Fatal(err)
		}
		r, err := NewRunner(n, w, 2)
		if err != nil {
			t.Fatal(err)
		}
		x, dout := make([][]float32, batch), make([][]float32, batch)
		for i := range x {
			x[i], dout[i] = make([]float32, n.Input.Len()), []float32{1}
		}
		for step := range uint64(50) {
			r.Forward(pixels.InMemory(x, n.Input.C), r.DrawMasks(1, step, batch))
			r.Backward(dout, nil)
		}
		return cap(r.room)
	}
	all, few := kept(0), kept(1-1.0/16)
	// Of 128 samples 8 are kept on average; in 50 steps the most is below 20 (binomial tail 1e-4 a step).
	if all == 0 || few == 0 || few > all*20/batch {
		t.Errorf("%d elements are kept of all samples, %d of one in 16", all, few)
	}
}
