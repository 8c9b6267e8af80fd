package gp

import (
	"math/rand/v2"

	"backdrop/lib/dims"
	"backdrop/lib/rng"
)

// A drawer has the memory to draw a batch of modes.
type drawer struct {
	normals      normals
	at           []int // a row of modes, by its numbers along all axes but the last
	coords       []uint64
	deviations   []float64
	coefficients []float32
	line         []float32 // of one field
	between      []float32
	result       []float32
	tile         []float32
}

// newDrawers cuts the memory.
func (d *drawing) newDrawers(p *plan, l layout) *freeList[*drawer] {
	memory := d.memory
	cut := func(n int) []float32 {
		part := memory[:n:n]
		memory = memory[n:]
		return part
	}
	batch := p.behind(l.batch)
	return &freeList[*drawer]{make: func() *drawer {
		w := newDrawer(len(p.modes) - 1)
		w.coefficients, w.line = cut(batch.coefficients()), cut(p.modes[len(p.modes)-1])
		w.between, w.result, w.tile = cut(batch.buffer()), cut(l.batch*l.inner), cut(l.batch*l.width)
		return w
	}}
}

// newDrawer returns one for rows that are given by that many numbers.
func newDrawer(axes int) *drawer {
	w := &drawer{at: make([]int, axes), coords: make([]uint64, 0, 4)}
	w.normals.normal = rand.New(&w.normals.stream)
	return w
}

// set moves the random numbers to the row w.at of modes of the field of scale j, and returns its deviations.
func (d *drawing) set(w *drawer, j int) (factor float64, deviations []float64) {
	f := d.fields[j]
	w.coords = append(w.coords[:0], uint64(d.number), uint64(j))
	for _, m := range w.at {
		w.coords = append(w.coords, uint64(m))
	}
	w.normals.stream.Set(d.spec.Seed, rng.Field, w.coords...)
	if f.stored {
		if need := f.periods[len(w.at)]/2 + 1; len(w.deviations) < need {
			w.deviations = make([]float64, need)
		}
	}
	return f.rowOutside(w.at, w.deviations, &d.outside)
}

// power returns the sum of the squares of the coefficients of the field of scale j, without the constant mode.
func (d *drawing) power(j int) float64 {
	f := d.fields[j]
	last := len(f.modes) - 1
	rows, modes := dims.Count(f.modes[:last]), f.modes[last]
	memory := d.memory
	drawers := &freeList[*drawer]{make: func() *drawer {
		w := newDrawer(last)
		w.line, memory = memory[:modes], memory[modes:]
		return w
	}}
	d.inRows(rows, func(first, end int) {
		w := drawers.take()
		defer drawers.give(w)
		for row := first; row < end; row++ {
			dims.SetIndex(w.at, row, f.modes[:last])
			factor, deviations := d.set(w, j)
			d.squares[row] = w.normals.row(w.line[:modes], factor, deviations, row == 0)
		}
		d.work.add(float64(end-first) * float64(modes) * drawTime)
	})
	sum := 0.0
	for _, v := range d.squares[:rows] {
		sum += v
	}
	return sum
}

// addRow adds the row w.at of modes of the field of scale j, times a factor, to a row of a plan's coefficients.
func (d *drawing) addRow(row []float32, p *plan, j int, factor float64, w *drawer) {
	f, constant := d.fields[j], true
	for i, m := range w.at {
		if m >= f.modes[i] { // the plan has room for more
			return
		}
		constant = constant && m == 0
	}
	last := len(w.at)
	modes, index := f.modes[last], p.index[last]
	times, deviations := d.set(w, j)
	line := w.line[:modes]
	w.normals.row(line, times, deviations, constant)
	if constant && !d.spec.Raw && !d.spec.byValue() {
		line[0] = 0
	}
	for m, v := range line {
		row[index[m]] += float32(float64(v) * factor)
	}
}
