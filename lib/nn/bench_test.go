package nn

import (
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
	n, err := Preset(name, Shape{1, size, size}, 4)
	if err != nil {
		b.Fatal(err)
	}
	if !masked {
		for _, i := range n.Backdrops() {
			n.Layers[i].P = 0
		}
	}
	w, err := NewWeights(n)
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
	step := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		if !train {
			r.Forward(x, nil)
			continue
		}
		w.ZeroGrad()
		r.Forward(x, r.DrawMasks(1, step, batch))
		r.Backward(dout, nil)
		step++
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N)/float64(batch), "ms/image")
}
