package engine

import (
	"math"
	"slices"
	"sync"

	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// Extent bounds what steps keep for the backward pass, and where.
type Extent struct {
	kept float64   // elements of all samples of a step
	of   []float64 // of the output of each node
	area []float64 // pixels of the output of each node whose gradient survives, of all samples
	grad []int     // spans of the region of each node's gradient, of a sample
	seen []int     // spans of the regions of each node's padded output that its readers see, of all readers
	rows []int     // samples of each node of the head

	recompute      int       // how many of the first nodes' outputs are computed again
	mostRecomputed int       // how many can be
	layers         []int     // the last layer of each node
	more           []float64 // multiply-adds that it takes to compute that many of them again, as a part of all of a step's
}

func (r *Runner) newExtent() *Extent {
	return &Extent{
		of: make([]float64, r.body), area: make([]float64, r.body),
		grad: make([]int, r.body), seen: make([]int, r.body), rows: make([]int, len(r.nodes)),
	}
}

// Kept is how many bytes a step keeps at most.
func (e *Extent) Kept() int64 {
	kept := sizes(4 * e.keeps(e.recompute))
	return kept.total()
}

// keeps is the number of elements that are kept if so many of the first nodes' outputs are not.
func (e *Extent) keeps(recompute int) (kept float64) {
	if recompute == 0 {
		return e.kept
	}
	for _, v := range e.of[min(recompute+1, len(e.of)):] {
		kept += v
	}
	return min(kept, e.kept)
}

// Scaled is what steps of another number of samples keep, of a network whose masks are the same for all samples.
func (e *Extent) Scaled(from, to int) *Extent {
	out := *e
	times := float64(to) / float64(from)
	out.kept *= times
	out.of, out.area = slices.Clone(e.of), slices.Clone(e.area)
	for t := range out.of {
		out.of[t] *= times
		out.area[t] *= times
	}
	out.rows = slices.Clone(e.rows)
	for t, n := range out.rows {
		out.rows[t] = n / from * to
	}
	return &out
}

// join makes e bound what o bounds as well.
func (e *Extent) join(o *Extent) {
	e.kept = max(e.kept, o.kept)
	for _, lists := range [][2][]float64{{e.of, o.of}, {e.area, o.area}} {
		for i, v := range lists[1] {
			lists[0][i] = max(lists[0][i], v)
		}
	}
	for _, lists := range [][2][]int{{e.grad, o.grad}, {e.seen, o.seen}, {e.rows, o.rows}} {
		for i, v := range lists[1] {
			lists[0][i] = max(lists[0][i], v)
		}
	}
}

// everything is the extent of steps whose masks may let through all there is.
func (r *Runner) everything(batch int) *Extent {
	e := r.newExtent()
	exact := r.exact
	from := make([]lattice, r.body)
	from[r.body-1] = lattice{full: true}
	for t := r.body - 1; t >= 0; t-- {
		n := &r.nodes[t]
		if t < r.body-1 {
			from[t] = r.seenFrom(t, from)
		}
		pixels := n.out.Size().Product()
		e.of[t] = float64(batch) * r.part(t, net.Size(n.padded()).Product(), pixels)
		e.area[t] = float64(batch) * float64(pixels)
		e.kept += e.of[t]
		e.grad[t] = shape{}.spans(from[t], size(n.out.Size()))
		e.seen[t] = len(n.readers) * shape{}.spans(from[t], n.padded())
	}
	if r.masked(0) {
		for t := exact; t < r.body; t++ {
			n := &r.nodes[t]
			e.grad[t] = mostSpans(size(n.out.Size()))
			e.seen[t] = len(n.readers) * mostSpans(n.padded())
		}
		r.spread(e, nil, exact, fullShape(size(r.nodes[exact].out.Size())))
	}
	for t := r.body - 1; t < len(r.nodes); t++ {
		e.rows[t] = batch
	}
	return e
}

// part is the number of elements that are kept of the output of node t, and of who has its maxima, if the windows behind it see that many pixels of
// it and its own gradient survives in that many.
func (p *program) part(t, seen, survive int) (kept float64) {
	n := &p.nodes[t]
	own := float64(padded(min(survive, n.out.Size().Product()) * n.ch))
	if n.isMaxPool() {
		kept = own
	}
	switch {
	case len(n.keepsWindows) > 0:
		kept += float64(padded(min(seen, net.Size(n.padded()).Product()) * n.ch))
	case n.keepsOwn:
		kept += own
	}
	return kept
}

// Bounds of the work of finding the largest step: cells of masks and pixels that they are looked up for, which take some
// nanoseconds each, and steps.
const (
	plannedCells = 1 << 26
	plannedSteps = 1 << 15
)

// perStep is the number of cells that are drawn for a step, or of pixels that they are looked up for if these are more.
func (r *Runner) perStep(batch int) (cells float64) {
	for _, i := range r.net.Backdrops() {
		l := r.net.Layers[i]
		if l.P == 0 {
			continue
		}
		pixels := 0.0
		if l.Axes&mask.W != 0 {
			pixels = float64(r.shapes[i].Size().Product())
		}
		if l.Axes&mask.N != 0 {
			pixels *= float64(batch)
		}
		cells += max(float64(l.Cells(r.shapes[i], batch)), pixels)
	}
	return cells
}

// planned is the number of steps whose masks are looked at.
func (r *Runner) planned(s Steps) int {
	return min(s.Count, plannedSteps, max(1, int(plannedCells/r.perStep(s.Batch))))
}

// largest is the extent of the first steps, that many of them.
func (r *Runner) largest(of Steps, steps int) *Extent {
	workers := min(r.crew.workers, steps)
	all := make([]*Extent, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			own := &Runner{program: r.program}
			if r.head != nil {
				own.head = newHead(own, 0)
			}
			all[w] = own.newExtent()
			s, masks, arranged := newSurvivors(r.program), net.Masks{}, arrangedMasks{}
			for step := w; step < steps; step += workers {
				masks.DrawBackdrops(r.net, r.shapes, of.Seed, of.First+uint64(step), of.Batch)
				own.extend(all[w], s, arranged.set(masks, len(r.shapes), r.net.Input.Dimensions()), of.Batch)
			}
		})
	}
	wg.Wait()
	for _, e := range all[1:] {
		all[0].join(e)
	}
	return all[0]
}

// expected is the extent of the regions that largest looks at, of a sample whose masks let through as much as they do on average,
// and a quarter more.
func (r *Runner) expected() *Extent {
	e := r.newExtent()
	spans := make([]float64, r.body) // in a line of the gradient
	windows := func(t int, on size) float64 {
		n := &r.nodes[t]
		several := float64(ceilDiv(n.span(0), n.stride[0]) * ceilDiv(n.span(1), n.stride[1])) // lines that a line sees
		return min(spans[t]*several, float64(on[2]+1)/2)
	}
	for t := r.body - 1; t >= r.exact; t-- {
		n := &r.nodes[t]
		line, seen, on := 0.0, 0.0, n.padded()
		if t == r.body-1 {
			line = 1
		}
		for _, reader := range n.readers {
			if reader.node < r.body {
				line += windows(reader.node, n.out.Size())
				seen += windows(reader.node, on)
			}
		}
		for _, p := range n.points {
			if l := r.net.Layers[p.layer]; p.blocksPixels() && l.P > 0 {
				line = max(line, float64(1.25*(1-l.P)*float64(n.out.W))+4)
			}
		}
		line = min(line, float64(n.out.W+1)/2)
		spans[t] = line
		e.grad[t] = int(math.Ceil(line * float64(lines(size(n.out.Size())))))
		e.seen[t] = int(math.Ceil(seen * float64(lines(on))))
	}
	return e
}

// extend makes e bound a step with these masks.
func (r *Runner) extend(e *Extent, s *survivors, masks net.Masks, batch int) {
	if r.head != nil {
		r.head.plan(masks, batch)
		for t := r.body - 1; t < len(r.nodes); t++ {
			e.rows[t] = max(e.rows[t], len(r.head.rows[t]))
		}
	}
	all := amounts{make([]float64, r.body), make([]float64, r.body)}
	if r.alike(masks) {
		r.extendSample(e, &all, s, masks, 0)
		for t := range all.kept {
			all.kept[t] *= float64(batch)
			all.area[t] *= float64(batch)
		}
	} else {
		for n := range batch {
			r.extendSample(e, &all, s, masks, n)
		}
	}
	kept := 0.0
	for t, v := range all.kept {
		kept += v
		e.of[t], e.area[t] = max(e.of[t], v), max(e.area[t], all.area[t])
	}
	e.kept = max(e.kept, kept)
}

// amounts are, for each node, the elements that are kept of its output, and the pixels whose gradient survives.
type amounts struct{ kept, area []float64 }

// extendSample makes the regions of e bound those of a sample, and adds what is kept of it.
func (r *Runner) extendSample(e *Extent, all *amounts, s *survivors, masks net.Masks, number int) {
	exact := r.exact
	r.plan(s, masks, number, exact)
	for t := exact; t < r.body; t++ {
		n, spans, seen := &r.nodes[t], 0, 0
		for _, reader := range n.readers {
			if reader.node < r.body {
				spans += s.field[reader.node][reader.input].Spans()
			}
		}
		if len(n.keepsWindows) > 0 {
			seen = s.windows(t, n.keepsWindows).Area()
		}
		all.kept[t] += r.part(t, seen, s.grad[t].Area())
		all.area[t] += float64(s.grad[t].Area())
		e.seen[t], e.grad[t] = max(e.seen[t], spans), max(e.grad[t], s.grad[t].Spans())
	}
	if !s.grad[exact].Empty() {
		r.spread(e, all, exact, shapeOf(&s.grad[exact]))
	}
}

// maskBytes counts the masks of a step.
func (r *Runner) maskBytes(batch int) int64 {
	var s sizes
	for i, l := range r.net.Layers {
		if l.P > 0 {
			s.add(1, l.Cells(r.shapes[i], batch))
		}
	}
	return s.total()
}

// survivorsBytes counts the regions of all samples whose gradients differ. Lists that grow come to have a quarter more room.
func (r *Runner) survivorsBytes(e *Extent, batch int) int64 {
	if !r.net.MasksPerSample() {
		batch = 1
	}
	var s sizes
	for t := range r.body {
		const headers = 400
		n := &r.nodes[t]
		s.add(5, batch, lines(size(n.out.Size()))+len(n.readers)*lines(n.padded()))
		s.add(10, batch, e.grad[t]+e.seen[t]+max(e.grad[t], e.seen[t]))
		s.add(headers, batch)
		if n.shared() { // where its readers' gradients reach it, and the windows of all
			s.add(5, batch, (1+len(n.readers))*lines(n.padded()))
			s.add(10, batch, len(n.readers)*e.grad[t]+2*e.seen[t])
			s.add(headers, batch, len(n.readers))
		}
	}
	return s.total()
}
