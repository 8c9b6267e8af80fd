package engine

import (
	"backdrop/lib/kernel"
	"backdrop/lib/net"
)

// conv is a convolution, or a linear layer as one of a single pixel.
type conv struct {
	windows
	pack         *pack
	weight, bias *net.Param // nil in a plan
	standard     *standard  // nil: weights are used as they are
	winograd     *winograd  // nil: its output is not computed in patches
}

func init() {
	ops["conv"] = newConv
	ops["linear"] = newConv // of one pixel
}

func newConv(n *node, l net.Layer) op {
	n.ch = panels(n.out.C) * kernel.Columns
	o := &conv{}
	if l.WS {
		o.standard = &standard{}
	}
	return o
}

// terms is the number of products in an output value of a convolution.
func (n *node) terms() int { return n.in.C * n.elements() }

// isConv reports whether a node is a convolution.
func (n *node) isConv() bool {
	_, ok := n.op.(*conv)
	return ok
}

func (*conv) rectifies() {}

// sees is that of windows, or of whole patches of them.
func (o *conv) sees(n *node, input, axis, from, to int) (lo, hi int) {
	if o.winograd != nil {
		from, to = o.winograd.aligned(n, axis, from, to)
	}
	return o.windows.sees(n, input, axis, from, to)
}

func (o *conv) bind(n *node, weight, bias *net.Param) {
	o.weight, o.bias, o.pack = weight, bias, newPack(n)
}

// set makes the terms those of an output pixel of a convolution whose input lies in a strip: elements of the window, and where
// their weights are in pack.forward.
func (w *terms) set(n *node, slab, line int) []kernel.Term {
	if w.list != nil && w.slab == slab && w.line == line {
		return w.list
	}
	w.slab, w.line = slab, line
	w.list = grow(w.list, n.terms())[:0]
	n.eachElement(slab, line, n.chIn, func(at int) {
		w.list = append(w.list, kernel.Term{A: int32(at), B: int32(len(w.list) * kernel.Columns)})
	})
	return w.list
}

// eachElement calls f for every channel of every element of a window, with its place in a tensor that has that many
// elements from one plane, line and pixel to the next.
func (n *node) eachElement(plane, line, pixel int, f func(at int)) {
	for u := range n.kernel[0] {
		for v := range n.kernel[1] {
			for w := range n.kernel[2] {
				at := u*n.dilation[0]*plane + v*n.dilation[1]*line + w*n.dilation[2]*pixel
				for c := range n.in.C {
					f(at + c)
				}
			}
		}
	}
}

func (o *conv) prepare(n *node, train bool) {
	weight := o.weight.Data
	if o.standard != nil {
		weight = o.standard.set(weight, n.out.C)
	}
	o.pack.setForward(n, weight, o.bias.Data)
	if train {
		o.pack.setBackward(n, weight)
	}
	if o.winograd != nil {
		o.winograd.prepare(n, o.pack, train)
	}
}

func (o *conv) forward(b *band, t, z, count int) {
	if o.winograd != nil {
		o.forwardPatches(b, t, z, count)
		return
	}
	n := &b.run.nodes[t]
	src, dst, shift := &b.strips[n.inputs[0]], &b.strips[t], n.shift[0]
	slab, line := src.slab, src.line
	tile := &b.tile
	*tile = kernel.Tile{
		Terms: b.terms[t].set(n, slab, line), A: src.data, B: o.pack.forward, Panel: n.terms() * kernel.Columns, C: dst.data,
		Panels: n.ch / kernel.Columns, Bias: o.pack.bias, Scale: 1, ReLU: n.relu,
		Far: dst.inPlace,
	}
	rows := 0
	for i := range count {
		first := ((z+i)*n.stride[0]+shift[0]-src.first)*slab + (shift[1]-src.extent[1][0])*line +
			(dst.x[0]*n.stride[2]+shift[2]-src.extent[2][0])*n.chIn
		for y := dst.y[0]; y < dst.y[1]; y++ {
			from, to := first+y*n.stride[1]*line, b.at(t, z+i, y, dst.x[0])
			for range dst.width() {
				tile.ARow[rows], tile.CRow[rows] = from, to
				from += n.stride[2] * n.chIn
				to += n.ch
				if rows++; rows == kernel.Rows {
					tile.Run()
					rows = 0
				}
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
func (o *conv) gradWeights(b *backward, t int, own part) {
	n, r := &b.run.nodes[t], &b.sample.grad[t]
	if r.EmptyIn(own) {
		return
	}
	if o.winograd != nil && b.dense(t) {
		o.gradWeightsPatches(b, t, own)
		return
	}
	x := b.inputPixels(t, own)
	b.inputs = grow(b.inputs, n.terms())[:0]
	n.eachElement(x.plane(), x.line(), n.chIn, func(at int) { b.inputs = append(b.inputs, at) })
	g, shift := &b.grads[t], n.shift[0]
	b.pairs, b.ones = b.pairs[:0], b.ones[:0]
	for z := own[0][0]; z < own[0][1]; z++ {
		for y := own[1][0]; y < own[1][1]; y++ {
			for _, span := range r.Line(z*n.out.H + y) {
				lo, hi := own.Clip(span)
				k := kernel.Term{
					A: int32(x.at(z*n.stride[0]+shift[0], y*n.stride[1]+shift[1], lo*n.stride[2]+shift[2])),
					B: int32(g.at(z, y, lo)),
				}
				for range hi - lo {
					b.pairs, b.ones = append(b.pairs, k), append(b.ones, kernel.Term{B: k.B})
					k.A, k.B = k.A+int32(n.stride[2]*n.chIn), k.B+int32(g.channels)
					if len(b.pairs) == termsAtOnce {
						o.addWeights(b, t, x.data)
					}
				}
			}
		}
	}
	o.addWeights(b, t, x.data)
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

// newSums makes room for [terms + 2, channels]: the gradients of the weights, a row that takes what a tile computes too much,
// and those of the biases.
func (*conv) newSums(n *node) *sums { return &sums{rows: make([]float32, (n.terms()+2)*n.ch)} }

// addSums brings the sums into PyTorch's order.
func (o *conv) addSums(n *node, a *sums) {
	dw, db := o.weight.Grad, o.bias.Grad
	if o.standard != nil {
		dw = o.standard.gradient(len(dw))
		defer o.standard.addGradient(o.weight)
	}
	terms, window := n.terms(), n.elements()
	for o := 0; o < n.out.C; o += kernel.Columns { // a panel at a time, or every weight would come from another cache line
		scatter(db[o:], 1, a.rows[(terms+1)*n.ch+o:])
		for c := range n.in.C {
			for k := range window {
				scatter(dw[(o*n.in.C+c)*window+k:], n.in.C*window, a.rows[(k*n.in.C+c)*n.ch+o:])
			}
		}
	}
}

// gradInput sets the slabs in need of the gradient with respect to a convolution's input, in one dimension:
//
//	dx[p, c] = Σ W[o, c, u] · dy[(p+pad−u·dilation)/stride, o]
//
// over the outputs o and the elements u of the window for which the quotient is whole. Which these are depends on the
// remainder of p+pad by the stride: the phase.
func (o *conv) gradInput(b *backward, t, _ int, need part) {
	n := &b.run.nodes[t]
	before := &b.run.nodes[n.inputs[0]]
	if o.winograd != nil && b.dense(t) && b.reachesAll(t) {
		o.gradInputPatches(b, t, need)
		return
	}
	if o.scatters(b, t, need) {
		o.gradInputScattered(b, t, need)
		return
	}
	g := &b.grads[t]
	tile := &b.tile
	*tile = kernel.Tile{A: g.data, C: b.grads[n.inputs[0]].data, Panels: panels(n.in.C), Scale: 1}
	if before.shared() {
		tile.Add, tile.Spare = true, b.grads[n.inputs[0]].scratch()
	} else if o.fuses(before) {
		tile.Scale = before.scale(b.masks)
		if before.gated {
			tile.Gate = b.outputs(n.inputs[0]).data
		}
	}
	for i := range o.pack.phases {
		f := &o.pack.phases[i]
		b.back = b.back[:0]
		f.each(func(_ int, steps size) {
			at := -steps[0]*g.plane() - steps[1]*g.line() - steps[2]*g.channels
			for c := range n.out.C {
				b.back = append(b.back, kernel.Term{A: int32(at + c), B: int32(len(b.back) * kernel.Columns)})
			}
		})
		tile.Terms, tile.B, tile.Panel = b.back, f.back, len(b.back)*kernel.Columns
		b.phase(t, need, f.remainder)
	}
}

// phase runs the tiles over the surviving pixels of the slabs in need of the gradient with respect to the input of node t
// whose padded position leaves these remainders by the stride.
func (b *backward) phase(t int, need part, remainder size) {
	n := &b.run.nodes[t]
	before := &b.run.nodes[n.inputs[0]]
	g, dx, k, tile := &b.grads[t], &b.grads[n.inputs[0]], b.outputs(n.inputs[0]), &b.tile
	into := b.run.into(b.sample.survivors, t, 0)
	rows := 0
	for z := n.next(0, need[0][0], remainder[0]); z < need[0][1]; z += n.stride[0] {
		for y := n.next(1, need[1][0], remainder[1]); y < need[1][1]; y += n.stride[1] {
			for _, span := range into.Line(z*n.in.H + y) {
				lo, hi := need.Clip(span)
				x := n.next(2, lo, remainder[2])
				if x >= hi {
					continue
				}
				from, to, gate := g.at((z+n.pad[0])/n.stride[0], (y+n.pad[1])/n.stride[1], (x+n.pad[2])/n.stride[2]), dx.at(z, y, x), 0
				if tile.Gate != nil {
					gate = b.keptAt(k, n.inputs[0], z, y, lo) + (x-lo)*before.ch
				}
				for ; x < hi; x += n.stride[2] {
					tile.ARow[rows], tile.CRow[rows], tile.GateRow[rows] = from, to, gate
					from, to, gate = from+g.channels, to+n.stride[2]*dx.channels, gate+n.stride[2]*before.ch
					if rows++; rows == kernel.Rows {
						tile.Run()
						rows = 0
					}
				}
			}
		}
	}
	tile.RunFirst(rows)
}

// next returns the first position at or behind from along an axis whose padded position leaves a remainder by the stride.
func (n *node) next(axis, from, remainder int) int {
	stride := n.stride[axis]
	return from + ((remainder-from-n.pad[axis])%stride+stride)%stride
}

// inputPixels returns the pixels of the padded input of a convolution that the surviving pixels of a part of the output see.
func (b *backward) inputPixels(t int, own part) box {
	n := &b.run.nodes[t]
	k := b.outputs(n.inputs[0])
	if k.box != nil {
		return *k.box
	}
	extent := n.seenIn(0, own).Within(b.run.nodes[n.inputs[0]].padded())
	seen := k.layout.region
	if seen == nil {
		seen = &b.sample.field[t][0]
	}
	planes := extent[0]
	extent = seen.Bounds(extent)
	extent[0] = planes
	if k.layout.region != nil {
		if data, columns, ok := k.regular(planes[0], planes[1]); ok {
			x := newBox(part{planes, {0, seen.H}, columns}, n.chIn)
			x.data = data
			return x
		}
	}
	x := newBox(extent, n.chIn)
	b.x = b.run.pixelsRoom(b.x, x.scratch(), t)
	x.data = b.x
	if k.layout.region == nil {
		b.loadSource(&x)
		return x
	}
	for z := extent[0][0]; z < extent[0][1]; z++ {
		for y := extent[1][0]; y < extent[1][1]; y++ {
			line := z*seen.H + y
			at := seen.Index(line)
			for i, span := range seen.Line(line) {
				lo, hi := extent.Clip(span)
				if lo < hi {
					copy(x.data[x.at(z, y, lo):], k.data[k.offset[at+i]+(lo-int(span.Lo))*n.chIn:][:(hi-lo)*n.chIn])
				}
			}
		}
	}
	return x
}

// loadSource brings a part of the sample into the order of tensors, with its border.
func (b *backward) loadSource(x *box) {
	n := &b.run.nodes[0]
	clear(x.data)
	var lo, hi size
	for axis, extent := range n.out.Size() {
		lo[axis] = max(x.lo[axis], n.border[axis])
		hi[axis] = min(x.lo[axis]+x.size[axis], n.border[axis]+extent)
	}
	lines, rows, pixels := hi[0]-lo[0], hi[1]-lo[1], hi[2]-lo[2]
	if min(lines, rows, pixels) <= 0 {
		return
	}
	if rows == n.out.H && rows == x.size[1] && pixels == n.out.W && pixels == x.size[2] { // nothing lies between the lines
		pixels *= lines * rows
		lines, rows = 1, 1
	}
	for i := range lines * rows {
		z, y := lo[0]+i/rows, lo[1]+i%rows
		first := ((z-n.border[0])*n.out.H+y-n.border[1])*n.out.W + lo[2] - n.border[2]
		for c := range n.out.C {
			b.sample.source.Pixels(x.data[x.at(z, y, lo[2])+c:], n.ch, c, first, first+pixels)
		}
	}
}
