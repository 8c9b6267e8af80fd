package engine

import (
	"math"

	"backdrop/lib/net"
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

func (o *groupNorm) bind(_, _ *node, weight, bias *net.Param) { o.weight, o.bias = weight, bias }

func (*groupNorm) prepare(*node, bool) {}

// group is a group of channels of a sample, from ≤ c < to, and what it is normalised by.
type group struct {
	from, to    int
	mean, scale float64
}

// each calls f for every group, with its mean and 1/√(variance + ε) over the pixels; line returns those of a line.
func (o *groupNorm) each(n *node, line func(z, y int) []float32, f func(g group)) {
	size := n.in.C / o.groups
	count := float64(size * n.in.Size().Product())
	for from := 0; from < n.in.C; from += size {
		g := group{from: from, to: from + size}
		over := func(f func(v float64) float64) (sum float64) {
			for z := range n.in.D {
				for y := range n.in.H {
					row := line(z, y)
					for x := range n.in.W {
						for _, v := range row[x*n.chIn:][g.from:g.to] {
							sum += f(float64(v))
						}
					}
				}
			}
			return sum / count
		}
		g.mean = over(func(v float64) float64 { return v })
		variance := over(func(v float64) float64 { return (v - g.mean) * (v - g.mean) })
		g.scale = 1 / math.Sqrt(variance+normEpsilon)
		f(g)
	}
}

func (o *groupNorm) forward(b *band, t, _, _ int) {
	n := &b.run.nodes[t]
	u := n.inputs[0]
	line := func(z, y int) []float32 { return b.strips[u].data[b.at(u, z, y, 0):] }
	o.each(n, line, func(g group) {
		for z := range n.in.D {
			for y := range n.in.H {
				in, out := line(z, y), b.strips[t].data[b.at(t, z, y, 0):]
				for x := range n.in.W {
					for c := g.from; c < g.to; c++ {
						out[x*n.ch+c] = float32((float64(in[x*n.chIn+c])-g.mean)*g.scale)*o.weight.Data[c] + o.bias.Data[c]
					}
				}
			}
		}
	})
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
	k := &b.sample.kept[u]
	return func(z, y int) []float32 { return k.data[b.keptAt(k, u, z, y, 0):] }
}

func (o *groupNorm) gradWeights(b *backward, t, from, to int) {
	n := &b.run.nodes[t]
	if b.sample.grad[t].EmptyPlanes(from, to) {
		return
	}
	g, sums, line := &b.grads[t], b.sums[t].use(), b.keptLine(n.inputs[0])
	o.each(n, line, func(group group) {
		b.eachSurvivor(t, [2]int{from, to}, func(z, y, x int) {
			in, dy := line(z, y)[x*n.chIn:], g.data[g.at(z, y, x):]
			for c := group.from; c < group.to; c++ {
				sums[c] += dy[c] * float32((float64(in[c])-group.mean)*group.scale)
				sums[n.in.C+c] += dy[c]
			}
		})
	})
}

// gradInput sets, with x̂ the normalised input and δ = weight·dy, which is zero where no gradient survives,
//
//	dx = (δ − mean δ − x̂ · mean(δ·x̂)) / √(variance + ε)
//
// with means over all pixels of the group.
func (o *groupNorm) gradInput(b *backward, t, input int, need [2]int) {
	n := &b.run.nodes[t]
	u := n.inputs[input]
	g, dx, line := &b.grads[t], &b.grads[u], b.keptLine(u)
	count := float64(n.in.C / o.groups * n.in.Size().Product())
	all := [2]int{0, n.in.D}
	b.clear(u, need)
	o.each(n, line, func(group group) {
		normal := func(z, y, x, c int) float64 { return (float64(line(z, y)[x*n.chIn+c]) - group.mean) * group.scale }
		mean, product := 0.0, 0.0
		b.eachSurvivor(t, all, func(z, y, x int) {
			dy := g.data[g.at(z, y, x):]
			for c := group.from; c < group.to; c++ {
				delta := float64(o.weight.Data[c] * dy[c])
				mean += delta
				product += delta * normal(z, y, x, c)
				if b.survives(u, z, y, x) {
					dx.data[dx.at(z, y, x)+c] += float32(delta * group.scale)
				}
			}
		})
		mean, product = mean/count, product/count
		b.eachInto(t, input, need, func(z, y, x int) {
			for c := group.from; c < group.to; c++ {
				dx.data[dx.at(z, y, x)+c] -= float32((mean + normal(z, y, x, c)*product) * group.scale)
			}
		})
	})
}
