package engine

import "backdrop/lib/kernel"

// axes returns the rows and columns of a part's planes.
func (w *winograd) axes(p part) (rows, columns [2]int) { return p[w.across], p[2] }

// forwardPatches is forward in patches.
func (o *conv) forwardPatches(b *band, t, z, count int) {
	n, w := &b.run.nodes[t], o.winograd
	dst := &b.strips[t]
	if w.across == 0 {
		o.forwardPlane(b, t, 0, plane{data: dst.data[b.at(t, z, 0, dst.x[0]):], rows: [2]int{z, z + count}, columns: dst.x, row: dst.slab, ch: n.ch})
		return
	}
	for i := range count {
		out := plane{data: dst.data[b.at(t, z+i, dst.y[0], dst.x[0]):], rows: dst.y, columns: dst.x, row: dst.line, ch: n.ch}
		o.forwardPlane(b, t, z+i, out)
	}
}

// forwardPlane sets a plane of the output of node t, which is at one position of the third axis.
func (o *conv) forwardPlane(b *band, t, at int, out plane) {
	n, w := &b.run.nodes[t], o.winograd
	src, shift, third := &b.strips[n.inputs[0]], n.shift[0], w.third()
	there := part{{src.first, src.next}, src.extent[1], src.extent[2]}.Moved(shift, -1).Within(n.paddedIn())
	steps := size{src.slab, src.line, n.chIn}
	s := &b.patches
	s.planes = s.planes[:0]
	for f := range n.kernel[third] {
		first := size{there[0][0], there[1][0], there[2][0]}
		first[third] = at + f*n.dilation[third]
		from := 0
		for axis, step := range steps {
			lo := [3]int{src.first, src.extent[1][0], src.extent[2][0]}[axis]
			from += (first[axis] + shift[axis] - lo) * step
		}
		p := plane{data: src.data[from:], weights: w.forward[f*w.weightElements(n, n.in.C, n.ch)/n.kernel[third]:], row: steps[w.across], ch: n.chIn}
		p.rows, p.columns = w.axes(there)
		s.planes = append(s.planes, p)
	}
	s.convolve(&out, s.planes, n.in.C, o.pack.bias, n.floor())
}

// paddedIn is the size of the input with as much of its border as the node sees.
func (n *node) paddedIn() size {
	p := size(n.in.Size())
	for axis := range p {
		p[axis] += 2 * n.pad[axis]
	}
	return p
}

// dense reports whether the gradient survives everywhere in the output of node t.
func (b *backward) dense(t int) bool {
	return b.sample.grad[t].Area() == b.run.nodes[t].out.Size().Product()
}

// reachesAll reports whether the gradient of node t reaches all of its input.
func (b *backward) reachesAll(t int) bool {
	return b.run.into(b.sample.survivors, t, 0).Area() == b.run.nodes[t].in.Size().Product()
}

// gradWeightsPatches is gradWeights in patches, where the gradient survives everywhere.
func (o *conv) gradWeightsPatches(b *backward, t int, own part) {
	n, w := &b.run.nodes[t], o.winograd
	g, shift, third := &b.grads[t], n.shift[0], w.third()
	input := b.inputPixels(t, own)
	there := input.part().Moved(shift, -1).Within(n.paddedIn())
	s := &b.patches
	each := w.gradientElements(n)
	s.weights = grow(s.weights, n.kernel[third]*each)
	clear(s.weights)
	for p := own[third][0]; p < own[third][1]; p++ {
		at := size{own[0][0], own[1][0], own[2][0]}
		at[third] = p
		dy := plane{data: g.data[g.at(at[0], at[1], at[2]):], row: size{g.plane(), g.line()}[w.across], ch: n.ch}
		dy.rows, dy.columns = w.axes(own)
		s.planes = s.planes[:0]
		for f := range n.kernel[third] {
			at := size{there[0][0], there[1][0], there[2][0]}
			at[third] = p + f*n.dilation[third]
			x := plane{
				data:    input.data[input.at(at[0]+shift[0], at[1]+shift[1], at[2]+shift[2]):],
				weights: s.weights[f*each:], row: size{input.plane(), input.line()}[w.across], ch: n.chIn,
			}
			x.rows, x.columns = w.axes(there)
			s.planes = append(s.planes, x)
		}
		s.addGradients(&dy, s.planes)
	}
	sums := b.sums[t].use()
	for f := range n.kernel[third] {
		weights := s.weights[f*each:]
		s.windowOfGradients(weights, n.chIn*n.ch)
		for u := range 3 {
			for v := range 3 {
				dst := sums[((f*3+u)*3+v)*n.in.C*n.ch:][:n.in.C*n.ch]
				kernel.Add(dst, dst, weights[(u*places+v)*n.chIn*n.ch:][:len(dst)], negativeInfinity)
			}
		}
	}
	o.gradBias(b, t, own)
}

// gradBias adds the gradient of a part of the output of node t, which survives everywhere, to those of the biases.
func (o *conv) gradBias(b *backward, t int, own part) {
	n, g, tile := &b.run.nodes[t], &b.grads[t], &b.tile
	*tile = kernel.Tile{B: g.data, Panel: kernel.Columns, C: b.sums[t].use(), Panels: n.ch / kernel.Columns, Add: true, Scale: 1}
	b.ones = b.ones[:0]
	for z := own[0][0]; z < own[0][1]; z++ {
		for y := own[1][0]; y < own[1][1]; y++ {
			for x := own[2][0]; x < own[2][1]; x++ {
				if b.ones = append(b.ones, kernel.Term{B: int32(g.at(z, y, x))}); len(b.ones) == termsAtOnce {
					addBias(tile, b.ones, n)
					b.ones = b.ones[:0]
				}
			}
		}
	}
	if len(b.ones) > 0 {
		addBias(tile, b.ones, n)
		b.ones = b.ones[:0]
	}
}

// gradInputPatches is gradInput in patches, where the gradient survives everywhere.
func (o *conv) gradInputPatches(b *backward, t int, need part) {
	n, w := &b.run.nodes[t], o.winograd
	g, third := &b.grads[t], w.third()
	// The window begins two pixels before the last output pixel that sees an input pixel.
	var begin size
	for axis := range begin {
		begin[axis] = n.span(axis) - 1 - n.pad[axis]
	}
	there := g.part().Moved(begin, 1)
	s := &b.patches
	each := w.weightElements(n, n.out.C, gradientChannels(n.in.C)) / n.kernel[third]
	for p := need[third][0]; p < need[third][1]; p++ {
		s.planes = s.planes[:0]
		for f := range n.kernel[third] {
			at := size{g.lo[0], g.lo[1], g.lo[2]}
			if at[third] = p + f*n.dilation[third] - begin[third]; at[third] < g.lo[third] || at[third] >= g.lo[third]+g.size[third] {
				continue
			}
			dy := plane{data: g.data[g.at(at[0], at[1], at[2]):], weights: w.back[f*each:], row: size{g.plane(), g.line()}[w.across], ch: g.channels}
			dy.rows, dy.columns = w.axes(there)
			s.planes = append(s.planes, dy)
		}
		if len(s.planes) == 0 {
			s.planes = append(s.planes, plane{weights: w.back, ch: g.channels})
		}
		o.gradInputPlane(b, t, p, need)
	}
}

// gradInputPlane sets a plane of the gradient with respect to the input of node t, at one position of the third axis.
func (o *conv) gradInputPlane(b *backward, t, at int, need part) {
	n, w, s := &b.run.nodes[t], o.winograd, &b.patches
	dx := &b.grads[n.inputs[0]]
	rows, columns := w.axes(need)
	width := (columns[1] - columns[0]) * dx.channels
	height := imageRows(n.ch, dx.channels, columns[1]-columns[0])
	for from := rows[0]; from < rows[1]; {
		to := min(from/kernel.PatchExtent*kernel.PatchExtent+height, rows[1])
		s.image = grow(s.image, (to-from)*width)
		out := plane{data: s.image, rows: [2]int{from, to}, columns: columns, row: width, ch: dx.channels}
		s.convolve(&out, s.planes, n.out.C, nil, 0)
		for row := from; row < to; row++ {
			pixel := size{at, at, columns[0]}
			pixel[w.across] = row
			o.finishInput(b, t, pixel, s.image[(row-from)*width:][:width])
		}
		from = to
	}
}

// finishInput brings a run of the gradient with respect to the input of node t, from a pixel on, into place, and back through the
// pointwise layers of the node before if these are fused.
func (o *conv) finishInput(b *backward, t int, at size, v []float32) {
	u := b.run.nodes[t].inputs[0]
	before, dx := &b.run.nodes[u], &b.grads[u]
	dst := dx.data[dx.at(at[0], at[1], at[2]):][:len(v)]
	switch {
	case before.shared():
		kernel.Add(dst, dst, v, negativeInfinity)
	case !o.fuses(before):
		copy(dst, v)
	case before.gated:
		k := b.outputs(u)
		kernel.Gate(dst, v, k.data[b.keptAt(k, u, at[0], at[1], at[2]):][:len(v)], before.scale(b.masks))
	default:
		kernel.Scale(dst, v, before.scale(b.masks))
	}
}
