package engine

import "backdrop/lib/kernel"

// pack is a convolution's weights as tiles want them.
type pack struct {
	forward []float32 // by panel, term (row and column of the window, channel), output channel
	bias    []float32
	phases  []phase
}

// A phase is the part of an input gradient whose pixels' padded coordinates are congruent modulo the stride. They are
// reached through the same weights.
type phase struct {
	rows, cols []int     // of the window, for the output pixels that lie 0, 1, 2 … before
	back       []float32 // by panel of input channels, window element and output channel, input channel
}

// newPack makes room.
func newPack(s *node) *pack {
	p := &pack{forward: make([]float32, s.terms()*s.ch), bias: make([]float32, s.ch)}
	for row := range s.stride {
		for col := range s.stride {
			var f phase
			for u := row; u < s.kernel; u += s.stride {
				f.rows = append(f.rows, u)
			}
			for v := col; v < s.kernel; v += s.stride {
				f.cols = append(f.cols, v)
			}
			f.back = make([]float32, len(f.rows)*len(f.cols)*s.out.C*gradientChannels(s.in.C))
			p.phases = append(p.phases, f)
		}
	}
	return p
}

// gradientChannels is the number of channels that a gradient has room for: whole panels.
func gradientChannels(channels int) int { return panels(channels) * kernel.Columns }

// setForward copies weights [O,C,kernel,kernel] and bias into the order of the forward pass.
func (p *pack) setForward(s *node, w, b []float32) {
	copy(p.bias, b)
	window, terms := s.kernel*s.kernel, s.terms()
	for o := range s.out.C {
		dst := p.forward[o/kernel.Columns*terms*kernel.Columns+o%kernel.Columns:]
		for c := range s.in.C {
			src := w[(o*s.in.C+c)*window:][:window]
			for k, v := range src {
				dst[(k*s.in.C+c)*kernel.Columns] = v
			}
		}
	}
}

// setBackward copies weights into the order of the backward pass.
func (p *pack) setBackward(s *node, w []float32) {
	window := s.kernel * s.kernel
	for i := range p.phases {
		f := &p.phases[i]
		size := len(f.rows) * len(f.cols) * s.out.C * kernel.Columns // of a panel
		for o := range s.out.C {
			for c := 0; c < s.in.C; c += kernel.Columns {
				src := w[(o*s.in.C+c)*window:][:min(kernel.Columns, s.in.C-c)*window]
				at := c/kernel.Columns*size + o*kernel.Columns
				for _, u := range f.rows {
					for _, v := range f.cols {
						dst := f.back[at:][:kernel.Columns]
						for j, k := 0, u*s.kernel+v; k < len(src); j, k = j+1, k+window {
							dst[j] = src[k]
						}
						at += s.out.C * kernel.Columns
					}
				}
			}
		}
	}
}

// sums are the gradients of a convolution's parameters that one group of work adds up.
type sums struct {
	rows []float32 // [terms + 2, channels]: the weights', one that takes what a tile computes too much, the biases'
	used bool      // in this step; before that their content is undefined
}

func newSums(s *node) *sums { return &sums{rows: make([]float32, (s.terms()+2)*s.ch)} }

// use makes the sums ready for adding to them.
func (a *sums) use() []float32 {
	if !a.used {
		clear(a.rows)
		a.used = true
	}
	return a.rows
}

// add adds the sums of another group.
func (a *sums) add(b *sums) {
	dst := a.rows
	for i, v := range b.rows[:len(dst)] {
		dst[i] += v
	}
}

// addTo adds the sums to gradients in PyTorch's order.
func (a *sums) addTo(s *node, dw, db []float32) {
	terms, window := s.terms(), s.kernel*s.kernel
	for o := 0; o < s.out.C; o += kernel.Columns { // a panel at a time, or every weight would come from another cache line
		scatter(db[o:], 1, a.rows[(terms+1)*s.ch+o:])
		for c := range s.in.C {
			for k := range window {
				scatter(dw[(o*s.in.C+c)*window+k:], s.in.C*window, a.rows[(k*s.in.C+c)*s.ch+o:])
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
