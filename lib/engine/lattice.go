package engine

import (
	"backdrop/lib/net"
	"backdrop/lib/region"
)

// shape is what a region's receptive fields depend on: its pixels, and the runs of them along each axis.
type shape struct {
	area int
	runs size
}

func shapeOf(g *region.Region) shape {
	s := shape{area: g.Area()}
	s.runs = size{s.area, s.area, g.Spans()}
	for line := range g.D * g.H {
		if line >= g.H {
			s.runs[0] -= overlap(g.Line(line-g.H), g.Line(line))
		}
		if line%g.H > 0 {
			s.runs[1] -= overlap(g.Line(line-1), g.Line(line))
		}
	}
	return s
}

// fullShape bounds those of regions of a size.
func fullShape(n size) shape {
	s := shape{area: net.Size(n).Product()}
	for axis := range n {
		s.runs[axis] = s.area / n[axis] * ((n[axis] + 1) / 2)
	}
	return s
}

// overlap is the number of columns that are in both lines.
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

// lattice is where the pixels of a node's output come from in that of an earlier node: pixel p, along an axis, from the
// positions step·p + lo to step·p + hi, without hi; or, if full, from anywhere.
type lattice struct {
	lo, hi, step size
	holes        bool // perhaps not all positions of a line between two are seen
	full         bool
}

// itself is the lattice of the node itself.
var itself = lattice{hi: size{1, 1, 1}, step: size{1, 1, 1}}

// before returns the lattice of an input of node n, if l is that of its output.
func (l lattice) before(n *node) lattice {
	if !n.local() {
		return lattice{full: true}
	}
	if l.full {
		l.holes = l.holes || n.dilation[2] > 1
		return l
	}
	for axis := range l.lo {
		l.lo[axis] = l.lo[axis]*n.stride[axis] - n.pad[axis]
		l.hi[axis] = (l.hi[axis]-1)*n.stride[axis] - n.pad[axis] + n.span(axis)
		l.step[axis] *= n.stride[axis]
	}
	l.holes = l.holes || n.dilation[2] > 1
	return l
}

// with returns a lattice that holds all of two.
func (l lattice) with(o lattice) lattice {
	if l.step != o.step || l.full || o.full {
		return lattice{full: true, holes: l.holes || o.holes}
	}
	for axis := range l.lo {
		l.lo[axis], l.hi[axis] = min(l.lo[axis], o.lo[axis]), max(l.hi[axis], o.hi[axis])
	}
	l.holes = l.holes || o.holes
	return l
}

// cover bounds the pixels that a region of some shape sees through a lattice. Each of its pixels sees a box. Where boxes
// overlap along an axis, all that one is wider than the step lies in the next one, but at the ends of runs; so what is wider
// along several axes counts for pixels where runs along all of these end. Where boxes do not overlap, a line also holds
// the pixels between them.
func (s shape) cover(l lattice) float64 {
	var base, more [3]float64
	wider := false
	for axis := range base {
		field, step := float64(l.hi[axis]-l.lo[axis]), float64(l.step[axis])
		base[axis], more[axis] = min(field, step), max(field-step, 0)
		wider = wider || more[axis] > 0
	}
	if field, step := float64(l.hi[2]-l.lo[2]), float64(l.step[2]); field < step {
		base[2] = step
		if !wider {
			more[2] = field - step
		}
	}
	total := 0.0
	for subset := range 8 {
		count, volume := float64(s.area), 1.0
		for axis := range base {
			if subset>>axis&1 == 0 {
				volume *= base[axis]
				continue
			}
			volume *= more[axis]
			count = min(count, float64(s.runs[axis]))
		}
		total += count * volume
	}
	return total
}

// spans bounds the spans of these pixels, in tensors of that size.
func (s shape) spans(l lattice, n size) int {
	most := mostSpans(n)
	switch {
	case l.holes:
		return most
	case l.full:
		return lines(n)
	}
	return int(min(float64(most), float64(s.runs[2])*float64(l.hi[0]-l.lo[0])*float64(l.hi[1]-l.lo[1])))
}

// mostSpans is the number of spans that a region of a size can have.
func mostSpans(n size) int { return n[0] * n[1] * ((n[2] + 1) / 2) }

// lines is the number of lines of a size.
func lines(n size) int { return n[0] * n[1] }

// spread makes the regions of e bound those of the nodes before t if the gradient with respect to the output of node t survives
// in a region of that shape, and adds what is then kept of these nodes to all, unless that is nil.
func (r *Runner) spread(e *Extent, all *amounts, t int, s shape) {
	from := make([]lattice, t+1)
	from[t] = itself
	for u := t - 1; u >= 0; u-- {
		n := &r.nodes[u]
		from[u] = r.seenFrom(u, from)
		seen := net.Size(n.padded()).Product()
		if l := from[u]; !l.full {
			seen = int(min(float64(seen), s.cover(l)))
		}
		spans := s.spans(from[u], n.padded())
		e.seen[u], e.grad[u] = max(e.seen[u], len(n.readers)*spans), max(e.grad[u], spans)
		if all != nil {
			all.kept[u] += r.part(u, seen, seen)
			all.area[u] += float64(min(seen, n.out.Size().Product()))
		}
	}
}

// seenFrom returns the lattice of node u by those of its readers.
func (p *program) seenFrom(u int, from []lattice) (l lattice) {
	first := true
	for _, reader := range p.nodes[u].readers {
		if reader.node >= len(from) {
			continue
		}
		m := from[reader.node].before(&p.nodes[reader.node])
		if !first {
			m = m.with(l)
		}
		l, first = m, false
	}
	return l
}
