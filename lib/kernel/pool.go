package kernel

// Pool takes a gradient back through one window of a maximum, for all channels: of the elements X[Taps[k].A + c], the
// first of the largest gets DY[c]·Scale added at DX[Taps[k].B + c], if it lies above Floor.
type Pool struct {
	Taps     []Term
	X        []float32
	DX       []float32
	DY       []float32
	Channels int
	Floor    float32
	Scale    float32
}

// Run computes the window. Offsets that lead out of X, DX or DY are the caller's mistake, and are not noticed.
func (p *Pool) Run() {
	if len(p.Taps) == 0 {
		panic("kernel: a window without taps")
	}
	if p.Channels%8 != 0 {
		poolGeneric(p)
		return
	}
	pool(p)
}

// poolGeneric is the reference.
func poolGeneric(p *Pool) {
	for c := range p.Channels {
		at, best := 0, p.X[int(p.Taps[0].A)+c]
		for k, tap := range p.Taps {
			if v := p.X[int(tap.A)+c]; v > best {
				at, best = k, v
			}
		}
		if best > p.Floor {
			p.DX[int(p.Taps[at].B)+c] += p.DY[c] * p.Scale
		}
	}
}
