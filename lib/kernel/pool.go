package kernel

import "math"

var negativeInfinity = float32(math.Inf(-1))

// Maxima are the largest elements of windows, for all channels of Count windows: Of[i·OfStep + c] becomes the largest of
// X[i·XStep + Taps[k].A + c] that is a number, or −∞ if there is none.
type Maxima struct {
	Taps          []Term
	X, Of         []float32
	XStep, OfStep int
	Count         int
	Channels      int
}

// Run computes the windows. Offsets that lead out of X or Of are the caller's mistake, and are not noticed.
func (m *Maxima) Run() {
	if m.Count == 0 {
		return
	}
	if m.Channels%8 != 0 {
		maximaGeneric(m)
		return
	}
	maxima(m)
}

// maximaGeneric is the reference.
func maximaGeneric(m *Maxima) {
	for i := range m.Count {
		x, of := m.X[i*m.XStep:], m.Of[i*m.OfStep:][:m.Channels]
		for c := range of {
			largest := negativeInfinity
			for _, tap := range m.Taps {
				if v := x[int(tap.A)+c]; v > largest {
					largest = v
				}
			}
			of[c] = largest
		}
	}
}

// Winners finds out which elements of windows are the largest, for all channels of Count windows: Of[i·OfStep + c] becomes
// the number Taps[k].B of the element X[i·XStep + Taps[k].A + c] that is the first of the largest of window i, or −1 if
// that does not lie above Floor. Of holds the bits of integers, so that it can lie where floating-point numbers are kept.
type Winners struct {
	Taps          []Term
	X             []float32
	Of            []float32
	XStep, OfStep int
	Count         int
	Channels      int
	Floor         float32
}

// Run computes the windows. Offsets that lead out of X or Of are the caller's mistake, and are not noticed.
func (w *Winners) Run() {
	if len(w.Taps) == 0 {
		panic("kernel: a window without taps")
	}
	if w.Count == 0 {
		return
	}
	if w.Channels%8 != 0 {
		winnersGeneric(w)
		return
	}
	winners(w)
}

// winnersGeneric is the reference.
func winnersGeneric(w *Winners) {
	for i := range w.Count {
		x, of := w.X[i*w.XStep:], w.Of[i*w.OfStep:][:w.Channels]
		for c := range of {
			best, number := x[int(w.Taps[0].A)+c], w.Taps[0].B
			for _, tap := range w.Taps[1:] {
				if v := x[int(tap.A)+c]; v > best {
					best, number = v, tap.B
				}
			}
			if !(best > w.Floor) {
				number = -1
			}
			of[c] = math.Float32frombits(uint32(number))
		}
	}
}

// Pool takes a gradient back through maxima, for all channels of Count windows: DY[i·DYStep + c]·Scale is added at
// DX[i·DXStep + Places[k] + c], where k = Of[i·OfStep + c], as Winners has it, is the element that has the maximum; nowhere if k
// is negative.
type Pool struct {
	Places                 []int32
	Of                     []float32
	DX                     []float32
	DY                     []float32
	OfStep, DXStep, DYStep int
	Count                  int
	Channels               int
	Scale                  float32
}

// Run computes the windows. Offsets that lead out of Of, DX or DY are the caller's mistake, and are not noticed.
func (p *Pool) Run() {
	if p.Count == 0 {
		return
	}
	if p.Channels%8 != 0 {
		poolGeneric(p)
		return
	}
	pool(p)
}

// poolGeneric is the reference.
func poolGeneric(p *Pool) {
	for i := range p.Count {
		of, dx, dy := p.Of[i*p.OfStep:], p.DX[i*p.DXStep:], p.DY[i*p.DYStep:]
		for c := range p.Channels {
			if k := int32(math.Float32bits(of[c])); k >= 0 {
				dx[int(p.Places[k])+c] += float32(dy[c] * p.Scale)
			}
		}
	}
}
