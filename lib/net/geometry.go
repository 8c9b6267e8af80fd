package net

// Geometry says which part of the input one cell of a layer's output sees along one axis: cell i sees the input pixels
// from i·Stride+Offset up to but without i·Stride+Offset+Field, as far as they lie in the image.
// (V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", 2016.)
type Geometry struct{ Field, Stride, Offset int }

// Geometries are those along the axes D, H and W.
type Geometries [3]Geometry

// ownPixel is the geometry of the input itself.
var ownPixel = Geometries{{Field: 1, Stride: 1}, {Field: 1, Stride: 1}, {Field: 1, Stride: 1}}

// Geometry returns the geometry of every layer's output. Behind gap, gmp, flatten and linear a cell sees everything. What
// group normalisation makes a cell see besides, by means and variances, is left out.
func (n *Network) Geometry() ([]Geometries, error) {
	if _, err := n.Shapes(); err != nil {
		return nil, err
	}
	all := make([]Geometries, len(n.Layers))
	for i, l := range n.Layers {
		all[i] = l.kind().geometry(l, pick(all, n.Inputs(i), ownPixel), n.Input)
	}
	return all, nil
}

// sameField is the geometry of a layer whose outputs each see one pixel of every input: all that these see.
func sameField(_ Layer, in []Geometries, _ Shape) Geometries {
	all := in[0]
	for _, other := range in[1:] {
		for axis, h := range other {
			g := &all[axis]
			end := max(g.Offset+g.Field, h.Offset+h.Field)
			g.Offset = min(g.Offset, h.Offset)
			g.Field = end - g.Offset
		}
	}
	return all
}

// windowField is that of a layer whose outputs each see a window.
func windowField(l Layer, in []Geometries, _ Shape) Geometries {
	all := in[0]
	for axis := range all {
		g := &all[axis]
		g.Field += (l.Span(axis) - 1) * g.Stride
		g.Offset -= l.Pad[axis] * g.Stride
		g.Stride *= l.Stride[axis]
	}
	return all
}

// wholeField is that of a layer whose outputs each see the whole image.
func wholeField(_ Layer, _ []Geometries, image Shape) Geometries {
	var all Geometries
	for axis, n := range image.Size() {
		all[axis] = Geometry{Field: n, Stride: n}
	}
	return all
}
