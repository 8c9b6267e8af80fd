package engine

import (
	"math"

	"backdrop/lib/kernel"
	"backdrop/lib/net"
)

var negativeInfinity = float32(math.Inf(-1))

// maxPool takes the largest value of each window; padding counts as −∞.
type maxPool struct {
	windows
	noParameters
}

func init() { ops["maxpool"] = func(*node, net.Layer) op { return maxPool{} } }

func (maxPool) forward(b *band, t, z, count int) {
	n := &b.run.nodes[t]
	for i := range count {
		for y := range n.out.H {
			out := b.strips[t].data[b.at(t, z+i, y, 0):][:n.out.W*n.ch]
			for j := range out {
				out[j] = negativeInfinity
			}
			b.eachTap(t, z+i, y, func(src []float32, from, columns int) {
				kernel.Max(out[from*n.ch:], src, n.ch, columns, n.ch, n.stride[2]*n.ch)
			})
		}
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
	b.eachOutput(t, need, func(z, y, x int) {
		pool.Taps = pool.Taps[:0]
		first := -1
		n.eachSeen(z, y, x, func(u, v, from, to int) {
			at := b.keptAt(k, n.inputs[0], u, v, from)
			if first < 0 {
				first = at
			}
			for col := from; col < to; col += n.dilation[2] {
				kept := at + (col-from)*n.chIn
				if n.dilation[2] > 1 { // what lies between was perhaps not kept
					kept = b.keptAt(k, n.inputs[0], u, v, col)
				}
				place := dx.scratch()
				if u >= need[0] && u < need[1] && !(masked && !b.survives(n.inputs[0], u, v, col)) {
					place = dx.at(u, v, col)
				}
				pool.Taps = append(pool.Taps, kernel.Term{A: int32(kept - first), B: int32(place)})
			}
		})
		pool.X = k.data[first:]
		pool.DY = g.data[g.at(z, y, x):]
		pool.Run()
	})
}

// eachSeen calls f for every plane u and row v of the window of an output pixel, as far as it lies in the image: columns
// from ≤ x < to, dilation apart.
func (n *node) eachSeen(z, y, x int, f func(u, v, from, to int)) {
	top, row, from := z*n.stride[0]-n.pad[0], y*n.stride[1]-n.pad[1], x*n.stride[2]-n.pad[2]
	to := min(from+n.span(2), n.in.W)
	if from < 0 {
		from += ceilDiv(-from, n.dilation[2]) * n.dilation[2]
	}
	if from >= to {
		return
	}
	for i := range n.kernel[0] {
		u := top + i*n.dilation[0]
		if u < 0 || u >= n.in.D {
			continue
		}
		for j := range n.kernel[1] {
			if v := row + j*n.dilation[1]; v >= 0 && v < n.in.H {
				f(u, v, from, to)
			}
		}
	}
}

// eachTap calls f for every element of the window of output row y of slab z of a pool: columns output pixels, from column
// from on, whose inputs, stride pixels apart, begin at src and lie inside the image.
func (b *band) eachTap(t, z, y int, f func(src []float32, from, columns int)) {
	n := &b.run.nodes[t]
	before, strip, shift := &b.run.nodes[n.inputs[0]], &b.strips[n.inputs[0]], n.shift[0]
	for u := range n.kernel[0] {
		slab := z*n.stride[0] + u*n.dilation[0] // of its padded input
		if slab < n.pad[0] || slab >= n.pad[0]+n.in.D {
			continue
		}
		for v := range n.kernel[1] {
			row := y*n.stride[1] + v*n.dilation[1]
			if row < n.pad[1] || row >= n.pad[1]+n.in.H {
				continue
			}
			first := (slab+shift[0]-strip.first)*before.slab() + (row+shift[1])*before.line()
			for w := range n.kernel[2] {
				off := w * n.dilation[2]
				from := max(0, ceilDiv(n.pad[2]-off, n.stride[2]))
				to := min(n.out.W, floorDiv(n.pad[2]+n.in.W-1-off, n.stride[2])+1)
				if from < to {
					f(strip.data[first+(from*n.stride[2]+off+shift[2])*n.ch:], from, to-from)
				}
			}
		}
	}
}
