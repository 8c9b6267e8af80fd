package nn

import (
	"backdrop/lib/kernel"
	"backdrop/lib/region"
)

// gradient is a part of the gradient by a stage's output: rows and columns of the tensor without its border. Where no
// gradient survives and beyond the image it is zero, if the stage is a convolution that looks there.
type gradient struct {
	data                 []float32
	top, left            int // row and column of the first pixel
	rows, cols, channels int
}

func (g *gradient) length() int     { return g.cols * g.channels }
func (g *gradient) at(y, x int) int { return ((y-g.top)*g.cols + x - g.left) * g.channels }
func (g *gradient) scratch() int    { return g.rows * g.length() } // room for a pixel that is not wanted

// elements is the number of values, and of those of a pixel that is not wanted.
func (g *gradient) elements() int { return g.scratch() + g.channels }

// set gives g an extent, with undefined content, and room for any that it can come to have.
func (g *gradient) set(extent gradient, room int) {
	data := g.data
	*g = extent
	n := g.elements()
	if g.data = data; cap(data) < n {
		g.data = make([]float32, max(n, room))
	}
	g.data = g.data[:n]
}

// clearOutside sets g to zero everywhere but in the rows from ≤ y < to of a region.
func (g *gradient) clearOutside(r *region.Region, from, to int) {
	at := 0
	for y := from; y < to; y++ {
		for _, s := range r.Row(y) {
			clear(g.data[at:g.at(y, int(s.Lo))])
			at = g.at(y, int(s.Hi))
		}
	}
	clear(g.data[at:])
}

// backward is one goroutine's memory for taking gradients back.
type backward struct {
	run    *Runner
	sample *sample
	masks  Masks
	n      int
	sums   []*sums
	grads  []gradient
	needs  [][2]int
	tile   kernel.Tile
	x      []float32 // pixels of a convolution's input
	inputs []int     // where the elements of a window lie in x
	pairs  []kernel.Term
	ones   []kernel.Term
	back   []kernel.Term
	pool   kernel.Pool
}

// termsAtOnce bounds the pixels whose products are added in one go, so that their gradients (64 channels: 32 KiB) stay in
// first-level cache, and their inputs in the second, while all tiles of the weights go over them.
const termsAtOnce = 128

// rowsSeenBy returns the rows of the output of a stage that see the rows from ≤ y < to of its input, not clipped to
// those that there are.
func (s *stage) rowsSeenBy(from, to int) (int, int) {
	return ceilDiv(from+s.pad-s.kernel+1, s.stride), floorDiv(to-1+s.pad, s.stride) + 1
}

func floorDiv(a, b int) int {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}

func ceilDiv(a, b int) int { return -floorDiv(-a, b) }

// stage takes the gradient by the output of stage t, in b.grads[t], back: it adds the parameters' gradients that come
// from rows own, and sets b.grads[t-1] for rows need, unless that is empty.
func (b *backward) stage(t int, own, need [2]int) {
	s := &b.run.stages[t]
	if s.op == "conv" {
		b.weights(t, own[0], own[1])
	}
	if need[0] >= need[1] {
		return
	}
	b.place(t-1, need)
	switch s.op {
	case "conv":
		b.convInput(t, need)
	case "maxpool":
		b.maxPoolInput(t, need)
	case "avgpool":
		b.avgPoolInput(t, need)
	case "gap":
		b.meanInput(t)
	case "flatten":
		b.flattenInput(t)
	}
	if below := &b.run.stages[t-1]; !(s.op == "conv" && b.fused(below) || s.op == "maxpool" && below.plain) {
		b.pointwise(t-1, need)
	}
}

// place makes room for rows need of the gradient by the output of stage t, and for what the stage reads around them.
func (b *backward) place(t int, need [2]int) {
	s, r := &b.run.stages[t], &b.sample.grad[t]
	left, right := r.Bounds(need[0], need[1])
	g := &b.grads[t]
	g.set(b.run.extent(t, need, left, right), b.run.gradRoom[t])
	if s.op == "conv" && t > b.run.bottom() { // only this looks at pixels where no gradient survives
		g.clearOutside(r, need[0], need[1])
	}
}

// extent returns the part of the gradient by the output of stage t that has room when the given rows and columns of it are
// needed: these, and what the stage reads around them.
func (r *Runner) extent(t int, need [2]int, left, right int) gradient {
	s := &r.stages[t]
	top, bottom := need[0], need[1]
	if t > 0 && s.spatial() { // the pixels of the input's gradient that these reach read the neighbours, too
		lo, hi := s.window(need[0], need[1])
		first, end := s.rowsSeenBy(lo-s.pad, hi-s.pad)
		top, bottom = min(top, first), max(bottom, end)
		first, end = ceilDiv(left*s.stride-s.kernel+1, s.stride), floorDiv((right-1)*s.stride+s.kernel-1, s.stride)+1
		left, right = min(left, first), max(right, end)
	}
	return gradient{top: top, left: left, rows: bottom - top, cols: right - left, channels: gradientChannels(s.out.C)}
}

// fused reports whether the tiles of the convolution behind take the gradient back through a stage's pointwise layers.
func (b *backward) fused(below *stage) bool {
	return below.plain && (!below.gated || below.ch == gradientChannels(below.out.C))
}

// scale is the product of the factors of the masks behind a stage.
func (b *backward) scale(s *stage) float32 {
	scale := float32(1)
	for _, i := range s.post {
		if m := b.masks[i]; m != nil {
			scale *= m.Factor
		}
	}
	return scale
}

// pointwise takes rows need of the gradient by the output of stage t back through its pointwise layers.
func (b *backward) pointwise(t int, need [2]int) {
	s, g, r := &b.run.stages[t], &b.grads[t], &b.sample.grad[t]
	if len(s.post) == 0 {
		return
	}
	linear := s.linear(b.run.net)
	for y := need[0]; y < need[1]; y++ {
		for _, span := range r.Row(y) {
			for x := int(span.Lo); x < int(span.Hi); x++ {
				v := g.data[g.at(y, x):][:s.out.C]
				var out []float32
				if !linear {
					out = b.sample.kept[t].data[b.keptAt(&b.sample.kept[t], t, y, x):]
				}
				b.pixelBack(s, v, out, y, x)
			}
		}
	}
}

// pixelBack takes one pixel back; out is the stage's output there.
func (b *backward) pixelBack(s *stage, v, out []float32, y, x int) {
	for k := len(s.post) - 1; k >= 0; k-- {
		i := s.post[k]
		switch l := b.run.net.Layers[i]; l.Op {
		case "relu", "leakyrelu":
			slope := float32(l.Slope) // 0 for relu
			for c := range v {
				if !(out[c] > 0) {
					v[c] *= slope
				}
			}
		default:
			if m := b.masks[i]; m != nil {
				for c := range v {
					v[c] *= m.At(b.n, c, y, x)
				}
			}
		}
	}
}

// keptAt returns where the output of stage t at a pixel was kept.
func (b *backward) keptAt(k *kept, t, y, x int) int {
	s := &b.run.stages[t]
	y, x = y+s.border-k.inset, x+s.border-k.inset
	at := k.region.Index(y)
	for i, span := range k.region.Row(y) {
		if x < int(span.Hi) {
			return k.offset[at+i] + (x-int(span.Lo))*s.ch
		}
	}
	panic("nn: a pixel that the backward pass needs was not kept")
}

// maxPoolInput gives each gradient to the first of the largest elements of its window, as PyTorch does, and takes it
// back through the pointwise layers before the pool if these let all channels through alike.
func (b *backward) maxPoolInput(t int, need [2]int) {
	s, below := &b.run.stages[t], &b.run.stages[t-1]
	g, dx, k := &b.grads[t], &b.grads[t-1], &b.sample.kept[t-1]
	b.clear(t-1, need)
	pool := &b.pool
	*pool = kernel.Pool{DX: dx.data, Channels: s.out.C, Floor: negativeInfinity, Scale: 1, Taps: pool.Taps}
	if s.chIn == g.channels {
		pool.Channels = s.chIn
	}
	if below.plain {
		pool.Scale = b.scale(below)
	}
	if below.gated {
		pool.Floor = 0
	}
	masked := b.masked(below)
	b.eachOutput(t, need, func(y, x int) {
		pool.Taps = pool.Taps[:0]
		from, to := max(x*s.stride-s.pad, 0), min(x*s.stride-s.pad+s.kernel, s.in.W)
		first := b.keptAt(k, t-1, max(y*s.stride-s.pad, 0), from)
		pool.X = k.data[first:]
		for row := max(y*s.stride-s.pad, 0); row < min(y*s.stride-s.pad+s.kernel, s.in.H); row++ {
			at := b.keptAt(k, t-1, row, from) - first
			for col := from; col < to; col++ {
				place := dx.scratch()
				if row >= need[0] && row < need[1] && !(masked && !b.survives(t-1, row, col)) {
					place = dx.at(row, col)
				}
				pool.Taps = append(pool.Taps, kernel.Term{A: int32(at + (col-from)*s.chIn), B: int32(place)})
			}
		}
		pool.DY = g.data[g.at(y, x):]
		pool.Run()
	})
}

// masked reports whether there is a mask behind a stage in this step.
func (b *backward) masked(s *stage) bool {
	for _, i := range s.post {
		if b.masks[i] != nil {
			return true
		}
	}
	return false
}

// survives reports whether a pixel's gradient passes the masks behind a stage.
func (b *backward) survives(t, y, x int) bool {
	for _, s := range b.sample.grad[t].Row(y) {
		if x < int(s.Hi) {
			return x >= int(s.Lo)
		}
	}
	return false
}

// clear sets the surviving pixels of rows need of a gradient to zero; the others are.
func (b *backward) clear(t int, need [2]int) {
	g := &b.grads[t]
	for y := need[0]; y < need[1]; y++ {
		for _, s := range b.sample.grad[t].Row(y) {
			clear(g.data[g.at(y, int(s.Lo)):g.at(y, int(s.Hi))])
		}
	}
}

// eachOutput calls f for every pixel of the surviving gradient by the output of stage t whose window sees a row of
// need.
func (b *backward) eachOutput(t int, need [2]int, f func(y, x int)) {
	s := &b.run.stages[t]
	from, to := s.rowsSeenBy(need[0], need[1])
	for y := max(from, 0); y < min(to, s.out.H); y++ {
		for _, span := range b.sample.grad[t].Row(y) {
			for x := int(span.Lo); x < int(span.Hi); x++ {
				f(y, x)
			}
		}
	}
}

func (b *backward) avgPoolInput(t int, need [2]int) {
	s, g, dx := &b.run.stages[t], &b.grads[t], &b.grads[t-1]
	b.clear(t-1, need)
	area := float32(s.kernel * s.kernel)
	b.eachOutput(t, need, func(y, x int) {
		dy := g.data[g.at(y, x):][:s.out.C]
		for row := max(y*s.stride-s.pad, need[0]); row < min(y*s.stride-s.pad+s.kernel, need[1]); row++ {
			for col := max(x*s.stride-s.pad, 0); col < min(x*s.stride-s.pad+s.kernel, s.in.W); col++ {
				if !b.survives(t-1, row, col) {
					continue
				}
				dst := dx.data[dx.at(row, col):]
				for c, v := range dy {
					dst[c] += v / area
				}
			}
		}
	})
}

func (b *backward) meanInput(t int) {
	s, g, dx := &b.run.stages[t], &b.grads[t], &b.grads[t-1]
	dy := g.data[g.at(0, 0):][:g.channels]
	area := float32(s.in.H * s.in.W)
	for y := range s.in.H {
		for _, span := range b.sample.grad[t-1].Row(y) {
			for x := int(span.Lo); x < int(span.Hi); x++ {
				dst := dx.data[dx.at(y, x):][:len(dy)]
				for c, v := range dy {
					dst[c] = v / area
				}
			}
		}
	}
}

func (b *backward) flattenInput(t int) {
	s, g, dx := &b.run.stages[t], &b.grads[t], &b.grads[t-1]
	dy := g.data[g.at(0, 0):]
	b.clear(t-1, [2]int{0, s.in.H})
	for y := range s.in.H {
		for _, span := range b.sample.grad[t-1].Row(y) {
			for x := int(span.Lo); x < int(span.Hi); x++ {
				dst := dx.data[dx.at(y, x):]
				for c := range s.in.C {
					dst[c] = dy[(c*s.in.H+y)*s.in.W+x]
				}
			}
		}
	}
}
