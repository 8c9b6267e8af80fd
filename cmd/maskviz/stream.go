package main

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/stream"
	"backdrop/lib/net"
)

// header is __meta__/masks.json.
type header struct {
	Tool    string   `json:"tool"`
	Version string   `json:"version"`
	Network string   `json:"network"`
	Seed    uint64   `json:"seed"`
	Step    uint64   `json:"step"`
	Batch   int      `json:"batch"`
	Pinned  []pin    `json:"pinned,omitempty"`
	Layers  []string `json:"layers"` // members mask/<layer>.npy, in the order of the network
}

// writeStream writes every mask as the array of its factors, [N,C] and the axes of the input, with 1 where the mask has no
// axis, and their product on the input, with C 1, and N 1 unless samples differ.
func (st *step) writeStream(w io.Writer, c stream.Compression) error {
	out, err := stream.NewMemberWriter(w, c)
	if err != nil {
		return err
	}
	if err := st.writeMembers(out); err != nil {
		return fmt.Errorf("writing the masks: %w", err)
	}
	return out.Close()
}

func (st *step) writeMembers(out *stream.MemberWriter) error {
	h := header{Tool: "maskviz", Version: tool.Version, Network: st.net.String(), Seed: st.seed, Step: st.step, Batch: st.batch, Pinned: st.pins}
	for _, layer := range st.net.Backdrops() {
		h.Layers = append(h.Layers, st.net.Layers[layer].Name)
	}
	if slices.Contains(h.Layers, "product") {
		return fmt.Errorf("a layer is named product, and so is the product of all masks; rename it")
	}
	meta, err := json.MarshalIndent(h, "", "  ")
	if err != nil {
		return err
	}
	if err := out.Write("__meta__/masks.json", append(meta, '\n')); err != nil {
		return err
	}
	for i, layer := range st.net.Backdrops() {
		shape, factors := st.factors(layer)
		if err := out.WriteArray("mask/"+h.Layers[i]+".npy", shape, factors); err != nil {
			return err
		}
	}
	n := 1
	if models.MasksPerSample(st.net) {
		n = st.batch
	}
	in := st.net.Input
	if values := float64(n) * float64(in.Size().Product()); values > maxCells {
		return fmt.Errorf("the product on %s %s for a batch of %d takes %.0f values, the limit is %d; use a smaller --batch or input", by(in.Axes()[1:]), st.words().many, n, values, maxCells)
	}
	return out.WriteArray("mask/product.npy", append([]int{n, 1}, in.Axes()[1:]...), func(yield func([]float32) bool) {
		for sample := 0; sample < n && st.product(sample).values(yield); sample++ {
		}
	})
}

// factors returns the shape of a layer's mask and the factors of its cells, a piece at a time; an identity has one factor, 1.
func (st *step) factors(layer int) ([]int, iter.Seq[[]float32]) {
	m := st.masks[layer]
	axes := make([]int, 2+st.net.Input.Dimensions()) // N, C and those that the samples have
	if m == nil {
		for i := range axes {
			axes[i] = 1
		}
		return axes, slices.Values([][]float32{{1}})
	}
	const most = 8 << 10 // factors in a piece
	piece := make([]float32, 0, min(most, len(m.Keep)))
	copy(axes[copy(axes, m.Shape[:2]):], m.Shape[5-st.net.Input.Dimensions():])
	return axes, func(yield func([]float32) bool) {
		for keep := range slices.Chunk(m.Keep, most) {
			piece = piece[:len(keep)]
			for i, k := range keep {
				piece[i] = 0
				if k {
					piece[i] = m.Factor
				}
			}
			if !yield(piece) {
				return
			}
		}
	}
}

// values yields the factor of each place of the input, a piece at a time, and reports whether more are wanted.
func (p *projection) values(yield func([]float32) bool) bool {
	const most = 16 << 10 // places in a piece
	piece, on := make([]float32, 0, most), true
	write := func(x, end int, factor float32) {
		for ; x < end && on; x++ {
			if piece = append(piece, factor); len(piece) == most {
				on = yield(piece)
				piece = piece[:0]
			}
		}
	}
	for z := 0; z < p.size[net.D] && on; z++ {
		for y := 0; y < p.size[net.H] && on; y++ {
			on = !p.stop()
			p.line(z, y, write)
		}
	}
	return on && (len(piece) == 0 || yield(piece))
}
