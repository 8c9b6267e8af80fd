package net

import (
	"fmt"
	"math"
	"slices"

	"backdrop/lib/mask"
)

// Presets are the names that Preset knows.
var Presets = []string{"pooled", "crisp", "overlap", "residual"}

// Preset returns a network of the project for sequences, images or volumes of any size.
//
//   - crisp: a convolution of 5 to 64 channels with stride 2, then ones of 2 with stride 2; fine mask (p 0.3), three more,
//     coarse mask (p 0.95), both on all axes but samples and channels; global average pool and a linear layer. Kernel and
//     stride agree, so a mask cell is a patch of the input with sharp borders. At 1024×1024 the fine mask has 32×32 cells
//     and the coarse one 4×4, as in the demonstration of S. Golkar, K. Cranmer, "Backdrop: Stochastic Backpropagation",
//     arXiv 1806.01337, 2018.
//   - overlap: the same with kernels of 3 padded by 1, and fine p 0.85: receptive fields overlap.
//   - residual: as crisp, with two more convolutions of 1 behind each of 2, and a connection that leads past them (K. He,
//     X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, fig. 2). A mask cell has the
//     borders that it has in crisp.
//   - pooled: a plain network for textures: convolutions of 5 and 3 to 32 channels, each with max pooling of 2; fine mask
//     for each sample (p 0.95); more such stages down to about 4 pixels a side; coarse mask, off (p 0) unless it is set;
//     global average pool and a linear layer.
//
// The number of stages follows the geometric mean of the sides. Where this is small there are fewer, first before the fine
// mask, then behind it. Axes of one pixel do not count.
func Preset(name string, in Shape, classes int) (*Network, error) {
	if !slices.Contains(Presets, name) {
		return nil, fmt.Errorf("net: there is no preset %q, only %v", name, Presets)
	}
	if err := in.check(); err != nil {
		return nil, fmt.Errorf("net: input %w", err)
	}
	wide := 0 // axes of more than one pixel
	for _, n := range in.Size() {
		if n > 1 {
			wide++
		}
	}
	log := int(math.Log2(float64(in.Size().Product())+0.5) / float64(max(wide, 1)))
	if log < 2 {
		return nil, fmt.Errorf("net: preset %s needs samples of 4 pixels a side or more, got %v; write the network as text instead", name, in)
	}
	p := &preset{net: &Network{Input: in}, size: in.Size(), axes: Along(in.Dimensions(), 1, 0)}
	space := mask.Axes(0)
	for axis, has := range p.axes {
		if has > 0 {
			space |= [3]mask.Axes{mask.D, mask.H, mask.W}[axis]
		}
	}
	if name == "pooled" {
		p.conv(32, 5, 1)
		p.pool()
		p.conv(32, 3, 1)
		p.pool()
		p.backdrop("fine", 0.95, mask.N|space)
		for range max(0, log-4) {
			p.conv(32, 3, 1)
			p.pool()
		}
		p.backdrop("coarse", 0, mask.N|space)
	} else {
		stage, fine := map[string]func(){
			"crisp":    func() { p.conv(64, 2, 2) },
			"overlap":  func() { p.conv(64, 3, 2) },
			"residual": p.block,
		}[name], 0.3
		if name == "overlap" {
			fine = 0.85
		}
		behind := min(3, log-1)
		p.conv(64, 5, 2)
		for range max(0, log-1-behind-2) { // the coarse mask keeps 4 cells a side where there are enough stages
			stage()
		}
		p.backdrop("fine", fine, space)
		for range behind {
			stage()
		}
		p.backdrop("coarse", 0.95, space)
	}
	p.add(Layer{Op: "gap"}, Layer{Op: "linear", Out: classes})
	_, err := p.net.Shapes()
	return p.net, err
}

// preset is a network that grows, and the size of its output.
type preset struct {
	net        *Network
	size, axes Size
	blocks     int
}

func (p *preset) add(layers ...Layer) { p.net.Layers = append(p.net.Layers, layers...) }

// window returns a layer with windows along the axes that have more than one pixel, and follows the size of its output.
func (p *preset) window(op string, kernel, stride, pad int) Layer {
	l := Layer{Op: op, Kernel: Size{1, 1, 1}, Stride: Size{1, 1, 1}, Dilate: Size{1, 1, 1}}
	for axis, n := range p.size {
		if n > 1 {
			pad := pad
			if kernel == 2 {
				pad = n % 2 // or the last pixel would be left out
			}
			l.Kernel[axis], l.Stride[axis], l.Pad[axis] = kernel, stride, pad
			p.size[axis] = (n+2*pad-kernel)/stride + 1
		}
	}
	return l
}

// conv adds a convolution and a relu. Odd kernels are padded so that there is an output for every stride.
func (p *preset) conv(out, kernel, stride int) {
	l := p.window("conv", kernel, stride, (kernel-1)/2)
	l.Out = out
	p.add(l, Layer{Op: "relu"})
}

func (p *preset) pool() { p.add(p.window("maxpool", 2, 2, 0)) }

// block adds a convolution of 2 with stride 2 and two of 1 that a connection leads past.
func (p *preset) block() {
	p.blocks++
	down := p.window("conv", 2, 2, 0)
	down.Out, down.Name = 64, fmt.Sprint("block", p.blocks)
	p.add(down, Layer{Op: "relu"})
	p.conv(64, 1, 1)
	l := p.window("conv", 1, 1, 0)
	l.Out = 64
	p.add(l, Layer{Op: "add", From: down.Name}, Layer{Op: "relu"})
}

func (p *preset) backdrop(name string, chance float64, axes mask.Axes) {
	p.add(Layer{Op: "backdrop", Name: name, P: chance, Axes: axes})
}
