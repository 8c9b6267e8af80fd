package gp

import (
	"math"
	"runtime"

	"backdrop/lib/dims"
	"backdrop/lib/machine"
	"backdrop/lib/parallel"
)

// drawing is a sample that is drawn by way of a Store.
type drawing struct {
	*Sampler
	number int
	fields []*field // one for each scale
	plans  []*plan
	at     []int64 // where they lie in the Store, if they are added up as values; else all of them at the first
	work   *work
}

// DrawRows draws sample i as Draw does, to the same bits, but hands the values to emit in order, some rows at a time, and
// does not hold more of them; emit must not keep its argument. The Sampler is one of NewLargeSampler. One sample is drawn at
// a time. Errors are those of the Store and of emit.
func (s *Sampler) DrawRows(i int, emit func(values []float32) error) error {
	if i < 0 {
		panic("gp: negative sample number")
	}
	d := s.newDrawing(i)
	if s.spec.byValue() {
		return d.byValue(emit)
	}
	factors := make([]float64, len(d.fields))
	for j := range d.fields {
		if factors[j] = s.spec.Power[j]; !s.spec.Raw {
			factors[j] /= math.Sqrt(d.power(j))
		}
	}
	p := d.plans[0] // on a torus all are the same
	l := d.layout(p)
	d.expand(p, l, d.at[0], func(row []float32, w *drawer) {
		for j := range d.fields {
			d.addRow(row, p, j, factors[j], w)
		}
	})
	return d.emit([]layout{l}, func(_ int, values [][]float32) []float32 { return values[0] }, emit)
}

// newDrawing finds out what sample i is made of.
func (s *Sampler) newDrawing(i int) *drawing {
	d := &drawing{Sampler: s, number: i}
	d.fields, d.plans = s.chosen(i)
	at := s.tables
	for _, p := range d.plans {
		d.at = append(d.at, at)
		at += 4 * int64(s.layout(p).size())
	}
	if values, squares := s.largeSizes(); len(s.memory) < values || len(s.squares) < squares {
		s.memory, s.squares = make([]float32, values), make([]float64, squares)
		machine.HugePages(s.memory)
	}
	d.work = s.newWork(d.fields, d.plans)
	return d
}

// layout is that of a field of a plan.
func (s *Sampler) layout(p *plan) layout { return newLayout(p.shape, p.modes, s.Threads, s.room) }

// byValue is DrawRows for fields that are standardised and added up as values.
func (d *drawing) byValue(emit func(values []float32) error) error {
	var layouts []layout
	means, factors := make([]float64, len(d.fields)), make([]float64, len(d.fields))
	for j, p := range d.plans {
		l := d.layout(p)
		layouts = append(layouts, l)
		d.expand(p, l, d.at[j], func(row []float32, w *drawer) { d.addRow(row, p, j, 1, w) })
		if factors[j] = d.spec.Power[j]; d.spec.Raw {
			continue
		}
		rows := d.rows()
		sums, squares := d.squares[:rows], d.squares[rows:2*rows]
		err := d.read([]layout{l}, d.at[j:], func(first int, values [][]float32) error {
			d.addNoise(values[0], first, d.number, j)
			d.rowMoments(values[0], sums[first:], squares[first:])
			return nil
		})
		if err != nil {
			return err
		}
		var deviation float64
		means[j], deviation = momentsOf(sums, squares, dims.Count(d.spec.Shape))
		factors[j] /= deviation
	}
	return d.emit(layouts, func(first int, values [][]float32) []float32 {
		for j, v := range values {
			d.addNoise(v, first, d.number, j)
			d.addScaled(values[0], v, means[j], factors[j], j == 0)
		}
		return values[0]
	}, emit)
}

// expand draws coefficients, a row of modes at a time by fill, and leaves the values of a field at a place of the Store.
func (d *drawing) expand(p *plan, l layout, at int64, fill func(row []float32, w *drawer)) {
	d.release(p)
	d.batches(p, l, at, fill)
	d.release(p)
	d.panels(p, l, at)
	d.release(p) // or they were there while another field's are made
}

// release gives up the tables of a plan. The garbage collector does not see by itself how large they are.
func (d *drawing) release(p *plan) {
	for _, a := range p.axes {
		a.release()
	}
	runtime.GC()
}

// batches expands all axes but the first.
func (d *drawing) batches(p *plan, l layout, at int64, fill func(row []float32, w *drawer)) {
	mode := make([]int, l.modes) // the numbers of modes along the first axis, in the order of coefficients
	for m, place := range p.index[0] {
		mode[place] = m
	}
	drawers := d.newDrawers(p, l)
	parallel.Do(l.drawers, (l.modes+l.batch-1)/l.batch, func(piece int) {
		if d.failed() != nil {
			return
		}
		w := drawers.take()
		defer drawers.give(w)
		first := piece * l.batch
		rows := min(l.batch, l.modes-first)
		b := p.behind(rows)
		coefficients := w.coefficients[:b.coefficients()]
		clear(coefficients)
		d.fill(p, coefficients, mode[first:][:rows], w, fill)
		result := w.result[:rows*l.inner]
		b.expandCounting(result, coefficients, w.between, l.each, d.work)
		for i := range l.count() {
			begin, width := l.panel(i)
			tile := w.tile[:rows*width]
			for r := range rows {
				copy(tile[r*width:][:width], result[r*l.inner+i*l.width:])
			}
			write(&d.outside, tile, at+begin+4*int64(first)*int64(width))
		}
		d.work.add(drawTime * float64(len(coefficients)))
	})
}

// fill fills a batch of coefficients, of modes given along the first axis.
func (d *drawing) fill(p *plan, coefficients []float32, modes []int, w *drawer, fill func(row []float32, w *drawer)) {
	last := len(p.modes) - 1
	size := p.modes[last]
	for r, m := range modes {
		w.at[0] = m
		if last == 1 {
			fill(coefficients[r*size:][:size], w)
			continue
		}
		for m1, place := range p.index[1] {
			w.at[1] = m1
			fill(coefficients[(r*p.modes[1]+place)*size:][:size], w)
		}
	}
}

// panels expands the first axis, in place.
func (d *drawing) panels(p *plan, l layout, at int64) {
	memory := d.memory
	free := &freeList[[]float32]{make: func() []float32 {
		part := memory[:l.rows()*l.width]
		memory = memory[len(part):]
		return part
	}}
	time := p.axes[0].time()
	parallel.Do(l.panels, l.count(), func(i int) {
		if d.failed() != nil {
			return
		}
		x := free.take()
		defer free.give(x)
		begin, width := l.panel(i)
		read(&d.outside, x[:l.modes*width], at+begin)
		blocks := (width + denseColumns - 1) / denseColumns
		parallel.Do(max(1, d.Threads/l.panels), blocks, func(block int) {
			c := block * denseColumns
			end := min(c+denseColumns, width)
			p.axes[0].first(x[:l.points*width], x[:l.modes*width], width, c, end)
			d.work.add(float64(end-c) * time)
		})
		write(&d.outside, x[:l.points*width], at+begin)
	})
}

// read reads the fields at some places, a block of rows of each at a time, and hands them to take in order, with the number
// of the first row of values. While one block is taken, the next is read.
func (d *drawing) read(layouts []layout, at []int64, take func(first int, values [][]float32) error) error {
	block, points, inner, widest := layouts[0].block, layouts[0].points, layouts[0].inner, 0
	for _, l := range layouts {
		block, widest = min(block, l.block), max(widest, l.width)
	}
	memory := d.memory
	cut := func(n int) []float32 {
		part := memory[:n:n]
		memory = memory[n:]
		return part
	}
	var blocks [2][][]float32
	for b := range blocks {
		for range layouts {
			blocks[b] = append(blocks[b], cut(block*inner))
		}
	}
	tiles := &freeList[[]float32]{make: func() []float32 { return cut(block * widest) }}
	load := func(piece int) [][]float32 {
		rows := min(block, points-piece*block)
		var out [][]float32
		for j, l := range layouts {
			x := blocks[piece%2][j][:rows*inner]
			parallel.Do(d.Threads, l.count(), func(i int) {
				tile := tiles.take()
				defer tiles.give(tile)
				begin, width := l.panel(i)
				tile = tile[:rows*width]
				read(&d.outside, tile, at[j]+begin+4*int64(piece*block)*int64(width))
				for r := range rows {
					copy(x[r*inner+i*l.width:], tile[r*width:][:width])
				}
			})
			out = append(out, x)
		}
		return out
	}
	pieces := (points + block - 1) / block
	perRow := d.rows() / points
	next := make(chan [][]float32, 1)
	go func() { next <- load(0) }()
	for piece := range pieces {
		values := <-next
		if err := d.failed(); err != nil {
			return err
		}
		if piece+1 < pieces {
			go func() { next <- load(piece + 1) }()
		}
		if err := take(piece*block*perRow, values); err != nil {
			if piece+1 < pieces {
				<-next
			}
			return err
		}
		d.work.add(float64(len(values[0])) * float64(len(values)) * readTime)
	}
	return nil
}

// emit reads the fields, adds them up by sum, and hands the values to emit.
func (d *drawing) emit(layouts []layout, sum func(first int, values [][]float32) []float32, emit func(values []float32) error) error {
	if err := d.failed(); err != nil {
		return err
	}
	return d.read(layouts, d.at, func(first int, values [][]float32) error { return emit(sum(first, values)) })
}
