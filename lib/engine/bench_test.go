package engine

import (
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"fmt"
	"math/rand/v2"
	"testing"
)

// The rows of the table of step times: network, size, batch, masks. /forward is evaluation.
var steps = []struct {
	net         string
	size, batch int
	masks       bool
}{
	{"crisp", 1024, 1, true},
	{"crisp", 1024, 1, false},
	{"overlap", 1024, 1, true},
	{"pooled", 128, 10, true},
	{"pooled", 128, 10, false},
}

// The figures of the 1024² crisp network by hand, in multiply-adds times two: 25·64·512² for the first layer, 256·64 for
// each pixel of the seven others (256², 128², … 4²) and 64·4 for the last; the dense backward pass is twice that without
// the input gradient of the first layer.
func TestFlops(t *testing.T) {
	n, err := net.Preset("crisp", net.Shape{C: 1, H: 1024, W: 1024}, 4)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range n.Backdrops() {
		n.Layers[i].P = 0
	}
	w, err := net.NewWeights(n)
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRunner(n, w, 0)
	if err != nil {
		t.Fatal(err)
	}
	r.Forward(pixels.InMemory([][]float32{make([]float32, 1<<20)}, 1), r.DrawMasks(1, 0, 1))
	first, places := 2.0*25*64*512*512, 0.0
	for side := 256; side >= 4; side /= 2 {
		places += float64(side * side)
	}
	want := first + 2*256*64*places + 2*64*4
	if forward, backward := r.Flops(); forward != want || backward != 2*want-first {
		t.Errorf("%v forward, %v backward; want %v and %v", forward, backward, want, 2*want-first)
	}
}

func BenchmarkStep(b *testing.B) {
	for _, c := range steps {
		masks := "masks"
		if !c.masks {
			masks = "plain"
		}
		for _, kind := range []string{"step", "forward"} {
			if kind == "forward" && c.masks {
				continue
			}
			b.Run(fmt.Sprintf("%s%d/%s/%s", c.net, c.size, masks, kind), func(b *testing.B) {
				benchmarkStep(b, c.net, c.size, c.batch, c.masks, kind == "step")
			})
		}
	}
}

func benchmarkStep(b *testing.B, name string, size, batch int, masked, train bool) {
	n, err := net.Preset(name, net.Shape{C: 1, H: size, W: size}, 4)
	if err != nil {
		b.Fatal(err)
	}
	if !masked {
		for _, i := range n.Backdrops() {
			n.Layers[i].P = 0
		}
	}
	w, err := net.NewWeights(n)
	if err != nil {
		b.Fatal(err)
	}
	w.Init(1)
	r, err := NewRunner(n, w, 0)
	if err != nil {
		b.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	x, dout := make([][]float32, batch), make([][]float32, batch)
	for i := range x {
		x[i], dout[i] = make([]float32, n.Input.Len()), []float32{0.1, -0.1, 0.2, -0.2}
		for j := range x[i] {
			x[i][j] = float32(rnd.NormFloat64())
		}
	}
	step, in := uint64(0), pixels.InMemory(x, n.Input.C)
	b.ReportAllocs()
	for b.Loop() {
		if !train {
			r.Forward(in, nil)
			continue
		}
		w.ZeroGrad()
		r.Forward(in, r.DrawMasks(1, step, batch))
		r.Backward(dout, nil)
		step++
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N)/float64(batch), "ms/image")
}
