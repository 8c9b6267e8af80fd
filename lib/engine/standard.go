package engine

import (
	"math"

	"backdrop/lib/net"
)

// standard is a convolution's weights standardised: those w of an output channel, N of them, are used as
//
//	ŵ = γ/√N · (w − mean)/√(variance + ε)
//
// which keeps the variance of a signal in front of a relu without looking at the signal, so that gradients stay where the
// masks leave them (A. Brock, S. De, S. L. Smith, "Characterizing signal propagation to close the performance gap in
// unnormalized ResNets", ICLR 2021, eq. 4). γ is that of relu; there is no factor to learn.
type standard struct {
	weight []float32 // ŵ, in PyTorch's order
	scale  []float64 // of each output channel: γ/√N / √(variance + ε)
	grad   []float32 // with respect to ŵ
}

// reluGain is γ = √2/√(1 − 1/π): it makes up for what a relu takes of a normal signal's deviation.
var reluGain = math.Sqrt2 / math.Sqrt(1-1/math.Pi)

const standardEpsilon = 1e-6

// set standardises the weights of that many output channels.
func (s *standard) set(w []float32, channels int) []float32 {
	s.weight, s.scale = grow(s.weight, len(w)), grow(s.scale, channels)
	size := len(w) / channels
	for o := range channels {
		w, out := w[o*size:][:size], s.weight[o*size:][:size]
		mean, variance := 0.0, 0.0
		for _, v := range w {
			mean += float64(v)
		}
		mean /= float64(size)
		for _, v := range w {
			variance += float64((float64(v) - mean) * (float64(v) - mean))
		}
		variance /= float64(size)
		s.scale[o] = reluGain / math.Sqrt(float64(size)) / math.Sqrt(variance+standardEpsilon)
		for i, v := range w {
			out[i] = float32((float64(v) - mean) * s.scale[o])
		}
	}
	return s.weight
}

// Standardised returns the weights that a convolution with ws=true uses, of that many output channels.
func Standardised(w []float32, channels int) []float32 { return new(standard).set(w, channels) }

// gradient returns room for the gradient with respect to ŵ, set to zero.
func (s *standard) gradient(n int) []float32 {
	s.grad = grow(s.grad, n)
	clear(s.grad)
	return s.grad
}

// addGradient takes it back through the standardisation: with u = ŵ·√N/γ, of variance 1,
//
//	dw = (dŵ − mean dŵ − u · mean(dŵ·u)) · scale
func (s *standard) addGradient(p *net.Param) {
	channels := len(s.scale)
	size := len(p.Grad) / channels
	unit := math.Sqrt(float64(size)) / reluGain
	for o := range channels {
		w, d := s.weight[o*size:][:size], s.grad[o*size:][:size]
		mean, product := 0.0, 0.0
		for i, v := range d {
			mean += float64(v)
			product += float64(float64(v) * float64(w[i]) * unit)
		}
		mean, product = mean/float64(size), product/float64(size)
		for i, v := range d {
			p.Grad[o*size+i] += float32((float64(v) - mean - float64(float64(w[i])*unit*product)) * s.scale[o])
		}
	}
}
