package net

// Geometry says which part of the input one cell of a layer's output sees: cell i of a row or column sees the input
// pixels from i·Stride+Offset up to but without i·Stride+Offset+Field, as far as they lie in the image.
// (V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", 2016.)
type Geometry struct{ Field, Stride, Offset int }

// ownPixel is the geometry of the input itself.
var ownPixel = Geometry{Field: 1, Stride: 1}

// Geometry returns the geometry of every layer's output. Behind gap, flatten and linear a cell sees everything.
func (n *Network) Geometry() ([]Geometry, error) {
	if _, err := n.Shapes(); err != nil {
		return nil, err
	}
	all := make([]Geometry, len(n.Layers))
	for i, l := range n.Layers {
		all[i] = l.kind().geometry(l, pick(all, n.Inputs(i), ownPixel), n.Input)
	}
	return all, nil
}

// sameField is the geometry of a layer whose outputs each see one pixel of every input: all that these see.
func sameField(_ Layer, in []Geometry, _ Shape) Geometry {
	g := in[0]
	for _, h := range in[1:] {
		end := max(g.Offset+g.Field, h.Offset+h.Field)
		g.Offset = min(g.Offset, h.Offset)
		g.Field = end - g.Offset
	}
	return g
}

// windowField is that of a layer whose outputs each see a window.
func windowField(l Layer, in []Geometry, _ Shape) Geometry {
	g := in[0]
	g.Field += (l.Kernel - 1) * g.Stride
	g.Offset -= l.Pad * g.Stride
	g.Stride *= l.Stride
	return g
}

// wholeField is that of a layer whose outputs each see the whole image.
func wholeField(_ Layer, _ []Geometry, image Shape) Geometry {
	side := max(image.H, image.W)
	return Geometry{Field: side, Stride: side}
}
