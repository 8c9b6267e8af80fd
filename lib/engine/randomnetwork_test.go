package engine

import (
	"fmt"
	"math/rand/v2"

	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// randomNetwork returns a network of a few layers of any kind, with masks on any axes, and perhaps with connections past
// some of them.
func randomNetwork(r *rand.Rand, connections bool) *net.Network {
	n := &net.Network{Input: net.Shape{C: 1 + r.IntN(4), H: 1 + r.IntN(24), W: 1 + r.IntN(24)}}
	if r.IntN(8) == 0 {
		n.Input.H = 1
	}
	if r.IntN(8) == 0 {
		n.Input.W = 1
	}
	if r.IntN(8) == 0 {
		n.Input = net.Shape{C: 1 + r.IntN(60), H: 1, W: 1}
	}
	add := func(l net.Layer) {
		longer := &net.Network{Input: n.Input, Layers: append(n.Layers, l)}
		if _, err := longer.Shapes(); err == nil {
			n = longer
		}
	}
	pointwise := func() {
		for range r.IntN(4) {
			switch r.IntN(5) {
			case 0, 1:
				add(net.Layer{Op: "relu"})
			case 2:
				add(net.Layer{Op: "leakyrelu", Slope: 0.1})
			case 3:
				add(net.Layer{Op: "dropout", P: 0.3})
			case 4:
				add(net.Layer{Op: "backdrop", Name: fmt.Sprint("m", len(n.Layers)), P: r.Float64(), Axes: mask.Axes(1 + r.IntN(15))})
			}
		}
	}
	named := func() string {
		if len(n.Layers) == 0 {
			return ""
		}
		l := &n.Layers[len(n.Layers)-1]
		if l.Name == "" {
			l.Name = fmt.Sprint("n", len(n.Layers))
		}
		return l.Name
	}
	var names []string
	for range r.IntN(6) {
		if connections && r.IntN(3) == 0 { // a connection past a block of layers, whose branches may have masks
			shortcut := named()
			if out, err := n.Output(); err == nil && shortcut != "" {
				names = append(names, shortcut)
				pointwise()
				for range r.IntN(3) {
					pad := r.IntN(3)
					add(net.Layer{Op: "conv", Out: out.C, Kernel: 2*pad + 1, Stride: 1, Pad: pad})
					pointwise()
				}
				add(net.Layer{Op: "add", From: names[r.IntN(len(names))]})
				pointwise()
			}
		}
		kernel := 1 + r.IntN(5)
		l := net.Layer{Out: 1 + r.IntN(21), Kernel: kernel, Stride: 1 + r.IntN(4), Pad: r.IntN(kernel)}
		switch r.IntN(5) {
		case 0:
			l.Op, l.Pad, l.Out = "maxpool", r.IntN(kernel/2+1), 0
		case 1:
			l.Op, l.Pad, l.Out = "avgpool", r.IntN(kernel/2+1), 0
		default:
			l.Op = "conv"
		}
		add(l)
		pointwise()
	}
	if ends := r.IntN(4); ends < 2 {
		add(net.Layer{Op: []string{"gap", "flatten"}[ends]})
		for range 1 + r.IntN(3) {
			pointwise()
			add(net.Layer{Op: "linear", Out: 1 + r.IntN(40)})
		}
		pointwise()
	}
	return n
}
