package nn

import "backdrop/lib/kernel"

// weights adds the gradients of a convolution's parameters that come from output rows from ≤ y < to:
//
//	dW[k, o] += Σ x[window element k of pixel p] · dy[p, o],   db[o] += Σ dy[p, o]
//
// over the pixels p where the gradient survives. The sum over pixels is the sum of a tile's terms.
func (b *backward) weights(t, from, to int) {
	s, r := &b.run.stages[t], &b.sample.grad[t]
	if r.Index(from) == r.Index(to) {
		return
	}
	x, first, left, cols := b.windows(t, from, to)
	b.inputs = grow(b.inputs, s.terms())[:0]
	for u := range s.kernel {
		for v := range s.kernel {
			for c := range s.in.C {
				b.inputs = append(b.inputs, (u*cols+v)*s.chIn+c)
			}
		}
	}
	g := &b.grads[t]
	b.pairs, b.ones = b.pairs[:0], b.ones[:0]
	for y := from; y < to; y++ {
		for _, span := range r.Row(y) {
			lo := int(span.Lo)
			k := kernel.Term{A: int32(((y*s.stride-first)*cols + lo*s.stride - left) * s.chIn), B: int32(g.at(y, lo))}
			for range span.Hi - span.Lo {
				b.pairs, b.ones = append(b.pairs, k), append(b.ones, kernel.Term{B: k.B})
				k.A, k.B = k.A+int32(s.stride*s.chIn), k.B+int32(g.channels)
				if len(b.pairs) == termsAtOnce {
					b.addWeights(t, x)
				}
			}
		}
	}
	b.addWeights(t, x)
}

var one = []float32{1}

// addWeights adds the products of the pixels in b.pairs.
func (b *backward) addWeights(t int, x []float32) {
	if len(b.pairs) == 0 {
		return
	}
	s, sums, tile := &b.run.stages[t], b.sums[t], &b.tile
	terms := s.terms()
	*tile = kernel.Tile{
		Terms: b.pairs, A: x, B: b.grads[t].data, Panel: kernel.Columns, C: sums.use(), Panels: s.ch / kernel.Columns, Add: true, Scale: 1,
	}
	for k := 0; k < terms; k += kernel.Rows {
		for i := range kernel.Rows {
			if k+i < terms {
				tile.ARow[i], tile.CRow[i] = b.inputs[k+i], (k+i)*s.ch
			} else {
				tile.ARow[i], tile.CRow[i] = 0, terms*s.ch
			}
		}
		tile.Single = k+1 == terms
		tile.Run()
	}
	tile.Terms, tile.A, tile.Single = b.ones, one, true
	for i := range kernel.Rows {
		tile.ARow[i], tile.CRow[i] = 0, terms*s.ch
	}
	tile.CRow[0] = (terms + 1) * s.ch
	tile.Run()
	b.pairs, b.ones = b.pairs[:0], b.ones[:0]
}

// windows returns the input of a convolution that output rows from ≤ y < to see, with rows a fixed length apart: the
// padded tensor's rows from first on, cols columns from left on.
func (b *backward) windows(t, from, to int) (x []float32, first, left, cols int) {
	s, below := &b.run.stages[t], &b.run.stages[t-1]
	first, end := s.window(from, to)
	left, right := b.sample.field[t].Bounds(first, end)
	cols = right - left
	k := &b.sample.kept[t-1]
	if k.region == nil {
		return b.loadInput(first, end, left, right), first, left, cols
	}
	if data, ok := k.regular(first, end); ok {
		return data, first, left, cols
	}
	length := cols * below.ch
	b.x = b.run.windowsRoom(b.x, (end-first)*length)
	for y := first; y < end; y++ {
		row := b.x[(y-first)*length:]
		at := k.region.Index(y)
		for i, span := range k.region.Row(y) {
			copy(row[(int(span.Lo)-left)*below.ch:], k.data[k.offset[at+i]:][:int(span.Hi-span.Lo)*below.ch])
		}
	}
	return b.x, first, left, cols
}

// loadInput brings a part of the caller's sample into the order of tensors, with its border.
func (b *backward) loadInput(top, bottom, left, right int) []float32 {
	s := &b.run.stages[0]
	in, ch := s.out, s.ch
	b.x = b.run.windowsRoom(b.x, (bottom-top)*(right-left)*ch)
	clear(b.x)
	for y := max(top, s.border); y < min(bottom, s.border+in.H); y++ {
		lo, hi := max(left, s.border), min(right, s.border+in.W)
		for c := range in.C {
			src := b.sample.x[(c*in.H+y-s.border)*in.W:][:in.W]
			dst := b.x[((y-top)*(right-left)+lo-left)*ch+c:]
			if ch == 1 {
				copy(dst[:hi-lo], src[lo-s.border:])
				continue
			}
			for x := lo; x < hi; x++ {
				dst[(x-lo)*ch] = src[x-s.border]
			}
		}
	}
	return b.x
}

// convInput sets rows need of the gradient by a convolution's input:
//
//	dx[y, x, c] = Σ W[o, c, u, v] · dy[(y+pad−u)/stride, (x+pad−v)/stride, o]
//
// over the outputs o and the elements u, v of the window for which the quotients are whole. Which these are depends on
// the remainders of y+pad and x+pad by the stride: the phase.
func (b *backward) convInput(t int, need [2]int) {
	s, below := &b.run.stages[t], &b.run.stages[t-1]
	g, dx, pack := &b.grads[t], &b.grads[t-1], b.run.packs[t]
	fused := b.fused(below)
	tile := &b.tile
	*tile = kernel.Tile{A: g.data, C: dx.data, Panels: panels(s.in.C), Scale: 1}
	if fused {
		tile.Scale = b.scale(below)
		if below.gated {
			tile.Gate = b.sample.kept[t-1].data
		}
	}
	for i := range pack.phases {
		f := &pack.phases[i]
		b.back = b.back[:0]
		for u := range f.rows {
			for v := range f.cols {
				for o := range s.out.C {
					b.back = append(b.back, kernel.Term{A: int32(o - u*g.length() - v*g.channels), B: int32(len(b.back) * kernel.Columns)})
				}
			}
		}
		tile.Terms, tile.B, tile.Panel = b.back, f.back, len(b.back)*kernel.Columns
		b.phase(t, need, i/s.stride, i%s.stride)
	}
}

// phase runs the tiles over the surviving pixels in rows need of the input gradient of stage t whose padded row and
// column leave these remainders by the stride.
func (b *backward) phase(t int, need [2]int, row, col int) {
	s, below := &b.run.stages[t], &b.run.stages[t-1]
	g, dx, k, tile := &b.grads[t], &b.grads[t-1], &b.sample.kept[t-1], &b.tile
	n := 0
	for y := need[0]; y < need[1]; y++ {
		if (y+s.pad)%s.stride != row {
			continue
		}
		for _, span := range b.sample.grad[t-1].Row(y) {
			lo, hi := int(span.Lo), int(span.Hi)
			x := lo + ((col-lo-s.pad)%s.stride+s.stride)%s.stride
			if x >= hi {
				continue
			}
			from, to, gate := g.at((y+s.pad)/s.stride, (x+s.pad)/s.stride), dx.at(y, x), 0
			if tile.Gate != nil {
				gate = b.keptAt(k, t-1, y, lo) + (x-lo)*below.ch
			}
			for ; x < hi; x += s.stride {
				tile.ARow[n], tile.CRow[n], tile.GateRow[n] = from, to, gate
				from, to, gate = from+g.channels, to+s.stride*dx.channels, gate+s.stride*below.ch
				if n++; n == kernel.Rows {
					tile.Run()
					n = 0
				}
			}
		}
	}
	if n > 0 {
		for i := n; i < kernel.Rows; i++ {
			tile.ARow[i], tile.CRow[i], tile.GateRow[i] = tile.ARow[n-1], tile.CRow[n-1], tile.GateRow[n-1]
		}
		tile.Run()
	}
}
