package engine

import (
	"fmt"
	"slices"
	"testing"

	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// bytes is a sample of bytes whose channels lie side by side, as in a picture's file.
type bytes struct {
	data  []byte
	shape net.Shape
}

func (b bytes) Pixels(dst []float32, step, c, from, to int) {
	for i := from; i < to; i++ {
		dst[(i-from)*step] = float32(b.data[i*b.shape.C+c])
	}
}

// planes returns the same sample in memory.
func (b bytes) planes() []float32 {
	x := make([]float32, b.shape.Len())
	for i, v := range b.data {
		pixel, c := i/b.shape.C, i%b.shape.C
		x[c*b.shape.H*b.shape.W+pixel] = float32(v)
	}
	return x
}

// A sample that is read in pieces gives the bits of one in memory, forward and backward.
func TestForwardReadsInPieces(t *testing.T) {
	for _, elements := range []int{1, 64 << 10} {
		for _, channels := range []int{1, 3} {
			t.Run(fmt.Sprint(elements, channels), func(t *testing.T) {
				inBands(t, elements)
				n, err := net.Preset("overlap", net.Shape{C: channels, H: 32, W: 32}, 4)
				if err != nil {
					t.Fatal(err)
				}
				var sources []pixels.Source
				var x, dout [][]float32
				for s := range 3 {
					b := bytes{make([]byte, n.Input.Len()), n.Input}
					for i := range b.data {
						b.data[i] = byte(i*i + s*7 + i/5)
					}
					sources, x, dout = append(sources, b), append(x, b.planes()), append(dout, []float32{1, -2, 0.5, 0.25})
				}
				results := func(forward func(*Runner, net.Masks) [][]float32) [][]float32 {
					r, w := newTestRunner(t, n, 2)
					all := [][]float32{slices.Concat(forward(r, nil)...), slices.Concat(forward(r, r.DrawMasks(1, 0, 3))...)}
					r.Backward(dout, nil)
					for _, p := range w.Params {
						all = append(all, p.Grad)
					}
					return all
				}
				got := results(func(r *Runner, m net.Masks) [][]float32 { return r.Forward(sources, m) })
				want := results(func(r *Runner, m net.Masks) [][]float32 { return r.Forward(pixels.InMemory(x, channels), m) })
				for i := range want {
					if !slices.Equal(got[i], want[i]) {
						t.Errorf("part %d of the results differs", i)
					}
				}
			})
		}
	}
}
