package engine

import "backdrop/lib/region"

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

// lattice is where the pixels of a node's output come from in that of an earlier node: pixel y from rows step·y + lo to
// step·y + hi, without hi, and columns likewise; or, if full, from anywhere.
type lattice struct {
	lo, hi, step int
	full         bool
}

// before returns the lattice of an input of node n, if l is that of its output.
func (l lattice) before(n *node) lattice {
	if !n.local() {
		return lattice{full: true}
	}
	return lattice{l.lo*n.stride - n.pad, (l.hi-1)*n.stride - n.pad + n.kernel, l.step * n.stride, l.full}
}

// with returns a lattice that holds all of two.
func (l lattice) with(o lattice) lattice {
	if l.step != o.step {
		return lattice{full: true}
	}
	return lattice{min(l.lo, o.lo), max(l.hi, o.hi), l.step, l.full || o.full}
}

// spread adds to e what is kept of the nodes before t if the gradient with respect to the output of node t survives in a
// region of that shape, and returns the number of elements.
func (r *Runner) spread(e *Extent, t int, s shape) (kept float64) {
	from := make([]lattice, t+1)
	from[t] = lattice{hi: 1, step: 1}
	for u := t - 1; u >= 0; u-- {
		n := &r.nodes[u]
		for i, reader := range n.readers {
			l := from[reader.node].before(&r.nodes[reader.node])
			if i > 0 {
				l = l.with(from[u])
			}
			from[u] = l
		}
		seen, spans := n.rows()*n.cols(), n.rows()
		if l := from[u]; !l.full {
			seen = int(min(float64(seen), s.cover(l.hi-l.lo, l.step)))
			spans = int(min(float64(mostSpans(n.rows(), n.cols())), float64(s.across)*float64(l.hi-l.lo)))
		}
		e.seen[u], e.grad[u] = max(e.seen[u], len(n.readers)*spans), max(e.grad[u], spans)
		kept += r.part(u, seen, seen)
	}
	return kept
}
