package engine

import (
	"backdrop/lib/mask"
	"backdrop/lib/net"
	"backdrop/lib/region"
)

// The engine has three axes, z, y and x, whatever a network has. Its bands cut tensors along z, so z is the outermost axis
// that there is:
//
//	sequences  z = W               a slab is one step
//	images     z = H, x = W        a slab is a row
//	volumes    z = D, y = H, x = W a slab is a plane
//
// Along the others there is one position. The order of elements in memory is the same either way. Shapes in here have z, y
// and x as their D, H and W.
type size = region.Size

// arrange brings numbers along D, H and W into the order z, y, x.
func arrange(s net.Size, dimensions int) size {
	switch dimensions {
	case 1:
		return size{s[net.W], s[net.D], s[net.H]}
	case 2:
		return size{s[net.H], s[net.D], s[net.W]}
	}
	return size(s)
}

// arrangeShape does so with a shape.
func arrangeShape(s net.Shape) net.Shape {
	z := arrange(s.Size(), s.Dimensions())
	return net.Shape{C: s.C, D: z[0], H: z[1], W: z[2]}
}

// arrangeMask makes dst the mask with its cells along z, y and x. They are those of m.
func arrangeMask(dst, m *mask.Mask, dimensions int) {
	*dst = *m
	s := arrange(net.Size(m.Shape[2:]), dimensions)
	copy(dst.Shape[2:], s[:])
	var axes net.Size
	for i, axis := range [3]mask.Axes{mask.D, mask.H, mask.W} {
		axes[i] = int(m.Axes & axis)
	}
	dst.Axes = m.Axes & (mask.N | mask.C)
	for i, has := range arrange(axes, dimensions) {
		if has != 0 {
			dst.Axes |= [3]mask.Axes{mask.D, mask.H, mask.W}[i]
		}
	}
}

// arrangedMasks are the masks of a step in the engine's order of axes.
type arrangedMasks struct {
	all   net.Masks
	views []mask.Mask // by layer
}

// set makes them those of a step, and returns them.
func (a *arrangedMasks) set(masks net.Masks, layers, dimensions int) net.Masks {
	if a.all == nil {
		a.all, a.views = net.Masks{}, make([]mask.Mask, layers)
	}
	clear(a.all)
	for i, m := range masks {
		arrangeMask(&a.views[i], m, dimensions)
		a.all[i] = &a.views[i]
	}
	return a.all
}
