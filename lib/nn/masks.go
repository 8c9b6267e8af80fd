package nn

import (
	"fmt"
	"math"

	"backdrop/lib/mask"
	"backdrop/lib/rng"
)

// Masks are what is random in one training step, by layer index: the masks of the backdrop layers, and for dropout
// layers a mask on all axes with the factor 1/(1−p).
type Masks map[int]*mask.Mask

// DrawMasks draws the masks of a training step for a batch. They depend on (seed, step, layer, sample) alone. A
// backdrop layer with p 0 is an identity and has no mask.
func (n *Network) DrawMasks(seed, step uint64, batch int) (Masks, error) {
	if batch < 1 {
		return nil, fmt.Errorf("nn: a batch must have at least one sample, got %d", batch)
	}
	shapes, err := n.Shapes()
	if err != nil {
		return nil, err
	}
	masks := Masks{}
	masks.drawBackdrops(n.Layers, shapes, seed, step, batch)
	masks.drawDropouts(n.Layers, shapes, seed, step, batch)
	return masks, nil
}

// DrawMasks is Network.DrawMasks into the runner's own memory, which the next call uses again.
func (r *Runner) DrawMasks(seed, step uint64, batch int) Masks {
	if r.drawn == nil {
		r.drawn = Masks{}
	}
	r.drawn.drawBackdrops(r.net.Layers, r.shapes, seed, step, batch)
	r.drawn.drawDropouts(r.net.Layers, r.shapes, seed, step, batch)
	r.prepared = false
	return r.drawn
}

// drawBackdrops draws the masks of the backdrop layers.
func (masks Masks) drawBackdrops(layers []Layer, shapes []Shape, seed, step uint64, batch int) {
	for i, l := range layers {
		if l.Op == "backdrop" && l.P > 0 {
			masks.of(i).Draw(mask.Coord{Seed: seed, Step: step, Layer: i}, l.P, l.Axes, [4]int{batch, shapes[i].C, shapes[i].H, shapes[i].W})
		}
	}
}

// drawDropouts draws those of the dropout layers.
func (masks Masks) drawDropouts(layers []Layer, shapes []Shape, seed, step uint64, batch int) {
	for i, l := range layers {
		if l.Op == "dropout" && l.P > 0 {
			drawDropout(masks.of(i), l.P, seed, step, i, [4]int{batch, shapes[i].C, shapes[i].H, shapes[i].W})
		}
	}
}

// of returns the mask of a layer, to be drawn in the memory of the one before.
func (masks Masks) of(layer int) *mask.Mask {
	if masks[layer] == nil {
		masks[layer] = new(mask.Mask)
	}
	return masks[layer]
}

// drawDropout draws each element on its own (N. Srivastava et al., "Dropout", JMLR 15, 2014), scaled in training so
// that evaluation needs no factor.
func drawDropout(m *mask.Mask, p float64, seed, step uint64, layer int, shape [4]int) {
	m.Axes, m.Shape, m.Factor = mask.N|mask.C|mask.H|mask.W, shape, float32(1/(1-p))
	size := shape[1] * shape[2] * shape[3]
	m.Keep = grow(m.Keep, shape[0]*size)
	threshold := uint64(math.Ceil(p * (1 << 53)))
	var s rng.Stream
	for n := range shape[0] {
		s.Set(seed, rng.Dropout, step, uint64(layer), uint64(n))
		for i := range size {
			m.Keep[n*size+i] = s.Uint64()&(1<<53-1) >= threshold
		}
	}
}
