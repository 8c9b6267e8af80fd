package engine

import (
	"fmt"
	"testing"

	"backdrop/internal/testkit/golden"
	"backdrop/lib/loss"
	"backdrop/lib/mask"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// runLayer takes the arrays of a one-layer case through the layer and compares every gradient.
func runLayer(t *testing.T, c golden.Case, l net.Layer) {
	x, xs := c.Float32(t, "x")
	dy, _ := c.Float32(t, "dy")
	n := &net.Network{Input: net.Shape{C: xs[1], H: xs[2], W: xs[3]}, Layers: []net.Layer{l}}
	w, err := net.NewWeights(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range w.Params {
		data, shape := c.Float32(t, p.Name[len("0."):])
		if err := w.Set(p.Name, shape, data); err != nil {
			t.Fatal(err)
		}
	}
	r, err := NewRunner(n, w, 2)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := c.Float32(t, "y")
	golden.Close(t, "y", join(r.Forward(pixels.InMemory(split(x, xs[0]), n.Input.C), net.Masks{})), want, c.RTol())
	dx := split(make([]float32, len(x)), xs[0])
	r.Backward(split(dy, xs[0]), pixels.Sinks(dx, r.Input().C))
	want, _ = c.Float32(t, "dx")
	golden.Close(t, "dx", join(dx), want, c.RTol())
	for _, p := range w.Params {
		want, _ := c.Float32(t, "d"+p.Name[len("0."):])
		golden.Close(t, "d"+p.Name, p.Grad, want, c.RTol())
	}
}

// imageWindow returns a layer of images with a square window.
func imageWindow(op string, out, kernel, stride, pad int) net.Layer {
	return net.Layer{Op: op, Out: out, Kernel: net.Along(2, kernel, 1), Stride: net.Along(2, stride, 1), Pad: net.Along(2, pad, 0), Dilate: net.Size{1, 1, 1}}
}

func split(v []float32, n int) [][]float32 {
	all := make([][]float32, n)
	for i := range all {
		all[i] = v[i*len(v)/n : (i+1)*len(v)/n]
	}
	return all
}

func join(parts [][]float32) []float32 {
	var all []float32
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func TestGoldenConv(t *testing.T) {
	for _, c := range golden.Cases(t, "conv") {
		t.Run(c.Name, func(t *testing.T) {
			_, shape := c.Float32(t, "weight")
			runLayer(t, c, imageWindow("conv", shape[0], c.Int("kernel"), c.Int("stride"), c.Int("pad")))
		})
	}
}

func TestGoldenPool(t *testing.T) {
	ops := map[string]string{"max": "maxpool", "avg": "avgpool", "global_avg": "gap"}
	for _, c := range golden.Cases(t, "pool") {
		t.Run(c.Name, func(t *testing.T) {
			runLayer(t, c, imageWindow(ops[c.String("op")], 0, c.Int("kernel"), c.Int("stride"), c.Int("pad")))
		})
	}
}

func TestGoldenBackdrop(t *testing.T) {
	for _, c := range golden.Cases(t, "mask_") {
		t.Run(c.Name, func(t *testing.T) {
			axes, err := mask.ParseAxes(c.Name[len("mask_"):])
			if err != nil {
				t.Fatal(err)
			}
			x, xs := c.Float32(t, "x")
			dy, _ := c.Float32(t, "dy")
			n := &net.Network{Input: net.Shape{C: xs[1], H: xs[2], W: xs[3]}, Layers: []net.Layer{{Op: "backdrop", Name: "m", P: 0.5, Axes: axes}}}
			r, err := NewRunner(n, &net.Weights{}, 2)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := c.Float32(t, "y")
			masks := net.Masks{0: maskOf(t, c, "keep", axes, [5]int{xs[0], xs[1], 1, xs[2], xs[3]})}
			golden.Close(t, "y", join(r.Forward(pixels.InMemory(split(x, xs[0]), n.Input.C), masks)), want, c.RTol())
			dx := split(make([]float32, len(x)), xs[0])
			r.Backward(split(dy, xs[0]), pixels.Sinks(dx, r.Input().C))
			want, _ = c.Float32(t, "dx")
			golden.Close(t, "dx", join(dx), want, c.RTol())
		})
	}
}

// maskOf reads a keep array of 0 and 1.
func maskOf(t *testing.T, c golden.Case, name string, axes mask.Axes, shape [5]int) *mask.Mask {
	data, _ := c.Float32(t, name)
	keep := make([]bool, len(data))
	for i, v := range data {
		keep[i] = v != 0
	}
	return mask.New(axes, shape, keep)
}

// networkOf reads the layers of a case as PyTorch's layer list.
func networkOf(t *testing.T, c golden.Case, in net.Shape) *net.Network {
	var list []struct {
		Op, Name                 string
		Out, Kernel, Stride, Pad int
	}
	c.Unmarshal("layers", &list)
	n := &net.Network{Input: in}
	for _, l := range list {
		layer := net.Layer{Op: l.Op, Name: l.Name, Out: l.Out}
		if l.Kernel > 0 {
			layer = imageWindow(l.Op, l.Out, l.Kernel, l.Stride, l.Pad)
		}
		if l.Op == "backdrop" {
			layer.P = 0.5
			layer.Axes = mask.H | mask.W
			if l.Name == "coarse" { // drawn per sample, the fine one for the whole batch
				layer.Axes |= mask.N
			}
		}
		n.Layers = append(n.Layers, layer)
	}
	return n
}

func TestGoldenNet(t *testing.T) {
	for _, c := range golden.Cases(t, "net_") {
		t.Run(c.Name, func(t *testing.T) {
			x, xs := c.Float32(t, "x")
			n := networkOf(t, c, net.Shape{C: xs[1], H: xs[2], W: xs[3]})
			shapes, err := n.Shapes()
			if err != nil {
				t.Fatal(err)
			}
			w, err := net.NewWeights(n)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range w.Params {
				data, shape := c.Float32(t, p.Name)
				if err := w.Set(p.Name, shape, data); err != nil {
					t.Fatal(err)
				}
			}
			masks := net.Masks{}
			for _, i := range n.Backdrops() {
				l := n.Layers[i]
				if name := "keep_" + l.Name; c.Has(name) {
					masks[i] = maskOf(t, c, name, l.Axes, [5]int{xs[0], shapes[i].C, 1, shapes[i].H, shapes[i].W})
				}
			}
			r, err := NewRunner(n, w, 2)
			if err != nil {
				t.Fatal(err)
			}
			logits := r.Forward(pixels.InMemory(split(x, xs[0]), n.Input.C), masks)
			want, _ := c.Float32(t, "logits")
			golden.Close(t, "logits", join(logits), want, c.RTol())

			xent, err := loss.New(loss.Config{Name: "xent"}, len(logits[0]))
			if err != nil {
				t.Fatal(err)
			}
			dlogits := split(make([]float32, len(want)), xs[0])
			value, err := xent.Grad(loss.Batch{Scores: logits, Labels: c.Ints(t, "labels")}, dlogits)
			if err != nil {
				t.Fatal(err)
			}
			want, _ = c.Float32(t, "loss")
			golden.Close(t, "loss", []float32{float32(value)}, want, c.RTol())

			dx := split(make([]float32, len(x)), xs[0])
			r.Backward(dlogits, pixels.Sinks(dx, r.Input().C))
			want, _ = c.Float32(t, "dx")
			golden.Close(t, "dx", join(dx), want, c.RTol())
			for _, p := range w.Params {
				want, _ := c.Float32(t, fmt.Sprintf("grad.%s", p.Name))
				golden.Close(t, "gradient of "+p.Name, p.Grad, want, c.RTol())
			}
		})
	}
}
