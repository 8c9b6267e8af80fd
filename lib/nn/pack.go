package nn

import "backdrop/lib/kernel"

// pack is a convolution's weights as tiles want them.
type pack struct {
	forward []float32 // by panel, term (row and column of the window, channel), output channel
	bias    []float32
	phases  []phase
}

// A phase is the part of an input gradient whose pixels lie alike between the windows: all pixels whose padded row and
// column leave the same remainders by the stride. They see the same weights.
type phase struct {
	rows, cols []int     // of the window, for the output pixels that lie 0, 1, 2 … before
	back       []float32 // by panel of input channels, window element and output channel, input channel
}

// newPack makes room.
func newPack(s *stage) *pack {
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
func (p *pack) setForward(s *stage, w, b []float32) {
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
func (p *pack) setBackward(s *stage, w []float32) {
	for i := range p.phases {
		f := &p.phases[i]
		size := len(f.rows) * len(f.cols) * s.out.C * kernel.Columns // of a panel
		for o := range s.out.C {
			for c := range s.in.C {
				src := w[(o*s.in.C+c)*s.kernel*s.kernel:]
				at := c/kernel.Columns*size + o*kernel.Columns + c%kernel.Columns
				for _, u := range f.rows {
					for _, v := range f.cols {
						f.back[at] = src[u*s.kernel+v]
						at += s.out.C * kernel.Columns
					}
				}
			}
		}
	}
}

// sums are the gradients of a convolution's parameters that one group of work adds up.
type sums struct {
	weight []float32 // [terms + 1, channels]; the last row takes what a tile computes too much
	bias   []float32 // two rows, likewise
}

func newSums(s *stage) *sums {
	return &sums{weight: make([]float32, (s.terms()+1)*s.ch), bias: make([]float32, 2*s.ch)}
}

// addTo adds the sums to gradients in PyTorch's order.
func (a *sums) addTo(s *stage, dw, db []float32) {
	window := s.kernel * s.kernel
	for o := range s.out.C {
		db[o] += a.bias[o]
		for c := range s.in.C {
			dst := dw[(o*s.in.C+c)*window:][:window]
			for k := range dst {
				dst[k] += a.weight[(k*s.in.C+c)*s.ch+o]
			}
		}
	}
}
