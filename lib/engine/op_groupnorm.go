package engine

import (
	"math"

	"backdrop/lib/net"
	"backdrop/lib/region"
)

// groupNorm brings groups of channels to mean 0 and variance 1 over all of a sample's pixels, and then gives each channel a
// factor and a shift of its own (Y. Wu, K. He, "Group Normalization", ECCV 2018, eqs. 1 to 7). Its gradient depends on every
// pixel of the group.
type groupNorm struct {
	everything
	groups       int
	weight, bias *net.Param // nil in a plan
}

// normEpsilon is added to a variance, as PyTorch does by default.
const normEpsilon = 1e-5

func init() { ops["groupnorm"] = newGroupNorm }

func newGroupNorm(_ *node, l net.Layer) op { return &groupNorm{groups: l.Groups} }

func (o *groupNorm) bind(_ *node, weight, bias *net.Param) { o.weight, o.bias = weight, bias }

func (*groupNorm) prepare(*node, bool) {}

// isGroupNorm reports whether a node is a group normalisation.
func (n *node) isGroupNorm() bool {
	_, ok := n.op.(*groupNorm)
	return ok
}

// statistics are, for each channel, the mean of its group over all pixels and 1/√(variance + ε).
type statistics struct {
	mean, scale []float64
	sums        [2][]float64 // over the pixels of each channel
}

// reset makes room for that many channels, and sets the sums to zero.
func (s *statistics) reset(channels int) {
	for _, v := range []*[]float64{&s.mean, &s.scale, &s.sums[0], &s.sums[1]} {
		*v = grow(*v, channels)
	}
	clear(s.sums[0])
	clear(s.sums[1])
}

// set finds them out; line returns the pixels of a line.
func (s *statistics) set(o *groupNorm, n *node, line func(z, y int) []float32) {
	s.reset(n.in.C)
	each := func(f func(v []float32)) {
		for z := range n.in.D {
			for y := range n.in.H {
				row := line(z, y)
				for x := range n.in.W {
					f(row[x*n.chIn:][:n.in.C])
				}
			}
		}
	}
	each(func(v []float32) {
		for c, a := range v {
			s.sums[0][c] += float64(a)
		}
	})
	o.spread(n, s.sums[0], s.mean)
	each(func(v []float32) {
		for c, a := range v {
			d := float64(a) - s.mean[c]
			s.sums[1][c] += float64(d * d)
		}
	})
	o.spread(n, s.sums[1], s.scale)
	for c, variance := range s.scale {
		s.scale[c] = 1 / math.Sqrt(variance+normEpsilon)
	}
}

// spread gives each channel the mean over its group of what was summed over the pixels of each channel.
func (o *groupNorm) spread(n *node, sums, means []float64) {
	size := n.in.C / o.groups
	count := float64(size * n.in.Size().Product())
	for from := 0; from < n.in.C; from += size {
		sum := 0.0
		for _, v := range sums[from:][:size] {
			sum += v
		}
		for c := range size {
			means[from+c] = sum / count
		}
	}
}

func (o *groupNorm) forward(b *band, t, _, _ int) {
	n, s := &b.run.nodes[t], &b.statistics
	u := n.inputs[0]
	line := func(z, y int) []float32 { return b.strips[u].data[b.at(u, z, y, 0):] }
	s.set(o, n, line)
	weight, bias := o.weight.Data, o.bias.Data
	for z := range n.in.D {
		for y := range n.in.H {
			in, out := line(z, y), b.strips[t].data[b.at(t, z, y, 0):]
			for x := range n.in.W {
				dst := out[x*n.ch:]
				for c, v := range in[x*n.chIn:][:n.in.C] {
					dst[c] = float32(float32((float64(v)-s.mean[c])*s.scale[c])*weight[c]) + bias[c]
				}
			}
		}
	}
}

func (*groupNorm) readsInput() bool { return true }

func (*groupNorm) fuses(*node) bool { return false }

func (*groupNorm) newSums(n *node) *sums { return &sums{rows: make([]float32, 2*n.in.C)} }

func (o *groupNorm) addSums(n *node, s *sums) {
	for c := range n.in.C {
		o.weight.Grad[c] += s.rows[c]
		o.bias.Grad[c] += s.rows[n.in.C+c]
	}
}

// keptLine returns where the lines of an input were kept.
func (b *backward) keptLine(u int) func(z, y int) []float32 {
	k := b.outputs(u)
	return func(z, y int) []float32 { return k.data[b.keptAt(k, u, z, y, 0):] }
}

func (o *groupNorm) gradWeights(b *backward, t int, own part) {
	n, s := &b.run.nodes[t], &b.statistics
	if b.sample.grad[t].EmptyIn(own) {
		return
	}
	g, sums, line := &b.grads[t], b.sums[t].use(), b.keptLine(n.inputs[0])
	s.set(o, n, line)
	b.eachSurvivor(t, own, func(z, y, x int) {
		dy := g.data[g.at(z, y, x):]
		for c, v := range line(z, y)[x*n.chIn:][:n.in.C] {
			sums[c] += float32(dy[c] * float32((float64(v)-s.mean[c])*s.scale[c]))
			sums[n.in.C+c] += dy[c]
		}
	})
}

// gradInput sets, with x̂ the normalised input and δ = weight·dy, which is zero where no gradient survives,
//
//	dx = (δ − mean δ − x̂ · mean(δ·x̂)) / √(variance + ε)
//
// with means over all pixels of the group. The statistics are those that gradWeights has found just before.
func (o *groupNorm) gradInput(b *backward, t, input int, need part) {
	n, s := &b.run.nodes[t], &b.statistics
	u := n.inputs[input]
	g, dx, line, weight := &b.grads[t], &b.grads[u], b.keptLine(u), o.weight.Data
	b.clear(u, need)
	clear(s.sums[0])
	clear(s.sums[1])
	b.eachSurvivor(t, region.Whole(size(n.in.Size())), func(z, y, x int) {
		dy, in := g.data[g.at(z, y, x):], line(z, y)[x*n.chIn:]
		for c := range n.in.C {
			delta := float64(weight[c] * dy[c])
			s.sums[0][c] += delta
			s.sums[1][c] += float64(delta * (float64(in[c]) - s.mean[c]) * s.scale[c])
		}
	})
	o.spread(n, s.sums[0], s.sums[0])
	o.spread(n, s.sums[1], s.sums[1])
	b.eachInto(t, input, need, func(z, y, x int) {
		dst, in := dx.data[dx.at(z, y, x):], line(z, y)[x*n.chIn:]
		var dy []float32 // nil: 0
		if b.survives(t, z, y, x) {
			dy = g.data[g.at(z, y, x):]
		}
		for c := range n.in.C {
			delta := 0.0
			if dy != nil {
				delta = float64(weight[c] * dy[c])
			}
			normal := (float64(in[c]) - s.mean[c]) * s.scale[c]
			dst[c] += float32((delta - s.sums[0][c] - float64(normal*s.sums[1][c])) * s.scale[c])
		}
	})
}
