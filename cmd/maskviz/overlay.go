package main

import (
	"fmt"
	"slices"

	"backdrop/formats/stream"
	"backdrop/lib/draw"
	"backdrop/lib/net"
)

// overlay lays the patches that all masks let through over the samples.
type overlay struct {
	in    *input
	views []view // one a sample, without light
	names []string
}

func newOverlay(in *input) *overlay {
	o := &overlay{in: in}
	shape := in.net.Input
	for _, s := range in.samples {
		var v view
		if shape.Dimensions() == 1 {
			v.channels = channels(s.X, shape)
		} else {
			v.values = mean(s, shape)
			v.colours = draw.Heatmap{Map: draw.Viridis, Range: draw.Span(v.values.Row()), Bar: true}
		}
		s.X = nil // not needed any more
		o.views = append(o.views, v)
		name := "sample " + s.Key
		if s.HasLabel {
			name += " of class " + in.className(s.Label)
		}
		o.names = append(o.names, name)
	}
	return o
}

// channels are copies of those of a sequence that are drawn.
func channels(x []float32, shape net.Shape) [][]float32 {
	return slices.Collect(slices.Chunk(slices.Clone(x[:min(shape.C, maxCurves)*shape.W]), shape.W))
}

func (o *overlay) what() string { return "masks over samples" }

func (o *overlay) look(*step) error { return nil }

func (o *overlay) samples(st *step) int { return min(st.batch, len(o.views)) }

func (o *overlay) note() string {
	in := o.in.net.Input
	if in.Dimensions() == 1 {
		return "The step learns from the stretches in colour, on yellow; grey ones are blocked." + curves(in)
	}
	note := "The step learns from the patches in colour; grey ones are blocked."
	if in.C > 1 {
		note += fmt.Sprintf(" A %s is the mean over %d channels.", words[in.Dimensions()].one, in.C)
	}
	return note
}

func (o *overlay) panel(st *step, n int) draw.Panel {
	v := o.views[n]
	v.lit = st.product(n)
	passing := light(v.lit)
	return draw.Panel{
		Title:    "surviving " + st.words().parts,
		Pictures: v.pictures(o.in.net.Input),
		Captions: []string{o.names[n], fmt.Sprintf("all masks keep %s %% of the %s", percent(passing, len(v.lit.Data)), st.words().all)},
	}
}

// light makes 1 of every value above 0, and returns how many there are.
func light(v draw.Volume) (lit int) {
	for i, f := range v.Data {
		if f > 0 {
			v.Data[i] = 1
			lit++
		}
	}
	return lit
}

// mean is the mean of a sample over its channels.
func mean(s *stream.Sample, shape net.Shape) draw.Volume {
	f := newVolume(shape)
	for i := range f.Data {
		sum := 0.0
		for c := range shape.C {
			sum += float64(s.X[c*len(f.Data)+i])
		}
		f.Data[i] = float32(sum / float64(shape.C))
	}
	return f
}
