package engine

import (
	"slices"
	"sync"

	"backdrop/lib/net"
	"backdrop/lib/region"
)

// sample is what a step keeps of one sample of the batch.
type sample struct {
	x      []float32 // the caller's
	out    []float32 // the network's output, C,H,W
	plane  []float32 // output of the last early stage, whole
	active bool      // some of its gradient survives

	// For every node: where the gradient with respect to its output can be other than zero; for each of its inputs, the
	// pixels of the padded tensor that these are computed from, and, if others read it too, where this gradient reaches it.
	grad        []region.Region
	field, into [][]region.Region
	kept        []kept
	union       []region.Region // what is kept for several readers
	spare       [2]region.Region
}

// kept are the pixels of a padded tensor that the backward pass needs, span after span.
type kept struct {
	region *region.Region // nil: nothing
	inset  int            // rows and columns of the border that the region leaves out
	offset []int          // where each span begins
	data   []float32
}

// plan finds out, from the masks alone, where the gradient of a sample survives and what it is computed from.
func (r *Runner) plan(s *sample, masks net.Masks, number int) {
	last := r.body - 1
	for t := last; t >= 0; t-- {
		n, grad := &r.nodes[t], &s.grad[t]
		switch {
		case t < last:
			r.setReached(s, t)
		case r.head != nil && r.head.place[last][number] < 0:
			grad.SetEmpty(n.out.H, n.out.W)
		default:
			grad.SetFull(n.out.H, n.out.W)
		}
		for _, p := range n.points {
			if m := p.blocking(masks); m != nil {
				s.spare[0].SetMasked(grad, m, number)
				*grad, s.spare[0] = s.spare[0], *grad
			}
		}
		for i, u := range n.inputs {
			n.op.field(n, i, &s.field[t][i], grad, r.nodes[u].rows(), r.nodes[u].cols())
		}
		for _, e := range n.readers {
			if n.shared() {
				s.spare[0].SetCrop(&s.field[e.node][e.input], n.border)
				s.into[e.node][e.input].SetIntersection(grad, &s.spare[0])
			}
		}
	}
	s.active = !s.grad[last].Empty()
}

// setReached makes the gradient's region of node t what its readers reach, before its masks.
func (r *Runner) setReached(s *sample, t int) {
	n, grad := &r.nodes[t], &s.grad[t]
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

// into returns the surviving pixels of the gradient with respect to an input of node t that the gradient with respect to
// its output reaches.
func (r *Runner) into(s *sample, t, input int) *region.Region {
	if u := r.nodes[t].inputs[input]; !r.nodes[u].shared() {
		return &s.grad[u]
	}
	return &s.into[t][input]
}

// reserve makes room for what is kept of a sample.
func (r *Runner) reserve(s *sample) {
	for t := range r.body {
		k := &s.kept[t]
		k.data = r.room[t].take(k.set(r.keeps(s, t), r.nodes[t].ch))
		k.inset = 0
		if k.region == &s.grad[t] {
			k.inset = r.nodes[t].border
		}
	}
}

// release gives the room of all samples back.
func (r *Runner) release() {
	for _, s := range r.batch {
		for t := range s.kept {
			r.room[t].give(s.kept[t].data)
			s.kept[t].data = nil
		}
	}
}

// room is memory for what is kept of one node's output. Samples share it, so that what a mask on the sample axis costs
// follows the samples that it lets through, not those that it ever did.
type room struct {
	mu   sync.Mutex
	free [][]float32
}

// take returns a slice of length n, whose content is undefined.
func (r *room) take(n int) []float32 {
	if n == 0 {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	last := len(r.free) - 1
	for i := last; i >= 0; i-- {
		if v := r.free[i]; cap(v) >= n {
			r.free[i] = r.free[last]
			r.free = r.free[:last]
			return v[:n]
		}
	}
	if last >= 0 {
		r.free = r.free[:last] // it is too small, and a larger one takes its place
	}
	return make([]float32, n, n+n/8)
}

// give takes a slice back.
func (r *room) give(v []float32) {
	if cap(v) > 0 {
		r.free = append(r.free, v)
	}
}

// keeps returns the pixels of the padded output of node t that the backward pass needs; nil if none. What is not padded
// is the node's own region.
func (r *Runner) keeps(s *sample, t int) *region.Region {
	n := &r.nodes[t]
	var keep *region.Region
	read := r.isRead(t)
	for _, e := range n.readers {
		if e.node >= r.body || !r.reads(e, t) && (n.linear || !read) {
			continue
		}
		field := &s.field[e.node][e.input]
		if keep == nil {
			keep = field
			continue
		}
		s.spare[0].SetUnion(keep, field)
		s.union[t], s.spare[0] = s.spare[0], s.union[t]
		keep = &s.union[t]
	}
	if keep == nil && !n.linear {
		return &s.grad[t]
	}
	return keep
}

// isRead reports whether the backward pass of some reader reads the output of node t.
func (r *Runner) isRead(t int) bool {
	for _, e := range r.nodes[t].readers {
		if e.node < r.body && r.reads(e, t) {
			return true
		}
	}
	return false
}

// reads reports whether a reader's backward pass reads what is kept of the output of node t.
func (r *Runner) reads(e edge, t int) bool {
	n := &r.nodes[e.node]
	return n.op.readsInput() && !(n.isConv() && r.fromInput(t))
}

// fromInput reports whether tensor t is the caller's input as it came, which need not be kept.
func (r *Runner) fromInput(t int) bool {
	if t > 0 {
		return false
	}
	for _, p := range r.nodes[0].points {
		if _, ok := p.pointwise.(backdrop); !ok {
			return false
		}
	}
	return true
}

// set makes k the pixels of a region, and returns the number of their elements.
func (k *kept) set(r *region.Region, ch int) (size int) {
	k.region = r
	k.offset = k.offset[:0]
	if r == nil {
		return 0
	}
	for y := range r.H {
		for _, s := range r.Row(y) {
			k.offset = append(k.offset, size)
			size += int(s.Hi-s.Lo) * ch
		}
	}
	return size
}

// whole reports whether all of the padded output of a stage is kept, row after row.
func (k *kept) whole(s *node) bool {
	return k.region != nil && k.region.H == s.rows() && k.region.W == s.cols() && k.region.Area() == s.rows()*s.cols()
}

// store copies row y of a padded tensor.
func (k *kept) store(y int, row []float32, ch int) {
	y -= k.inset
	if y < 0 || y >= k.region.H {
		return
	}
	row = row[k.inset*ch:]
	at := k.region.Index(y)
	for i, s := range k.region.Row(y) {
		copy(k.data[k.offset[at+i]:], row[int(s.Lo)*ch:int(s.Hi)*ch])
	}
}

// regular returns where the rows from ≤ y < to begin and how far apart they lie, if each is one span of the same
// columns, so that they can be read in place.
func (k *kept) regular(from, to int) (data []float32, ok bool) {
	var first region.Span
	for y := from; y < to; y++ {
		row := k.region.Row(y)
		if len(row) != 1 || y > from && row[0] != first {
			return nil, false
		}
		first = row[0]
	}
	return k.data[k.offset[k.region.Index(from)]:], true
}

func (r *Runner) newSample() *sample {
	n, out := r.body, r.nodes[len(r.nodes)-1].out.Len()
	s := &sample{out: make([]float32, out), grad: make([]region.Region, n), field: make([][]region.Region, n), into: make([][]region.Region, n), kept: make([]kept, n), union: make([]region.Region, n)}
	for t := range n {
		inputs := len(r.nodes[t].inputs)
		s.field[t], s.into[t] = make([]region.Region, inputs), make([]region.Region, inputs)
	}
	return s
}

// grow returns a slice of length n, whose content is undefined, in the memory of v if that is large enough.
func grow[T any](v []T, n int) []T { return slices.Grow(v[:0], n)[:n] }
