package net

import (
	"fmt"
	"math/bits"

	"backdrop/lib/mask"
)

// Presets are the names that Preset knows.
var Presets = []string{"pooled", "crisp", "overlap"}

// Preset returns a network of the project for square inputs whose side is a power of two.
//
//   - crisp: 5×5×64 convolution with stride 2, then 2×2×64 ones with stride 2; fine mask (p 0.3), three more, coarse
//     mask (p 0.95), both on H,W; global average pool and a linear layer. Kernel and stride agree, so a mask cell is
//     a patch of the input with sharp borders. At 1024 the fine mask has 32×32 cells and the coarse one 4×4, as in
//     the demonstration of S. Golkar, K. Cranmer, "Backdrop: Stochastic Backpropagation", arXiv 1806.01337, 2018.
//   - overlap: the same with 3×3 kernels padded by 1, and fine p 0.85: receptive fields overlap.
//   - pooled: a plain network for textures: 5×5×32 and 3×3×32 convolutions, each with 2×2 max pooling; fine mask on
//     N,H,W (p 0.95); more such stages down to 4×4; coarse mask on N,H,W, off (p 0) unless it is set; global
//     average pool and a linear layer.
//
// Smaller inputs have fewer stages, first before the fine mask, then behind it.
func Preset(name string, in Shape, classes int) (*Network, error) {
	if in.H != in.W || bits.OnesCount(uint(max(in.H, 0))) != 1 || in.H < 4 {
		return nil, fmt.Errorf("net: preset %s needs a square input whose side is a power of two from 4, got %d×%d; write the network as text instead", name, in.H, in.W)
	}
	log := bits.Len(uint(in.H)) - 1
	n := &Network{Input: in}
	along := func(v, rest int) Size { return Along(in.Dimensions(), v, rest) }
	conv := func(out, kernel, stride, pad int) {
		n.Layers = append(n.Layers, Layer{Op: "conv", Out: out, Kernel: along(kernel, 1), Stride: along(stride, 1), Pad: along(pad, 0), Dilate: Size{1, 1, 1}}, Layer{Op: "relu"})
	}
	backdrop := func(name string, p float64, axes mask.Axes) {
		n.Layers = append(n.Layers, Layer{Op: "backdrop", Name: name, P: p, Axes: axes})
	}
	switch name {
	case "crisp", "overlap":
		kernel, pad, fine := 2, 0, 0.3
		if name == "overlap" {
			kernel, pad, fine = 3, 1, 0.85
		}
		behind := min(3, log-1)
		conv(64, 5, 2, 2)
		for range max(0, log-1-behind-2) { // the coarse mask keeps 4×4 cells where there are enough stages
			conv(64, kernel, 2, pad)
		}
		backdrop("fine", fine, mask.H|mask.W)
		for range behind {
			conv(64, kernel, 2, pad)
		}
		backdrop("coarse", 0.95, mask.H|mask.W)
	case "pooled":
		pool := Layer{Op: "maxpool", Kernel: along(2, 1), Stride: along(2, 1), Dilate: Size{1, 1, 1}}
		conv(32, 5, 1, 2)
		n.Layers = append(n.Layers, pool)
		conv(32, 3, 1, 1)
		n.Layers = append(n.Layers, pool)
		backdrop("fine", 0.95, mask.N|mask.H|mask.W)
		for side := in.H; side > 16; side /= 2 {
			conv(32, 3, 1, 1)
			n.Layers = append(n.Layers, pool)
		}
		backdrop("coarse", 0, mask.N|mask.H|mask.W)
	default:
		return nil, fmt.Errorf("net: there is no preset %q, only %v", name, Presets)
	}
	n.Layers = append(n.Layers, Layer{Op: "gap"}, Layer{Op: "linear", Out: classes})
	_, err := n.Shapes()
	return n, err
}
