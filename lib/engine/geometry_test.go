package engine

import (
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"testing"
)

// A cell's receptive field is where the input's gradient of that cell can be other than zero.
func TestGeometryAgainstGradient(t *testing.T) {
	n, err := net.Parse("input c=1 h=40 w=40\nconv out=1 kernel=5 stride=2 pad=2\navgpool kernel=3 stride=2 pad=1\nconv out=1 kernel=2 stride=2\n")
	if err != nil {
		t.Fatal(err)
	}
	geometry, _ := n.Geometry()
	g := geometry[len(geometry)-1][net.W]
	w, _ := net.NewWeights(n)
	for _, p := range w.Params {
		for i := range p.Data {
			p.Data[i] = 1
		}
	}
	r, _ := NewRunner(n, w, 1)
	out := r.Forward(pixels.InMemory([][]float32{make([]float32, 1600)}, 1), net.Masks{})
	side := 5 // 40 → 20 → 10 → 5
	dout := make([]float32, len(out[0]))
	const row, col = 2, 0
	dout[row*side+col] = 1
	dx := [][]float32{make([]float32, 1600)}
	r.Backward([][]float32{dout}, pixels.Sinks(dx, 1))
	for y := range 40 {
		for x := range 40 {
			dy, dc := y-row*g.Stride-g.Offset, x-col*g.Stride-g.Offset
			inside := dy >= 0 && dy < g.Field && dc >= 0 && dc < g.Field
			if (dx[0][y*40+x] != 0) != inside {
				t.Fatalf("pixel %d,%d: gradient %v, inside the field: %v (%+v)", y, x, dx[0][y*40+x], inside, g)
			}
		}
	}
}
