package nn

import (
	"slices"
	"sync"

	"backdrop/lib/mask"
	"backdrop/lib/region"
)

// Extent bounds what steps keep for the backward pass, and where.
type Extent struct {
	kept        float64 // elements of all samples of a step
	grad, field []int   // spans of the regions of each stage, of a sample
	rows        []int   // samples of each stage of the head
}

func (r *Runner) newExtent() *Extent {
	return &Extent{grad: make([]int, r.body), field: make([]int, r.body), rows: make([]int, len(r.stages))}
}

// Kept is how many bytes a step keeps at most.
func (e *Extent) Kept() int64 {
	kept := sizes(4 * e.kept)
	return kept.total()
}

// Scaled is what steps of another number of samples keep, of a network whose masks are the same for all samples.
func (e *Extent) Scaled(from, to int) *Extent {
	out := *e
	out.kept *= float64(to) / float64(from)
	out.rows = slices.Clone(e.rows)
	for t, n := range out.rows {
		out.rows[t] = n / from * to
	}
	return &out
}

// join makes e bound what o does, too.
func (e *Extent) join(o *Extent) {
	e.kept = max(e.kept, o.kept)
	for _, lists := range [][2][]int{{e.grad, o.grad}, {e.field, o.field}, {e.rows, o.rows}} {
		for i, v := range lists[1] {
			lists[0][i] = max(lists[0][i], v)
		}
	}
}

// everything is the extent of steps whose masks may let through all there is.
func (r *Runner) everything(batch int) *Extent {
	e := r.newExtent()
	exact := r.exact()
	for t := range r.body {
		s := &r.stages[t]
		e.kept += float64(batch) * r.part(t, s.rows()*s.cols(), s.out.H*s.out.W)
		e.grad[t] = s.out.H
		if t > 0 {
			e.field[t] = r.stages[t-1].rows()
		}
	}
	if r.masked(0) {
		for t := exact; t < r.body; t++ {
			e.grad[t] = mostSpans(r.stages[t].out.H, r.stages[t].out.W)
			if t > exact {
				e.field[t] = mostSpans(r.stages[t-1].rows(), r.stages[t-1].cols())
			}
		}
		out := &r.stages[exact].out
		r.spread(e, exact, shape{area: out.H * out.W, across: e.grad[exact], down: mostSpans(out.W, out.H)})
	}
	for t := r.body - 1; t < len(r.stages); t++ {
		e.rows[t] = batch
	}
	return e
}

// mostSpans is the number of spans that rows can have.
func mostSpans(rows, cols int) int { return rows * ((cols + 1) / 2) }

// exact is the first stage where it must be looked up which pixels the gradient survives in: before it there are no masks.
func (r *Runner) exact() int { return max(r.lowestMask(0), 1) - 1 }

// part is the number of elements that are kept of the output of stage t, if the windows behind it see so many pixels of it
// and its own gradient survives in so many.
func (r *Runner) part(t, seen, survive int) float64 {
	s := &r.stages[t]
	switch r.keeper(t) {
	case windows:
		return float64(padded(min(seen, s.rows()*s.cols()) * s.ch))
	case outputs:
		return float64(padded(min(survive, s.out.H*s.out.W) * s.ch))
	}
	return 0
}

// shape is what a region's receptive fields depend on.
type shape struct{ area, across, down int } // pixels; runs of them along rows and along columns

func shapeOf(g *region.Region) shape {
	s := shape{area: g.Area(), across: g.Spans()}
	s.down = s.area
	for y := 1; y < g.H; y++ {
		s.down -= overlap(g.Row(y-1), g.Row(y))
	}
	return s
}

// overlap is the number of columns that are in both rows.
func overlap(a, b []region.Span) (n int) {
	for len(a) > 0 && len(b) > 0 {
		n += int(max(0, min(a[0].Hi, b[0].Hi)-max(a[0].Lo, b[0].Lo)))
		if a[0].Hi < b[0].Hi {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return n
}

// cover bounds the pixels of the receptive fields of a region, squares of field pixels a side, each step pixels from the
// next. Where these overlap, all that a square is wider than the step lies in the next one, but at the ends of runs. Where
// they do not, a row also holds the pixels between them.
func (s shape) cover(field, step int) float64 {
	f, d := float64(field), float64(step)
	if field <= step {
		return (float64(s.area-s.across)*d + float64(s.across)*f) * f
	}
	return float64(s.area)*d*d + float64(s.across+s.down)*(f-d)*d + float64(min(s.across, s.down))*(f-d)*(f-d)
}

// spread adds to e what is kept of the stages before t if the gradient by the output of stage t survives in a region of that
// shape, and returns the number of elements.
func (r *Runner) spread(e *Extent, t int, s shape) (kept float64) {
	field, step, full := 1, 1, false
	for ; t > 0; t-- {
		st, below := &r.stages[t], &r.stages[t-1]
		full = full || !st.spatial()
		seen, spans := below.rows()*below.cols(), below.rows()
		if !full {
			field, step = (field-1)*st.stride+st.kernel, step*st.stride
			seen = int(min(float64(seen), s.cover(field, step)))
			spans = int(min(float64(mostSpans(below.rows(), below.cols())), float64(s.across)*float64(field)))
		}
		e.field[t], e.grad[t-1] = max(e.field[t], spans), max(e.grad[t-1], spans)
		kept += r.part(t-1, seen, seen)
	}
	return kept
}

// Bounds of the work of finding the largest step: cells of masks, which take some nanoseconds each, and steps.
const (
	plannedCells = 1 << 26
	plannedSteps = 1 << 15
)

// perStep is the number of cells that are drawn for a step.
func (r *Runner) perStep(batch int) (cells float64) {
	for i, l := range r.net.Layers {
		if l.Op == "backdrop" && l.P > 0 {
			cells += float64(l.Axes.Cells([4]int{batch, r.shapes[i].C, r.shapes[i].H, r.shapes[i].W}))
		}
	}
	return cells
}

// planned is the number of steps whose masks are looked at.
func (r *Runner) planned(s Steps) int {
	return min(s.Count, plannedSteps, max(1, int(plannedCells/r.perStep(s.Batch))))
}

// largest is the extent of the first so many steps.
func (r *Runner) largest(s Steps, steps int) *Extent {
	workers := min(r.crew.workers, steps)
	all := make([]*Extent, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			own := &Runner{net: r.net, shapes: r.shapes, stages: r.stages, body: r.body}
			if r.head != nil {
				own.head = newHead(own, 0)
			}
			all[w] = own.newExtent()
			p, masks := newReach(r.body), Masks{}
			for step := w; step < steps; step += workers {
				masks.drawBackdrops(r.net.Layers, r.shapes, s.Seed, s.First+uint64(step), s.Batch)
				own.extend(all[w], p, masks, s.Batch)
			}
		})
	}
	wg.Wait()
	for _, e := range all[1:] {
		all[0].join(e)
	}
	return all[0]
}

// extend makes e bound a step with these masks.
func (r *Runner) extend(e *Extent, p *reach, masks Masks, batch int) {
	if r.head != nil {
		r.head.plan(masks, batch)
		for t := r.body - 1; t < len(r.stages); t++ {
			e.rows[t] = max(e.rows[t], len(r.head.rows[t]))
		}
	}
	kept := 0.0
	if r.alike(masks) {
		kept = float64(batch) * r.extendSample(e, p, masks, 0)
	} else {
		for n := range batch {
			kept += r.extendSample(e, p, masks, n)
		}
	}
	e.kept = max(e.kept, kept)
}

// extendSample makes the regions of e bound those of a sample, and returns the number of elements that are kept of it.
func (r *Runner) extendSample(e *Extent, p *reach, masks Masks, n int) (kept float64) {
	exact := r.exact()
	r.plan(p, masks, n, exact+1)
	for t := exact; t < r.body; t++ {
		seen := 0
		if t+1 < r.body {
			seen = p.field[t+1].Area()
			e.field[t+1] = max(e.field[t+1], p.field[t+1].Spans())
		}
		kept += r.part(t, seen, p.grad[t].Area())
		e.grad[t] = max(e.grad[t], p.grad[t].Spans())
	}
	if p.grad[exact].Empty() {
		return kept
	}
	return kept + r.spread(e, exact, shapeOf(&p.grad[exact]))
}

// maskBytes counts the masks of a step.
func (r *Runner) maskBytes(batch int) int64 {
	var s sizes
	for i, l := range r.net.Layers {
		switch {
		case l.P == 0:
		case l.Op == "backdrop":
			s.add(1, l.Axes.Cells([4]int{batch, r.shapes[i].C, r.shapes[i].H, r.shapes[i].W}))
		case l.Op == "dropout":
			s.add(1, batch, r.shapes[i].Len())
		}
	}
	return s.total()
}

// reachBytes counts the regions of all samples whose gradients differ. Lists that grow come to have a quarter more room.
func (r *Runner) reachBytes(e *Extent, batch int) int64 {
	if !slices.ContainsFunc(r.net.Layers, func(l Layer) bool { return l.Op == "backdrop" && l.P > 0 && l.Axes&mask.N != 0 }) {
		batch = 1
	}
	var s sizes
	for t := range r.body {
		const headers = 400
		st := &r.stages[t]
		s.add(5, batch, st.out.H+st.rows())
		s.add(10, batch, e.grad[t]+e.field[t]+max(e.grad[t], e.field[t]))
		s.add(headers, batch)
	}
	return s.total()
}
