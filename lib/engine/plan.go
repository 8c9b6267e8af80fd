package engine

import (
	"backdrop/lib/mask"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
	"backdrop/lib/region"
)

// sample is what a step keeps of one sample of the batch.
type sample struct {
	*survivors
	source pixels.Source
	out    []float32  // the network's output, C,H,W
	plane  []float32  // output of the last early node, whole: a worker's, or of the bands of a sample
	own    *survivors // that masks on the sample axis make
	active bool       // some of its gradient survives
	kept   []kept

	winners []kept // of pools: who has the maxima of the windows whose gradient survives, as kernel.Winners has it
}

// survivors is how far the gradient of a sample gets. Samples share it where the masks are the same for all of a batch.
type survivors struct {
	// For every node: where the gradient with respect to its output can be other than zero; for each of its inputs, the
	// pixels of the padded tensor that these are computed from, and, if others read it too, where this gradient reaches it.
	grad        []region.Region
	field, into [][]region.Region
	union       []region.Region // what is kept for several readers
	layout      []layout
	winners     []layout // of pools, the surviving pixels
	size        int      // of what is kept, in elements
	spare       [2]region.Region
}

func newSurvivors(p *program) *survivors {
	n := p.body
	s := &survivors{
		grad: make([]region.Region, n), field: make([][]region.Region, n), into: make([][]region.Region, n),
		union: make([]region.Region, n), layout: make([]layout, n), winners: make([]layout, n),
	}
	for t := range n {
		inputs := len(p.nodes[t].inputs)
		s.field[t], s.into[t] = make([]region.Region, inputs), make([]region.Region, inputs)
	}
	return s
}

func (r *Runner) newSample() *sample {
	return &sample{out: make([]float32, r.nodes[len(r.nodes)-1].out.Len()), kept: make([]kept, r.body), winners: make([]kept, r.body)}
}

// Prepare plans a training step of that many samples with these masks, and returns the bytes that it is going to keep for
// the backward pass. Forward does so itself if it was not done before.
func (r *Runner) Prepare(masks net.Masks, samples int) int64 {
	for len(r.batch) < samples {
		r.batch = append(r.batch, r.newSample())
	}
	masks = r.arranged.set(masks, len(r.shapes), r.net.Input.Dimensions())
	r.masks, r.count, r.prepared = masks, samples, true
	if r.head != nil {
		r.head.plan(masks, samples)
	}
	if r.alike(masks) {
		if r.survivors == nil {
			r.survivors = newSurvivors(r.program)
		}
		r.plan(r.survivors, masks, 0, 0)
		r.survivors.lay(r.program)
		for _, s := range r.batch[:samples] {
			s.survivors = r.survivors
		}
	} else {
		r.crew.do(samples, r.jobs.plan)
	}
	total := 0
	for _, s := range r.batch[:samples] {
		s.active = !s.grad[r.body-1].Empty()
		total += s.size
	}
	r.keeps = total
	return 4 * int64(total)
}

// alike reports whether a gradient gets as far in all samples of a batch.
func (p *program) alike(masks net.Masks) bool {
	for t := range p.nodes {
		for _, q := range p.nodes[t].points {
			if m := q.blocking(masks); m != nil && m.Axes&mask.N != 0 {
				return false
			}
		}
	}
	return true
}

// planSample plans a sample whose masks are its own.
func (r *Runner) planSample(_, n int) {
	s := r.batch[n]
	if s.own == nil {
		s.own = newSurvivors(r.program)
	}
	s.survivors = s.own
	r.plan(s.survivors, r.masks, n, 0)
	s.lay(r.program)
}

// plan finds out, from the masks alone, where the gradient of sample number survives and what it is computed from, from
// the end of the body down to the output of node bottom.
func (r *Runner) plan(s *survivors, masks net.Masks, number, bottom int) {
	last := r.body - 1
	for t := last; t >= bottom; t-- {
		n, grad := &r.nodes[t], &s.grad[t]
		switch {
		case t < last:
			s.unite(n, grad)
		case r.head != nil && r.head.position[last][number] < 0:
			grad.SetEmpty(n.out.Size())
		default:
			grad.SetFull(n.out.Size())
		}
		for _, p := range n.points {
			if m := p.blocking(masks); m != nil {
				s.spare[0].SetMasked(grad, m, number)
				*grad, s.spare[0] = s.spare[0], *grad
			}
		}
		for i, u := range n.inputs {
			if u >= bottom {
				n.op.field(n, i, &s.field[t][i], grad, r.nodes[u].padded())
			}
		}
		if !n.shared() {
			continue
		}
		for _, e := range n.readers {
			s.spare[0].SetCrop(&s.field[e.node][e.input], n.border)
			s.into[e.node][e.input].SetIntersection(grad, &s.spare[0])
		}
	}
}

// unite makes grad the pixels of the output of node n that its readers' gradients reach, before its masks.
func (s *survivors) unite(n *node, grad *region.Region) {
	for i, e := range n.readers {
		field := &s.field[e.node][e.input]
		if i == 0 {
			grad.SetCrop(field, n.border)
			continue
		}
		s.spare[0].SetCrop(field, n.border)
		s.spare[1].SetUnion(grad, &s.spare[0])
		*grad, s.spare[1] = s.spare[1], *grad
	}
}

// into returns the surviving pixels of the gradient with respect to an input of node t that the gradient with respect
// to its output reaches.
func (p *program) into(s *survivors, t, input int) *region.Region {
	if u := p.nodes[t].inputs[input]; !p.nodes[u].shared() {
		return &s.grad[u]
	}
	return &s.into[t][input]
}
