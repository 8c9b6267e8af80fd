package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/lib/draw"
	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// maxRows is the number of samples of a batch that a sheet shows.
const maxRows = 8

// A lens shows of a step what --mode names, beside its masks.
type lens interface {
	what() string        // the sheet shows, masks included
	look(st *step) error // at a step, whose panels are drawn before the next
	samples(st *step) int
	panel(st *step, sample int) draw.Panel
	note() string
}

// sheet draws the masks, their product, and what the lens shows: beside each other for a sample, of as many samples as look
// different.
func (st *step) sheet(l lens) (*draw.Sheet, error) {
	layers, off := st.shown()
	columns, rows := len(layers), 1
	product := len(layers) > 1 || len(layers) == 0 && l == nil
	if product {
		columns++
	}
	if models.MasksPerSample(st.net) {
		rows = st.batch
	}
	if l != nil {
		rows = l.samples(st)
		columns++
	}
	rows = min(rows, maxRows)
	first := 0
	if st.one {
		first, rows = st.number, 1
	}
	if l != nil {
		if err := l.look(st); err != nil {
			return nil, err
		}
	}
	s := &draw.Sheet{Title: st.heading(l), Notes: st.notes(l, rows)}
	if len(off) > 0 && len(layers) > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("Without a panel, at p = 0, which passes all: %s.", strings.Join(off, ", ")))
	}
	if dimensions := st.net.Input.Dimensions(); dimensions == 3 || dimensions == 2 && rows > 1 {
		s.Group = columns
	}
	for n := first; n < first+rows; n++ {
		if err := st.watch.err(); err != nil {
			return nil, err
		}
		for _, layer := range layers {
			s.Panels = append(s.Panels, st.maskPanel(layer, n))
		}
		if product {
			s.Panels = append(s.Panels, st.productPanel(n))
		}
		if l != nil {
			s.Panels = append(s.Panels, l.panel(st, n))
		}
		if rows > 1 || st.one && l == nil {
			for i := range columns {
				s.Panels[(n-first)*columns+i].Title += fmt.Sprintf(" · sample %d", n)
			}
		}
	}
	return s, nil
}

// shown are the layers that have a panel: those with a mask. off are the names of the others.
func (st *step) shown() (layers []int, off []string) {
	for _, i := range st.net.Backdrops() {
		if st.masks[i] == nil {
			off = append(off, st.net.Layers[i].Name)
		} else {
			layers = append(layers, i)
		}
	}
	return layers, off
}

func (st *step) heading(l lens) string {
	what := "masks"
	if l != nil {
		what = l.what()
	}
	return fmt.Sprintf("Backdrop %s of %s, input %v", what, st.title, st.net.Input)
}

func (st *step) notes(l lens, rows int) []string {
	where := fmt.Sprintf("Seed %d, step %d, batch of %d.", st.seed, st.step, st.batch)
	if rows < st.batch && rows > 1 {
		where += fmt.Sprintf(" The first %d samples.", rows)
	}
	layers, off := st.shown()
	if len(layers) == 0 {
		where += fmt.Sprintf(" There are no masks: all of the gradient passes %s, where p = 0.", strings.Join(off, ", "))
	} else {
		where += " Bright cells pass the gradient, times their factor; dark cells block it. A cell is drawn in the middle of the " + st.words().many + " that it sees."
	}
	notes := []string{where}
	if drawn := inCells(st.net.Input, "the mean is drawn"); drawn != "" {
		notes = append(notes, drawn[1:])
	}
	if slices.ContainsFunc(st.net.Layers, func(l net.Layer) bool { return l.Op == "groupnorm" }) {
		notes = append(notes, "Group normalisation lets a cell see all else as well, by means and variances; what cells see here leaves that out.")
	}
	if l != nil {
		notes = append(notes, l.note())
	}
	if st.windows != "" {
		notes = append(notes, st.windows)
	}
	return notes
}

// maskPanel shows the mask of one layer for one sample.
func (st *step) maskPanel(layer, sample int) draw.Panel {
	l, m := st.net.Layers[layer], st.masks[layer]
	projection := st.projection(sample, layer)
	_, high := projection.passing()
	v := st.factorView(projection, high)
	p := draw.Panel{Title: l.Name}
	if i := slices.IndexFunc(st.pins, func(p pin) bool { return p.Name == l.Name }); i >= 0 {
		p.Captions = append(p.Captions, fmt.Sprintf("pinned to %s of %s cells on %v", st.pins[i].place(), extent(m), m.Axes))
	} else {
		p.Captions = append(p.Captions, fmt.Sprintf("p = %v on %v: %s cells", l.P, m.Axes, extent(m)))
	}
	covers := st.cover(m, st.geometry[layer])
	if v.box = st.field(layer, sample); v.box != nil {
		covers += " (red)"
	}
	kept, all := count(m, sample)
	p.Captions = append(p.Captions, covers, fmt.Sprintf("%d of %d cells pass (%s %%), times %.4g", kept, all, percent(kept, all), m.Factor))
	if m.Axes&mask.C != 0 {
		v.colours.Bar = true
		p.Captions = append(p.Captions, fmt.Sprintf("mean over %d channels", m.Shape[1]))
	}
	p.Pictures = v.pictures(st.net.Input)
	return p
}

// factorView shows factors of masks, of which high is the largest. Projections of them have more values than two, and so a bar.
func (st *step) factorView(p *projection, high float32) view {
	return view{values: p.over(st.net.Input, factors), colours: draw.Heatmap{Map: draw.Viridis, Range: upTo(float64(high)), Bar: st.net.Input.Dimensions() == 3}}
}

func (st *step) productPanel(sample int) draw.Panel {
	product := st.product(sample)
	passing, high := product.passing()
	v := st.factorView(product, high)
	for _, layer := range st.net.Backdrops() {
		if m := st.masks[layer]; m != nil && m.Axes&mask.C != 0 {
			v.colours.Bar = true
		}
	}
	return draw.Panel{
		Title:    "product",
		Pictures: v.pictures(st.net.Input),
		Captions: []string{
			fmt.Sprintf("all masks keep %s %% of the %s", percent(passing, st.places()), st.words().all),
			fmt.Sprintf("largest factor %.4g", high),
		},
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
	var sizes []int
	for i, n := range m.Shape {
		if m.Axes&(1<<i) != 0 {
			sizes = append(sizes, n)
		}
	}
	return by(sizes)
}

// place writes where the cell is.
func (p pin) place() string {
	if len(p.Cell) == 1 {
		return fmt.Sprintf("number %d", p.Cell[0])
	}
	var texts []string
	for i, n := range p.Cell {
		texts = append(texts, fmt.Sprintf("%s %d", axisWords[3-len(p.Cell)+i], n))
	}
	return strings.Join(texts, ", ")
}

// places is how many places the input has.
func (st *step) places() int { return st.net.Input.Size().Product() }

// words name the places of the input.
func (st *step) words() inputWords { return words[st.net.Input.Dimensions()] }

// cover says how large a cell is on the input, along the axes on which the mask has several.
func (st *step) cover(m *mask.Mask, all net.Geometries) string {
	dimensions := st.net.Input.Dimensions()
	var stride, field []int
	var axes []string
	for axis, g := range all {
		if m.Shape[2+axis] > 1 {
			stride, field, axes = append(stride, g.Stride), append(field, g.Field), append(axes, axisWords[axis]+"s")
		}
	}
	unit := st.words().short
	switch {
	case len(axes) == 0:
		return "a cell covers the whole input"
	case len(axes) == dimensions && dimensions > 1:
		return fmt.Sprintf("a cell covers %s %s and sees %s %s", by(stride), unit, by(field), unit)
	case len(axes) < dimensions:
		unit = strings.Join(axes, " and ")
	}
	return fmt.Sprintf("a cell covers %s %s and sees %s", by(stride), unit, by(field))
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
