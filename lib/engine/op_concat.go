package engine

import "backdrop/lib/net"

// concat puts the channels of its second input behind those of the first.
type concat struct {
	windows
	noParameters
}

func init() { ops["concat"] = newConcat }

func newConcat(n *node, _ net.Layer) op {
	n.ch = n.out.C
	return concat{}
}

// channels returns where the channels of an input begin, and how many they are.
func (concat) channels(b *Runner, n *node, input int) (from, count int) {
	for _, u := range n.inputs[:input] {
		from += b.nodes[u].out.C
	}
	return from, b.nodes[n.inputs[input]].out.C
}

func (o concat) forward(b *band, t, z, count int) {
	n, s := &b.run.nodes[t], &b.strips[t]
	for input, u := range n.inputs {
		from, channels := o.channels(b.run, n, input)
		ch := b.run.nodes[u].ch
		for i := range count {
			for y := s.y[0]; y < s.y[1]; y++ {
				out, row := b.line(t, z+i, y), b.inputLine(t, input, z+i, y)
				for x := range s.width() {
					copy(out[x*n.ch+from:][:channels], row[x*ch:])
				}
			}
		}
	}
}

func (concat) readsInput() bool { return false }

func (concat) fuses(*node) bool { return false }

func (o concat) gradInput(b *backward, t, input int, need part) {
	n := &b.run.nodes[t]
	from, channels := o.channels(b.run, n, input)
	b.passOn(t, input, need, from, channels)
}
