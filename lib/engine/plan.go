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

	// For every stage: where the gradient by its output can be other than zero, and the pixels of its padded input
	// that the windows of these see.
	grad, field []region.Region
	kept        []kept
	spare       region.Region
}

// kept are the pixels of a padded tensor that the backward pass needs, span after span.
type kept struct {
	region *region.Region // nil: nothing
	inset  int            // rows and columns of the border that the region leaves out
	offset []int          // where each span begins
	data   []float32
}

// plan finds out, from the masks alone, where the gradient of sample n survives and which pixels the windows there see.
// The input has no windows in front of it, so field[0] is free to work in.
func (r *Runner) plan(s *sample, masks net.Masks, number int) {
	last := r.body - 1
	top := &r.nodes[last]
	s.field[0].SetFull(top.out.H, top.out.W)
	if r.head != nil && r.head.place[last][number] < 0 {
		s.field[0].SetEmpty(top.out.H, top.out.W)
	}
	r.setMasked(&s.grad[last], &s.field[0], &s.spare, last, masks, number)
	for t := last; t >= 1; t-- {
		n, before := &r.nodes[t], &r.nodes[r.nodes[t].input]
		n.op.field(n, &s.field[t], &s.grad[t], before.rows(), before.cols())
		s.field[0].SetCrop(&s.field[t], before.border)
		r.setMasked(&s.grad[n.input], &s.field[0], &s.spare, n.input, masks, number)
	}
	s.active = !s.grad[last].Empty()
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

// setMasked makes dst the part of src where the masks behind node t let the gradient of sample n through.
func (r *Runner) setMasked(dst, src, spare *region.Region, t int, masks net.Masks, n int) {
	at := src
	for _, p := range r.nodes[t].points {
		m := p.blocking(masks)
		if m == nil {
			continue
		}
		to := dst
		if at == dst {
			to = spare
		}
		to.SetMasked(at, m, n)
		at = to
	}
	if at != dst {
		dst.SetCrop(at, 0)
	}
}

// keeps returns the pixels of the output of node t that the backward pass needs; nil if none.
func (r *Runner) keeps(s *sample, t int) *region.Region {
	if t+1 < r.body && r.nodes[t+1].op.readsInput() && !(r.nodes[t+1].isConv() && r.fromInput(t)) {
		return &s.field[t+1]
	}
	if !r.nodes[t].linear {
		return &s.grad[t]
	}
	return nil
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
	return &sample{out: make([]float32, out), grad: make([]region.Region, n), field: make([]region.Region, n), kept: make([]kept, n)}
}

// grow returns a slice of length n, whose content is undefined, in the memory of v if that is large enough.
func grow[T any](v []T, n int) []T { return slices.Grow(v[:0], n)[:n] }
