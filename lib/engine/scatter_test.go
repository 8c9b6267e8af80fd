//go:build amd64 && !noasm

package engine

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"backdrop/lib/kernel"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// Gradients that are scattered have the bits of those that are summed window by window.
func TestScatteredIsSummed(t *testing.T) {
	if !kernel.CanScatter() {
		if os.Getenv("BACKDROP_REQUIRE") != "" {
			t.Fatal("this processor has no AVX-512: gradients are not scattered")
		}
		t.Skip("this processor has no AVX-512")
	}
	defer func() { mayScatter = true }()
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 60 {
		text := fmt.Sprintf("input c=1 h=%d w=%d\nconv out=%d kernel=3 pad=1\nrelu\n", 12+r.IntN(9), 12+r.IntN(9), 3+r.IntN(20))
		if i%3 == 0 {
			text = fmt.Sprintf("input c=2 d=%d h=8 w=9\nconv out=5 kernel=3 pad=1\nleakyrelu slope=0.2\n", 6+r.IntN(3))
		}
		text += fmt.Sprintf("conv out=%d kernel=%d pad=%d\nrelu\nmaxpool kernel=2\n", 3+r.IntN(20), 3+i%2*2, r.IntN(3))
		text += fmt.Sprintf("backdrop name=fine p=%g axes=%s\nconv out=7 kernel=1\ngap\nlinear out=2\n", []float64{0, 0.5, 0.95}[r.IntN(3)], []string{"NHW", "C", "N"}[r.IntN(3)])
		n, err := net.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		var grads [2][]float32
		for k := range grads {
			mayScatter = k == 0
			w, err := net.NewWeights(n)
			if err != nil {
				t.Fatal(err)
			}
			random := rand.New(rand.NewPCG(uint64(i), 3))
			for _, p := range w.Params {
				for j := range p.Data {
					p.Data[j] = float32(random.NormFloat64()) / 4
				}
			}
			run, err := NewRunner(n, w, 2)
			if err != nil {
				t.Fatal(err)
			}
			var x, dx, dy [][]float32
			for range 3 {
				v := make([]float32, n.Input.Len())
				for j := range v {
					v[j] = float32(random.NormFloat64())
				}
				x, dx, dy = append(x, v), append(dx, make([]float32, len(v))), append(dy, []float32{1, -0.5})
			}
			run.Forward(pixels.InMemory(x, n.Input.C), run.DrawMasks(uint64(i), 1, 3))
			run.Backward(dy, pixels.Sinks(dx, n.Input.C))
			grads[k] = slices.Concat(dx...)
			for _, p := range w.Params {
				grads[k] = append(grads[k], p.Grad...)
			}
		}
		for j, v := range grads[0] {
			if v != grads[1][j] {
				t.Fatalf("element %d of the gradients is %v, not %v\n%s", j, v, grads[1][j], text)
			}
		}
	}
}
