package engine

import "backdrop/lib/kernel"

// pack is a convolution's weights as tiles want them.
type pack struct {
	forward []float32 // by panel, term (element of the window, channel), output channel
	bias    []float32
	phases  []phase
}

// A phase is the part of an input gradient whose pixels' padded positions are congruent modulo the stride. They are
// reached through the same weights.
type phase struct {
	remainder size
	elements  [3][]int  // of the window along each axis
	steps     [3][]int  // for each of them, how many positions before the quotient by the stride its output pixel lies
	window    size      // the number of elements of the whole window
	back      []float32 // by panel of input channels, window element and output channel, input channel
}

// newPack makes room.
func newPack(n *node) *pack {
	p := &pack{forward: make([]float32, n.terms()*n.ch), bias: make([]float32, n.ch)}
	for z := range n.stride[0] {
		for y := range n.stride[1] {
			for x := range n.stride[2] {
				p.phases = append(p.phases, newPhase(n, size{z, y, x}))
			}
		}
	}
	return p
}

func newPhase(n *node, remainder size) phase {
	f := phase{remainder: remainder, window: n.kernel}
	count := 1
	for axis, r := range remainder {
		for u := range n.kernel[axis] {
			if at := u * n.dilation[axis]; at%n.stride[axis] == r {
				f.elements[axis] = append(f.elements[axis], u)
				f.steps[axis] = append(f.steps[axis], at/n.stride[axis])
			}
		}
		count *= len(f.elements[axis])
	}
	f.back = make([]float32, count*n.out.C*gradientChannels(n.in.C))
	return f
}

// each calls do for every element of the window that a phase's pixels are reached through: its number among all elements,
// and how many positions before its output pixel lies.
func (f *phase) each(do func(element int, steps size)) {
	for i, u := range f.elements[0] {
		for j, v := range f.elements[1] {
			for k, w := range f.elements[2] {
				do((u*f.window[1]+v)*f.window[2]+w, size{f.steps[0][i], f.steps[1][j], f.steps[2][k]})
			}
		}
	}
}

// gradientChannels is the number of channels that a gradient has room for: whole panels.
func gradientChannels(channels int) int { return panels(channels) * kernel.Columns }

// setForward copies weights [O,C,kernel …] and bias into the order of the forward pass.
func (p *pack) setForward(n *node, w, b []float32) {
	copy(p.bias, b)
	window, terms := n.elements(), n.terms()
	for o := range n.out.C {
		dst := p.forward[o/kernel.Columns*terms*kernel.Columns+o%kernel.Columns:]
		for c := range n.in.C {
			src := w[(o*n.in.C+c)*window:][:window]
			for k, v := range src {
				dst[(k*n.in.C+c)*kernel.Columns] = v
			}
		}
	}
}

// setBackward copies weights into the order of the backward pass.
func (p *pack) setBackward(n *node, w []float32) {
	window := n.elements()
	for i := range p.phases {
		f := &p.phases[i]
		panel := len(f.back) / panels(n.in.C)
		for o := range n.out.C {
			for c := 0; c < n.in.C; c += kernel.Columns {
				src := w[(o*n.in.C+c)*window:][:min(kernel.Columns, n.in.C-c)*window]
				at := c/kernel.Columns*panel + o*kernel.Columns
				f.each(func(element int, _ size) {
					dst := f.back[at:][:kernel.Columns]
					for j, k := 0, element; k < len(src); j, k = j+1, k+window {
						dst[j] = src[k]
					}
					at += n.out.C * kernel.Columns
				})
			}
		}
	}
}

// scatter adds a panel to the elements of dst that lie step apart, as many as there are.
func scatter(dst []float32, step int, panel []float32) {
	for j, v := range panel[:kernel.Columns] {
		if j*step >= len(dst) {
			return
		}
		dst[j*step] += v
	}
}
