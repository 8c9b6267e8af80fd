package main

import (
	"fmt"
	"slices"

	"backdrop/lib/draw"
)

// overlay lays the patches that all masks let through over the samples.
type overlay struct {
	in    *input
	views []view     // one a sample, without light
	names [][]string // what each is, and what of it is shown
}

func newOverlay(in *input, w *watch) (*overlay, error) {
	o := &overlay{in: in}
	shape := in.net.Input
	for _, s := range in.samples {
		r := &reader{source: s.Source(), shape: shape, stopped: w.stopped}
		var v view
		photo := false
		err := w.during(func() string { return "reading sample " + s.Key + r.part() }, nil, func() {
			if shape.Dimensions() == 1 {
				v.channels = r.curves(func(_ int, x float32) float32 { return x })
				return
			}
			if coloured(shape) {
				if v.photo, photo = r.photo(); photo && !colourless(v.photo) {
					return
				}
				photo = false
				r = &reader{source: r.source, shape: shape, stopped: r.stopped}
			}
			v = r.mean()
		})
		if err != nil {
			return nil, err
		}
		s.X, s.Array = nil, nil // not needed any more
		o.views = append(o.views, v)
		name := "sample " + s.Key
		if s.HasLabel {
			name += " of class " + in.className(s.Label)
		}
		names := []string{name}
		if shape.C > 1 && shape.Dimensions() > 1 && !photo {
			names = append(names, fmt.Sprintf("mean over %d channels", shape.C))
		}
		o.names = append(o.names, names)
	}
	return o, in.changed()
}

func (o *overlay) what() string { return "masks over samples" }

func (o *overlay) look(*step) error { return nil }

func (o *overlay) samples(st *step) int { return min(st.batch, len(o.views)) }

func (o *overlay) note() string {
	in := o.in.net.Input
	if in.Dimensions() == 1 {
		return "The step learns from the stretches in colour, on yellow; grey ones are blocked." + namedCurves(in)
	}
	return "The step learns from the patches in colour; grey ones are blocked."
}

func (o *overlay) panel(st *step, n int) draw.Panel {
	v, product := o.views[n], st.product(n)
	v.lit = product.over(o.in.net.Input, lit)
	passing, _ := product.passing()
	return draw.Panel{
		Title:    "surviving " + st.words().parts,
		Pictures: v.pictures(o.in.net.Input),
		Captions: append(slices.Clone(o.names[n]), fmt.Sprintf("all masks keep %s %% of the %s", percent(passing, st.places()), st.words().all)),
	}
}
