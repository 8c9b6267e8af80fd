package main

import (
	"fmt"

	"backdrop/formats/stream"
	"backdrop/lib/draw"
	"backdrop/lib/net"
)

// overlay lays the patches that all masks let through over the samples.
type overlay struct {
	in     *input
	fields []draw.Field // one a sample; the mean over the channels
	ranges []draw.Range
	names  []string
}

func newOverlay(in *input) *overlay {
	o := &overlay{in: in}
	for _, s := range in.samples {
		f := mean(s, in.net.Input)
		s.X = nil // not needed any more
		o.fields, o.ranges = append(o.fields, f), append(o.ranges, draw.Span(f))
		name := "sample " + s.Key
		if s.HasLabel {
			name += " of class " + in.className(s.Label)
		}
		o.names = append(o.names, name)
	}
	return o
}

func (o *overlay) what() string { return "masks over samples" }

func (o *overlay) look(*step) error { return nil }

func (o *overlay) samples(st *step) int { return min(st.batch, len(o.fields)) }

func (o *overlay) note() string {
	note := "The step learns from the patches in colour; grey ones are blocked."
	if c := o.in.net.Input.C; c > 1 {
		note += fmt.Sprintf(" A pixel is the mean over %d channels.", c)
	}
	return note
}

func (o *overlay) panel(st *step, n int) draw.Panel {
	lit := st.product(n)
	passing := 0
	for i, v := range lit.Data {
		if v > 0 {
			lit.Data[i] = 1
			passing++
		}
	}
	return draw.Panel{
		Title:    "surviving patches",
		Heatmap:  draw.Heatmap{Field: o.fields[n], Map: draw.Viridis, Range: o.ranges[n], Lit: lit},
		Bar:      true,
		Ruler:    true,
		Captions: []string{o.names[n], fmt.Sprintf("all masks keep %s %% of the area", percent(passing, len(lit.Data)))},
	}
}

// mean is the mean of a sample over its channels.
func mean(s *stream.Sample, shape net.Shape) draw.Field {
	f := draw.NewField(shape.H, shape.W)
	for i := range f.Data {
		sum := 0.0
		for c := range shape.C {
			sum += float64(s.X[c*len(f.Data)+i])
		}
		f.Data[i] = float32(sum / float64(shape.C))
	}
	return f
}
