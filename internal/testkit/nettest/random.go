// Package nettest is for tests only: it makes networks of all kinds of layers.
package nettest

import (
	"fmt"
	"math/rand/v2"

	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// Random returns a network of a few layers of any kind, with masks on any axes, and perhaps with connections past
// some of them.
func Random(r *rand.Rand, connections bool) *net.Network {
	n := &net.Network{Input: net.Shape{C: 1 + r.IntN(4), H: 1 + r.IntN(24), W: 1 + r.IntN(24)}}
	switch r.IntN(4) {
	case 0:
		n.Input = net.Shape{C: n.Input.C, W: 1 + r.IntN(200)}
	case 1:
		n.Input = net.Shape{C: n.Input.C, D: 1 + r.IntN(9), H: 1 + r.IntN(9), W: 1 + r.IntN(9)}
	}
	for _, side := range []*int{&n.Input.D, &n.Input.H, &n.Input.W} {
		if *side > 0 && r.IntN(8) == 0 {
			*side = 1
		}
	}
	if r.IntN(8) == 0 {
		n.Input = net.Shape{C: 1 + r.IntN(60), H: 1, W: 1}
	}
	dimensions := n.Input.Dimensions()
	add := func(l net.Layer) {
		longer := &net.Network{Input: n.Input, Layers: append(n.Layers, l)}
		if _, err := longer.Shapes(); err == nil {
			n = longer
		}
	}
	pointwise := func() {
		for range r.IntN(4) {
			switch r.IntN(7) {
			case 6:
				if out, err := n.Output(); err == nil && out.Size().Product() >= 8 { // few values may be almost equal
					add(net.Layer{Op: "groupnorm", Groups: 1 + r.IntN(out.C)})
				}
			case 5:
				add(net.Layer{Op: "silu"})
			case 0, 1:
				add(net.Layer{Op: "relu"})
			case 2:
				add(net.Layer{Op: "leakyrelu", Slope: 0.1})
			case 3:
				add(net.Layer{Op: "dropout", P: 0.3})
			case 4:
				add(net.Layer{Op: "backdrop", Name: fmt.Sprint("m", len(n.Layers)), P: r.Float64(), Axes: mask.Axes(1 + r.IntN(31))})
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
					add(net.Layer{Op: "conv", Out: out.C, Kernel: net.Along(dimensions, 2*pad+1, 1), Stride: net.Size{1, 1, 1}, Pad: net.Along(dimensions, pad, 0), Dilate: net.Size{1, 1, 1}})
					pointwise()
				}
				add(net.Layer{Op: []string{"add", "add", "concat"}[r.IntN(3)], From: names[r.IntN(len(names))]})
				pointwise()
			}
		}
		l := net.Layer{Op: []string{"conv", "conv", "conv", "maxpool", "avgpool"}[r.IntN(5)], Kernel: net.Size{1, 1, 1}, Stride: net.Size{1, 1, 1}, Dilate: net.Size{1, 1, 1}}
		same := r.IntN(2) == 0 // along all axes
		for axis := 3 - dimensions; axis < 3; axis++ {
			if same && axis > 3-dimensions {
				l.Kernel[axis], l.Stride[axis], l.Dilate[axis], l.Pad[axis] = l.Kernel[axis-1], l.Stride[axis-1], l.Dilate[axis-1], l.Pad[axis-1]
				continue
			}
			l.Kernel[axis], l.Stride[axis] = 1+r.IntN(5), 1+r.IntN(4)
			if r.IntN(4) == 0 {
				l.Dilate[axis] = 1 + r.IntN(3)
			}
			if l.Pad[axis] = r.IntN(l.Span(axis)); l.Op != "conv" {
				l.Pad[axis] = r.IntN(l.Kernel[axis]/2 + 1)
			}
		}
		if l.Op == "conv" {
			l.Out, l.WS = 1+r.IntN(21), r.IntN(4) == 0 && l.Kernel.Product() > 4
		}
		add(l)
		pointwise()
	}
	if ends := r.IntN(5); ends < 3 {
		add(net.Layer{Op: []string{"gap", "flatten", "gmp"}[ends]})
		for range 1 + r.IntN(3) {
			pointwise()
			add(net.Layer{Op: "linear", Out: 1 + r.IntN(40)})
		}
		pointwise()
	}
	return n
}
