package engine

import (
	"backdrop/lib/kernel"
	"backdrop/lib/net"
)

// conv is a convolution, or a linear layer as one of a single pixel.
type conv struct {
	window
	pack         *pack
	terms        []kernel.Term // of an output pixel: elements of the window, and where their weights are in pack.forward
	weight, bias *net.Param    // nil in a plan
}

func init() {
	ops["conv"] = newConv
	ops["linear"] = newConv // of one pixel
}

func newConv(n *node, l net.Layer) op {
	if n.kernel == 0 { // linear
		n.kernel, n.stride = 1, 1
	}
	n.ch = panels(n.out.C) * kernel.Columns
	return &conv{}
}

// terms is the number of products in an output value of a convolution.
func (n *node) terms() int { return n.in.C * n.kernel * n.kernel }

// isConv reports whether a node is a convolution.
func (n *node) isConv() bool {
	_, ok := n.op.(*conv)
	return ok
}

// reserve makes room for the packed weights. length is that of a row of the input.
func (o *conv) reserve(n *node, length int) {
	o.pack = newPack(n)
	o.terms = make([]kernel.Term, 0, n.terms())
	for u := range n.kernel {
		for v := range n.kernel {
			for c := range n.in.C {
				o.terms = append(o.terms, kernel.Term{A: int32(u*length + v*n.chIn + c), B: int32(len(o.terms) * kernel.Columns)})
			}
		}
	}
}

func (o *conv) prepare(n *node, train bool) {
	o.pack.setForward(n, o.weight.Data, o.bias.Data)
	if train {
		o.pack.setBackward(n, o.weight.Data)
	}
}

func (o *conv) forward(b *band, t, y, count int) {
	n := &b.run.nodes[t]
	src, length, shift := &b.strips[n.inputs[0]], b.run.nodes[n.inputs[0]].rowLength(), n.shift[0]
	tile := &b.tile
	*tile = kernel.Tile{
		Terms: o.terms, A: src.data, B: o.pack.forward, Panel: n.terms() * kernel.Columns, C: b.strips[t].data,
		Panels: n.ch / kernel.Columns, Bias: o.pack.bias, Scale: 1, ReLU: n.relu,
		Far: b.strips[t].inPlace,
	}
	rows := 0
	for i := range count {
		from, to := ((y+i)*n.stride+shift-src.first)*length+shift*n.chIn, b.at(t, y+i, 0)
		for range n.out.W {
			tile.ARow[rows], tile.CRow[rows] = from, to
			from += n.stride * n.chIn
			to += n.ch
			if rows++; rows == kernel.Rows {
				tile.Run()
				rows = 0
			}
		}
	}
	tile.RunFirst(rows)
}

func (*conv) readsInput() bool { return true }

// fuses: tiles multiply by a factor and by whether the output of the node before is above zero, where that has as many
// channels in memory as its gradient.
func (*conv) fuses(before *node) bool {
	return before.uniform && (!before.gated || before.ch == gradientChannels(before.out.C))
}

// gradWeights adds to the gradients with respect to weights and biases
//
//	dW[k, o] += Σ x[window element k of pixel p] · dy[p, o],   db[o] += Σ dy[p, o]
//
// over the pixels p where the gradient survives. The sum over pixels is the sum of a tile's terms.
func (o *conv) gradWeights(b *backward, t, from, to int) {
	n, r := &b.run.nodes[t], &b.sample.grad[t]
	if r.Index(from) == r.Index(to) {
		return
	}
	x, first, left, cols := b.inputPixels(t, from, to)
	b.inputs = grow(b.inputs, n.terms())[:0]
	for u := range n.kernel {
		for v := range n.kernel {
			for c := range n.in.C {
				b.inputs = append(b.inputs, (u*cols+v)*n.chIn+c)
			}
		}
	}
	g, shift := &b.grads[t], n.shift[0]
	b.pairs, b.ones = b.pairs[:0], b.ones[:0]
	for y := from; y < to; y++ {
		for _, span := range r.Row(y) {
			lo := int(span.Lo)
			k := kernel.Term{A: int32(((y*n.stride+shift-first)*cols + lo*n.stride + shift - left) * n.chIn), B: int32(g.at(y, lo))}
			for range span.Hi - span.Lo {
				b.pairs, b.ones = append(b.pairs, k), append(b.ones, kernel.Term{B: k.B})
				k.A, k.B = k.A+int32(n.stride*n.chIn), k.B+int32(g.channels)
				if len(b.pairs) == termsAtOnce {
					o.addWeights(b, t, x)
				}
			}
		}
	}
	o.addWeights(b, t, x)
}

// termsAtOnce bounds the pixels whose products are added in one go, so that their gradients (64 channels: 32 KiB) stay in
// first-level cache, and their inputs in the second, while all tiles of the weights go over them.
const termsAtOnce = 128

var one = []float32{1}

// addWeights adds the products of the pixels in b.pairs.
func (o *conv) addWeights(b *backward, t int, x []float32) {
	if len(b.pairs) == 0 {
		return
	}
	n, sums, tile := &b.run.nodes[t], b.sums[t], &b.tile
	terms := n.terms()
	*tile = kernel.Tile{
		Terms: b.pairs, A: x, B: b.grads[t].data, Panel: kernel.Columns, C: sums.use(), Panels: n.ch / kernel.Columns, Add: true, Scale: 1,
	}
	for k := 0; k < terms; k += kernel.Rows {
		for i := range kernel.Rows {
			if k+i < terms {
				tile.ARow[i], tile.CRow[i] = b.inputs[k+i], (k+i)*n.ch
			} else {
				tile.ARow[i], tile.CRow[i] = 0, terms*n.ch
			}
		}
		tile.Single = k+1 == terms
		tile.Run()
	}
	addBias(tile, b.ones, n)
	b.pairs, b.ones = b.pairs[:0], b.ones[:0]
}

// addBias adds the gradients that the terms lead to to those of the biases; what the tile computes too much goes into
// the row before.
func addBias(tile *kernel.Tile, ones []kernel.Term, n *node) {
	terms := n.terms()
	tile.Terms, tile.A, tile.Single = ones, one, true
	for i := range kernel.Rows {
		tile.ARow[i], tile.CRow[i] = 0, terms*n.ch
	}
	tile.CRow[0] = (terms + 1) * n.ch
	tile.Run()
}

// gradInput sets the rows in need of the gradient with respect to a convolution's input:
//
//	dx[y, x, c] = Σ W[o, c, u, v] · dy[(y+pad−u)/stride, (x+pad−v)/stride, o]
//
// over the outputs o and the elements u, v of the window for which the quotients are whole. Which these are depends on
// the remainders of y+pad and x+pad by the stride: the phase.
func (o *conv) gradInput(b *backward, t, _ int, need [2]int) {
	n := &b.run.nodes[t]
	before := &b.run.nodes[n.inputs[0]]
	g := &b.grads[t]
	tile := &b.tile
	*tile = kernel.Tile{A: g.data, C: b.grads[n.inputs[0]].data, Panels: panels(n.in.C), Scale: 1}
	if before.shared() {
		tile.Add, tile.Spare = true, b.grads[n.inputs[0]].scratch()
	} else if o.fuses(before) {
		tile.Scale = before.scale(b.masks)
		if before.gated {
			tile.Gate = b.sample.kept[n.inputs[0]].data
		}
	}
	for i := range o.pack.phases {
		f := &o.pack.phases[i]
		b.back = b.back[:0]
		for u := range f.rows {
			for v := range f.cols {
				for c := range n.out.C {
					b.back = append(b.back, kernel.Term{A: int32(c - u*g.length() - v*g.channels), B: int32(len(b.back) * kernel.Columns)})
				}
			}
		}
		tile.Terms, tile.B, tile.Panel = b.back, f.back, len(b.back)*kernel.Columns
		b.phase(t, need, i/n.stride, i%n.stride)
	}
}

// phase runs the tiles over the surviving pixels of the rows in need of the gradient with respect to the input of node t whose
// padded row and column leave these remainders by the stride.
func (b *backward) phase(t int, need [2]int, row, col int) {
	n := &b.run.nodes[t]
	before := &b.run.nodes[n.inputs[0]]
	g, dx, k, tile := &b.grads[t], &b.grads[n.inputs[0]], &b.sample.kept[n.inputs[0]], &b.tile
	rows := 0
	for y := need[0]; y < need[1]; y++ {
		if (y+n.pad)%n.stride != row {
			continue
		}
		for _, span := range b.run.into(b.sample.survivors, t, 0).Row(y) {
			lo, hi := int(span.Lo), int(span.Hi)
			x := lo + ((col-lo-n.pad)%n.stride+n.stride)%n.stride
			if x >= hi {
				continue
			}
			from, to, gate := g.at((y+n.pad)/n.stride, (x+n.pad)/n.stride), dx.at(y, x), 0
			if tile.Gate != nil {
				gate = b.keptAt(k, n.inputs[0], y, lo) + (x-lo)*before.ch
			}
			for ; x < hi; x += n.stride {
				tile.ARow[rows], tile.CRow[rows], tile.GateRow[rows] = from, to, gate
				from, to, gate = from+g.channels, to+n.stride*dx.channels, gate+n.stride*before.ch
				if rows++; rows == kernel.Rows {
					tile.Run()
					rows = 0
				}
			}
		}
	}
	tile.RunFirst(rows)
}

// inputPixels returns the input of a convolution that output rows from ≤ y < to see, with rows a fixed length apart: the
// padded tensor's rows from first on, cols columns from left on.
func (b *backward) inputPixels(t, from, to int) (x []float32, first, left, cols int) {
	n := &b.run.nodes[t]
	ch := n.chIn
	first, end := n.op.rows(n, 0, from, to)
	k := &b.sample.kept[n.inputs[0]]
	if k.region == nil {
		left, right := b.sample.field[t][0].Bounds(first, end)
		return b.loadSource(first, end, left, right), first, left, right - left
	}
	left, right := k.region.Bounds(first, end)
	cols = right - left
	if data, ok := k.regular(first, end); ok {
		return data, first, left, cols
	}
	length := cols * ch
	b.x = b.run.pixelsRoom(b.x, (end-first)*length)
	for y := first; y < end; y++ {
		row := b.x[(y-first)*length:]
		at := k.region.Index(y)
		for i, span := range k.region.Row(y) {
			copy(row[(int(span.Lo)-left)*ch:], k.data[k.offset[at+i]:][:int(span.Hi-span.Lo)*ch])
		}
	}
	return b.x, first, left, cols
}

// loadSource brings a part of the sample into the order of tensors, with its border.
func (b *backward) loadSource(top, bottom, left, right int) []float32 {
	n := &b.run.nodes[0]
	b.x = b.run.pixelsRoom(b.x, (bottom-top)*(right-left)*n.ch)
	clear(b.x)
	lo, hi := max(left, n.border), min(right, n.border+n.out.W)
	for y := max(top, n.border); y < min(bottom, n.border+n.out.H); y++ {
		dst := b.x[((y-top)*(right-left)+lo-left)*n.ch:]
		for c := range n.out.C {
			b.sample.source.Pixels(dst[c:], n.ch, c, y-n.border, lo-n.border, hi-n.border)
		}
	}
	return b.x
}
