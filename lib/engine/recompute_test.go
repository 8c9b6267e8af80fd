package engine

import (
	"math/rand/v2"
	"slices"
	"testing"

	"backdrop/internal/testkit/nettest"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// What is computed again has the bits that it would have been kept with: outputs, gradients of parameters and inputs, of random
// networks and of all presets, for every number of nodes and several numbers of threads.
func TestRecomputedIsKept(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	compared, networks, least := 0, 60, 500
	if testing.Short() {
		networks, least = 12, 100
	}
	for _, cut := range []func(*testing.T, int){inBands, inBlocks} {
		for _, elements := range []int{1, 64, 700} {
			cut(t, elements)
			var all []*net.Network
			for i := range networks {
				if n := nettest.Random(r, i%2 == 0); len(n.Layers) > 0 {
					all = append(all, n)
				}
			}
			for _, name := range net.Presets {
				for _, in := range []net.Shape{{C: 1, H: 33, W: 48}, {C: 2, D: 16, H: 9, W: 12}, {C: 1, W: 200}} {
					n, err := net.Preset(name, in, 3)
					if err != nil {
						t.Fatal(err)
					}
					all = append(all, n)
				}
			}
			for _, n := range all {
				compared += recomputedIsKept(t, r, n)
			}
		}
	}
	if compared < least {
		t.Errorf("only %d runs were compared", compared)
	}
}

func recomputedIsKept(t *testing.T, r *rand.Rand, n *net.Network) (compared int) {
	t.Helper()
	out, err := n.Output()
	if err != nil {
		t.Fatal(err)
	}
	batch, seed := 1+r.IntN(3), r.Uint64()
	var x, dout [][]float32
	for range batch {
		x, dout = append(x, single(normals(r, n.Input.Len()))), append(dout, single(normals(r, out.Len())))
	}
	results := func(nodes, threads int) (all [][]float32, early int, kept int64) {
		run, w := newTestRunner(t, n, threads)
		run.Recompute(nodes)
		for step := range uint64(2) {
			masks := run.DrawMasks(seed, step, batch)
			kept = max(kept, run.Prepare(masks, batch))
			for _, v := range run.Forward(pixels.InMemory(x, n.Input.C), masks) {
				all = append(all, slices.Clone(v))
			}
			var dx [][]float32
			for range batch {
				dx = append(dx, make([]float32, n.Input.Len()))
			}
			run.Backward(dout, pixels.Sinks(dx, n.Input.C))
			all = append(all, dx...)
		}
		for _, p := range w.Params {
			all = append(all, p.Grad)
		}
		return all, run.early, kept
	}
	want, early, kept := results(0, 1)
	for nodes := 1; nodes < early; nodes++ {
		threads := 1 + r.IntN(3)
		got, _, less := results(nodes, threads)
		if less > kept {
			t.Fatalf("%d nodes are computed again, and %d bytes are kept, %d otherwise:\n%s", nodes, less, kept, n)
		}
		compared++
		for i := range want {
			if !slices.Equal(got[i], want[i]) {
				t.Fatalf("%d nodes are computed again, %d threads: part %d of the results differs:\n%s", nodes, threads, i, n)
			}
		}
	}
	return compared
}

// Pixels between windows that lie apart belong to regions, though no window sees them: a large sample is not cut there.
func TestNoPiecesAtGaps(t *testing.T) {
	inBlocks(t, 200)
	for _, stride := range []string{"1x1", "1x3", "3x1"} {
		n, err := net.Parse("input c=2 h=40 w=60\nconv out=4 kernel=3 pad=1\nrelu\nmaxpool kernel=2\nconv out=4 kernel=1 stride=" + stride +
			"\nrelu\nconv out=4 kernel=2 stride=2\nbackdrop name=m p=0.5 axes=HW\ngap\nlinear out=3\n")
		if err != nil {
			t.Fatal(err)
		}
		p, err := newProgram(n, 2)
		if err != nil {
			t.Fatal(err)
		}
		if pieces := p.pieces[1] * p.pieces[2]; (pieces > 1) != (stride != "1x3") { // images have their rows along z
			t.Errorf("stride %s: pieces %v", stride, p.pieces)
		}
		compare(t, rand.New(rand.NewPCG(1, 2)), n, 2, 2)
	}
}
