package engine

import (
	"math"

	"backdrop/lib/net"
)

// silu is x·σ(x) (S. Elfwing, E. Uchibe, K. Doya, "Sigmoid-Weighted Linear Units for Neural Network Function Approximation
// in Reinforcement Learning", Neural Networks 107, 2018, eq. 9). Its derivative is of the input, so it is an operation and not
// a pointwise layer in place.
type silu struct {
	windows
	noParameters
}

func init() { ops["silu"] = func(*node, net.Layer) op { return silu{} } }

// sigmoid is 1/(1 + exp(−x)).
func sigmoid(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }

func (silu) forward(b *band, t, z, count int) {
	s := &b.strips[t]
	for i := range count {
		for y := s.y[0]; y < s.y[1]; y++ {
			out, row := b.line(t, z+i, y), b.inputLine(t, 0, z+i, y)
			for j := range out {
				out[j] = row[j] * sigmoid(row[j])
			}
		}
	}
}

func (silu) readsInput() bool { return true }

func (silu) fuses(*node) bool { return false }

func (silu) gradInput(b *backward, t, input int, need part) {
	n := &b.run.nodes[t]
	u := n.inputs[input]
	g, dx, k, sum := &b.grads[t], &b.grads[u], b.outputs(u), b.run.nodes[u].shared()
	b.eachInto(t, input, need, func(z, y, x int) {
		v := k.data[b.keptAt(k, u, z, y, x):]
		dst, dy := dx.data[dx.at(z, y, x):][:dx.channels], g.data[g.at(z, y, x):]
		for c := range dst {
			d := float32(0)
			if c < n.in.C {
				s := sigmoid(v[c])
				d = dy[c] * s * (1 + float32(v[c]*(1-s)))
			}
			if sum {
				d += dst[c]
			}
			dst[c] = d
		}
	})
}
