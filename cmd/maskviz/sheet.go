package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"backdrop/lib/draw"
	"backdrop/lib/mask"
	"backdrop/lib/nn"
)

// maxRows is the number of samples of a batch that a sheet shows.
const maxRows = 8

// sheet draws the masks, their product, and the gradient unless it is nil: one row a sample, or one sample alone if
// the others look the same.
func (st *step) sheet(g *gradient) (*draw.Sheet, error) {
	layers := st.net.Backdrops()
	rows := 1
	if g != nil || st.perSample() {
		rows = min(st.batch, maxRows)
	}
	columns := len(layers)
	if len(layers) > 1 {
		columns++
	}
	if g != nil {
		columns++
	}
	in := st.net.Input
	if values := float64(rows*columns) * float64(in.H) * float64(in.W); values > maxCells {
		return nil, fmt.Errorf("drawing %d×%d pixels %d times takes %.0f values, the limit is %d; use a smaller --batch or input", in.H, in.W, rows*columns, values, maxCells)
	}
	what := "masks"
	if g != nil {
		what = "masks and gradient"
	}
	s := &draw.Sheet{Title: fmt.Sprintf("Backdrop %s of %s, input %v", what, st.title, in), Notes: st.notes(g, rows)}
	if rows > 1 {
		s.Columns = columns
	}
	for n := range rows {
		for _, layer := range layers {
			s.Panels = append(s.Panels, st.maskPanel(layer, n))
		}
		if len(layers) > 1 {
			s.Panels = append(s.Panels, st.productPanel(n))
		}
		if g != nil {
			s.Panels = append(s.Panels, g.panel(n))
		}
		if rows > 1 {
			for i := range columns {
				s.Panels[n*columns+i].Title += fmt.Sprintf(" · sample %d", n)
			}
		}
	}
	return s, nil
}

func (st *step) notes(g *gradient, rows int) []string {
	where := fmt.Sprintf("Seed %d, step %d, batch of %d.", st.seed, st.step, st.batch)
	if rows < st.batch && rows > 1 {
		where += fmt.Sprintf(" The first %d samples.", rows)
	}
	notes := []string{where + " Bright cells pass the gradient, times their factor; dark cells block it. A cell is drawn in the middle of the pixels that it sees."}
	if g != nil {
		notes = append(notes, fmt.Sprintf("Gradient of the cross entropy (%.4g) with %s. Colours follow the square root of the value; the largest %v %% share the brightest.",
			g.loss, g.kind, 100*saturated))
	}
	return notes
}

// maskPanel shows the mask of one layer for one sample.
func (st *step) maskPanel(layer, sample int) draw.Panel {
	l, m, f := st.net.Layers[layer], st.masks[layer], st.project(layer, sample)
	p := draw.Panel{Title: l.Name, Heatmap: draw.Heatmap{Field: f, Map: draw.Viridis, Range: upTo(draw.Span(f).High)}}
	switch i := slices.IndexFunc(st.pins, func(p pin) bool { return p.Name == l.Name }); {
	case i >= 0:
		p.Captions = append(p.Captions, fmt.Sprintf("pinned to row %d, column %d of %s cells on %v", st.pins[i].Row, st.pins[i].Col, extent(m), m.Axes))
	case m == nil:
		p.Captions = append(p.Captions, "p = 0: an identity")
		return p
	default:
		p.Captions = append(p.Captions, fmt.Sprintf("p = %v on %v: %s cells", l.P, m.Axes, extent(m)))
	}
	kept, all := count(m, sample)
	p.Captions = append(p.Captions, cover(m, st.geometry[layer]), fmt.Sprintf("%d of %d cells pass (%s %%), times %.4g", kept, all, percent(kept, all), m.Factor))
	if m.Axes&mask.C != 0 {
		p.Bar = true
		p.Captions = append(p.Captions, fmt.Sprintf("mean over %d channels", m.Shape[1]))
	}
	return p
}

func (st *step) productPanel(sample int) draw.Panel {
	f := st.product(sample)
	high := draw.Span(f).High
	p := draw.Panel{Title: "product", Heatmap: draw.Heatmap{Field: f, Map: draw.Viridis, Range: upTo(high)}}
	for _, layer := range st.net.Backdrops() {
		if m := st.masks[layer]; m != nil && m.Axes&mask.C != 0 {
			p.Bar = true
		}
	}
	passing := 0
	for _, v := range f.Data {
		if v > 0 {
			passing++
		}
	}
	p.Captions = []string{
		fmt.Sprintf("all masks keep %s %% of the area", percent(passing, len(f.Data))),
		fmt.Sprintf("largest factor %.4g", high),
	}
	return p
}

// saturated is the part of the gradient's values, zeros aside, that share the brightest colour: a few large ones would
// leave the rest in the dark.
const saturated = 0.01

func (g *gradient) panel(n int) draw.Panel {
	f := g.fields[n]
	var reached []float32
	for _, v := range f.Data {
		if v != 0 {
			reached = append(reached, v)
		}
	}
	high := draw.Robust(saturated, draw.Field{H: 1, W: len(reached), Data: reached}).High
	return draw.Panel{
		Title:    "|∂loss/∂input|",
		Heatmap:  draw.Heatmap{Field: f, Map: draw.Inferno, Range: upTo(high), Scale: draw.Sqrt},
		Bar:      true,
		Captions: []string{g.names[n], fmt.Sprintf("not zero in %s %% of the pixels", percent(len(reached), len(f.Data)))},
	}
}

// upTo is the range of colours of values from 0; where nothing but zeros is to be drawn, they are dark.
func upTo(high float64) draw.Range {
	if high == 0 {
		high = 1
	}
	return draw.Range{High: high}
}

// extent writes the sizes of a mask along its own axes: 10×32×32.
func extent(m *mask.Mask) string {
	var sizes []string
	for i, n := range m.Shape {
		if m.Axes&(1<<i) != 0 {
			sizes = append(sizes, strconv.Itoa(n))
		}
	}
	return strings.Join(sizes, "×")
}

// cover says how large a cell is on the input.
func cover(m *mask.Mask, g nn.Geometry) string {
	switch rows, columns := m.Shape[2] > 1, m.Shape[3] > 1; {
	case rows && columns:
		return fmt.Sprintf("a cell covers %d×%d px and sees %d×%d px", g.Stride, g.Stride, g.Field, g.Field)
	case rows:
		return fmt.Sprintf("a cell covers %d rows and sees %d", g.Stride, g.Field)
	case columns:
		return fmt.Sprintf("a cell covers %d columns and sees %d", g.Stride, g.Field)
	}
	return "a cell covers the whole input"
}

// count returns how many of the cells of one sample are kept, and how many there are.
func count(m *mask.Mask, sample int) (kept, all int) {
	all = len(m.Keep) / m.Shape[0]
	if m.Shape[0] == 1 {
		sample = 0
	}
	for _, k := range m.Keep[sample*all:][:all] {
		if k {
			kept++
		}
	}
	return kept, all
}

func percent(part, whole int) string {
	return strconv.FormatFloat(100*float64(part)/float64(whole), 'g', 3, 64)
}
