package engine

import (
	"math"

	"backdrop/lib/kernel"
	"backdrop/lib/net"
)

var negativeInfinity = float32(math.Inf(-1))

// maxPool takes the largest value of each window; padding counts as −∞.
type maxPool struct {
	window
	noParameters
}

func init() { ops["maxpool"] = func(*node, net.Layer) op { return maxPool{} } }

func (maxPool) forward(b *band, t, y, count int) {
	n := &b.run.nodes[t]
	for i := range count {
		out := b.strips[t].data[b.at(t, y+i, 0):][:n.out.W*n.ch]
		for j := range out {
			out[j] = negativeInfinity
		}
		b.eachTap(t, y+i, func(src []float32, from, columns int) {
			kernel.Max(out[from*n.ch:], src, n.ch, columns, n.ch, n.stride*n.ch)
		})
	}
}

func (maxPool) readsInput() bool { return true }

func (maxPool) fuses(before *node) bool { return before.uniform }

// gradInput gives each gradient to the first of the largest elements of its window, as PyTorch does, and takes it back
// through the pointwise layers before the pool if these let all channels through alike.
func (maxPool) gradInput(b *backward, t, _ int, need [2]int) {
	n := &b.run.nodes[t]
	before := &b.run.nodes[n.inputs[0]]
	g, dx, k := &b.grads[t], &b.grads[n.inputs[0]], &b.sample.kept[n.inputs[0]]
	b.clear(n.inputs[0], need)
	pool := &b.pool
	*pool = kernel.Pool{DX: dx.data, Channels: n.out.C, Floor: negativeInfinity, Scale: 1, Taps: pool.Taps}
	if n.chIn == g.channels {
		pool.Channels = n.chIn
	}
	fused := before.uniform && !before.shared()
	if fused {
		pool.Scale = before.scale(b.masks)
	}
	if fused && before.gated {
		pool.Floor = 0
	}
	masked := before.masked(b.masks)
	b.eachOutput(t, need, func(y, x int) {
		pool.Taps = pool.Taps[:0]
		from, to := max(x*n.stride-n.pad, 0), min(x*n.stride-n.pad+n.kernel, n.in.W)
		first := b.keptAt(k, n.inputs[0], max(y*n.stride-n.pad, 0), from)
		pool.X = k.data[first:]
		for row := max(y*n.stride-n.pad, 0); row < min(y*n.stride-n.pad+n.kernel, n.in.H); row++ {
			at := b.keptAt(k, n.inputs[0], row, from) - first
			for col := from; col < to; col++ {
				place := dx.scratch()
				if row >= need[0] && row < need[1] && !(masked && !b.survives(n.inputs[0], row, col)) {
					place = dx.at(row, col)
				}
				pool.Taps = append(pool.Taps, kernel.Term{A: int32(at + (col-from)*n.chIn), B: int32(place)})
			}
		}
		pool.DY = g.data[g.at(y, x):]
		pool.Run()
	})
}

// eachTap calls f for every element of the window of output row y of a pool: columns output pixels, from column from
// on, whose inputs, stride pixels apart, begin at src and lie inside the image.
func (b *band) eachTap(t, y int, f func(src []float32, from, columns int)) {
	n := &b.run.nodes[t]
	win := &b.strips[n.inputs[0]]
	for u := range n.kernel {
		row := y*n.stride + u // of its padded input
		if row < n.pad || row >= n.pad+n.in.H {
			continue
		}
		for v := range n.kernel {
			from := max(0, (n.pad-v+n.stride-1)/n.stride)
			to := min(n.out.W, (n.pad+n.in.W-1-v+n.stride)/n.stride)
			if from < to {
				f(win.data[(row+n.shift[0]-win.first)*b.run.nodes[n.inputs[0]].rowLength()+(from*n.stride+v+n.shift[0])*n.ch:], from, to-from)
			}
		}
	}
}
