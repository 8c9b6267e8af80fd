package engine

import (
	"testing"

	"backdrop/lib/net"
)

// What looking at masks is said to take is enough for the regions that the looking makes, and not many times as much.
func TestLookingMemory(t *testing.T) {
	for _, name := range net.Presets {
		for _, p := range []float64{0.05, 0.3, 0.6, 0.95} {
			n, err := net.Preset(name, net.Shape{C: 1, H: 512, W: 640}, 4)
			if err != nil {
				t.Fatal(err)
			}
			for i := range n.Layers {
				if n.Layers[i].Op == "backdrop" && n.Layers[i].P > 0 {
					n.Layers[i].P = p
				}
			}
			looking, err := LookingMemory(n, 2)
			if err != nil {
				t.Fatal(err)
			}
			r, err := sketch(n, 1)
			if err != nil {
				t.Fatal(err)
			}
			masks, arranged := net.Masks{}, arrangedMasks{}
			masks.DrawBackdrops(n, r.shapes, 1, 2, 2)
			own := arranged.set(masks, len(r.shapes), 2)
			if r.head != nil {
				r.head.plan(own, 2)
			}
			s := newSurvivors(r.program)
			r.plan(s, own, 0, r.exact)
			spans, all := 0, 0
			for u := r.exact; u < r.body; u++ {
				spans += s.grad[u].Spans()
				all += lines(s.grad[u].Size())
				for i := range s.field[u] {
					spans += s.field[u][i].Spans()
					all += lines(s.field[u][i].Size())
				}
			}
			if used := r.maskBytes(2) + int64(8*spans+4*all); looking < used || looking > 16*used+1<<18 {
				t.Errorf("%s, p=%g: looking is said to take %d bytes, takes %d", name, p, looking, used)
			}
		}
	}
}
