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
	g := ownPixel
	all := make([]Geometry, len(n.Layers))
	for i, l := range n.Layers {
		g = l.kind().geometry(l, g, n.Input)
		all[i] = g
	}
	return all, nil
}

// sameField is the geometry of a layer whose outputs each see one input.
func sameField(_ Layer, g Geometry, _ Shape) Geometry { return g }

// windowField is that of a layer whose outputs each see a window.
func windowField(l Layer, g Geometry, _ Shape) Geometry {
	g.Field += (l.Kernel - 1) * g.Stride
	g.Offset -= l.Pad * g.Stride
	g.Stride *= l.Stride
	return g
}

// wholeField is that of a layer whose outputs each see the whole image.
func wholeField(_ Layer, _ Geometry, image Shape) Geometry {
	side := max(image.H, image.W)
	return Geometry{Field: side, Stride: side}
}
