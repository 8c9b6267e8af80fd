package nn

import (
	"runtime/debug"

	"backdrop/lib/kernel"
	"backdrop/lib/mask"
	"backdrop/lib/region"
)

// sample is what a step keeps of one sample of the batch.
type sample struct {
	*reach
	x      []float32 // the caller's
	out    []float32 // the network's output, C,H,W
	plane  []float32 // output of the last early stage, whole: a worker's, or of the bands of a sample
	own    *reach    // that masks on the sample axis make
	active bool      // some of its gradient survives
	kept   []kept
}

// reach is how far the gradient of a sample gets. Samples share it where the masks are the same for all of a batch.
type reach struct {
	// For every stage: where the gradient by its output can be other than zero, and the pixels of its padded input
	// that the windows of these see.
	grad, field []region.Region
	layout      []layout
	size        int // of what is kept, in elements
	spare       region.Region
}

// layout says which pixels of a padded tensor the backward pass needs, span after span.
type layout struct {
	region *region.Region // nil: nothing
	inset  int            // rows and columns of the border that the region leaves out
	offset []int          // where each span begins
	size   int            // elements of all
}

// kept are these pixels of a sample.
type kept struct {
	*layout
	data []float32
}

// Prepare plans a training step of so many samples with these masks, and returns the bytes that it is going to keep for
// the backward pass. Forward does so itself if it was not done before.
func (r *Runner) Prepare(masks Masks, samples int) int64 {
	for len(r.batch) < samples {
		r.batch = append(r.batch, r.newSample())
	}
	r.masks, r.count, r.prepared = masks, samples, true
	if r.head != nil {
		r.head.plan(masks, samples)
	}
	if r.alike(masks) {
		if r.reach == nil {
			r.reach = newReach(r.body)
		}
		r.plan(r.reach, masks, 0, 0)
		r.reach.lay(r)
		for _, s := range r.batch[:samples] {
			s.reach = r.reach
		}
	} else {
		r.crew.do(samples, r.planJob)
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
func (r *Runner) alike(masks Masks) bool {
	for i, m := range masks {
		if m.Axes&mask.N != 0 && r.net.Layers[i].Op == "backdrop" {
			return false
		}
	}
	return true
}

// planSample plans a sample whose masks are its own.
func (r *Runner) planSample(_, n int) {
	s := r.batch[n]
	if s.own == nil {
		s.own = newReach(r.body)
	}
	s.reach = s.own
	r.plan(s.reach, r.masks, n, 0)
	s.lay(r)
}

// plan finds out, from the masks alone, where the gradient of sample n survives and which pixels the windows there see,
// from the end of the body down to the input of stage bottom. The input has no windows in front of it, so field[0] is free
// to work in.
func (r *Runner) plan(p *reach, masks Masks, n, bottom int) {
	last := r.body - 1
	top := &r.stages[last]
	p.field[0].SetFull(top.out.H, top.out.W)
	if r.head != nil && r.head.place[last][n] < 0 {
		p.field[0].SetEmpty(top.out.H, top.out.W)
	}
	r.setMasked(&p.grad[last], &p.field[0], &p.spare, last, masks, n)
	for t := last; t >= max(1, bottom); t-- {
		st, below := &r.stages[t], &r.stages[t-1]
		switch {
		case st.spatial():
			p.field[t].SetField(&p.grad[t], st.kernel, st.stride, below.rows(), below.cols())
		case p.grad[t].Empty():
			p.field[t].SetEmpty(below.out.H, below.out.W)
		default:
			p.field[t].SetFull(below.out.H, below.out.W)
		}
		p.field[0].SetCrop(&p.field[t], below.border)
		r.setMasked(&p.grad[t-1], &p.field[0], &p.spare, t-1, masks, n)
	}
}

// lay finds a place for every span that is kept.
func (p *reach) lay(r *Runner) {
	p.size = 0
	for t := range p.layout {
		k := &p.layout[t]
		k.inset = 0
		switch r.keeper(t) {
		case windows:
			k.set(&p.field[t+1], r.stages[t].ch)
		case outputs:
			k.set(&p.grad[t], r.stages[t].ch)
			k.inset = r.stages[t].border
		default:
			k.set(nil, 0)
		}
		p.size += padded(k.size)
	}
}

// padded rounds a number of elements up to whole cache lines.
func padded(elements int) int {
	const line = 16
	return (elements + line - 1) / line * line
}

// Expect says how many bytes steps are going to keep at most, so that room is made once.
func (r *Runner) Expect(kept int64) { r.most = int(kept / 4) }

// reserve makes room for what the step keeps. All samples share it, so that what a mask on the sample axis costs follows
// the samples that it lets through, not those that it ever did.
func (r *Runner) reserve() {
	if cap(r.room) < r.keeps {
		size := r.keeps + r.keeps/8
		if r.most > 0 {
			size = max(r.keeps, r.most) // all that the run will need
		}
		r.dropRoom()
		r.room = make([]float32, size)
	}
	room := r.room[:cap(r.room)]
	for _, s := range r.batch[:r.count] {
		for t := range s.kept {
			k := &s.kept[t]
			k.layout = &s.reach.layout[t]
			k.data, room = room[:k.size:k.size], room[padded(k.size):]
		}
	}
}

// setMasked makes dst the part of src where the masks behind stage t let the gradient of sample n through.
func (r *Runner) setMasked(dst, src, spare *region.Region, t int, masks Masks, n int) {
	at := src
	for _, i := range r.stages[t].post {
		m := masks[i]
		if m == nil || r.net.Layers[i].Op != "backdrop" {
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

// What the backward pass needs of the output of a stage.
const (
	nothing = iota
	windows // the padded pixels that the next stage's windows see
	outputs // where its own gradient survives
)

// keeper says which pixels of the output of stage t the backward pass needs.
func (r *Runner) keeper(t int) int {
	if t+1 < r.body {
		if op := r.stages[t+1].op; op == "maxpool" || op == "conv" && !r.fromInput(t) {
			return windows
		}
	}
	if !r.stages[t].linear(r.net) {
		return outputs
	}
	return nothing
}

// fromInput reports whether tensor t is the caller's input as it came, which need not be kept.
func (r *Runner) fromInput(t int) bool {
	if t > 0 {
		return false
	}
	for _, i := range r.stages[0].post {
		if r.net.Layers[i].Op != "backdrop" {
			return false
		}
	}
	return true
}

// set makes k the pixels of a region.
func (k *layout) set(r *region.Region, ch int) {
	k.region, k.offset, k.size = r, k.offset[:0], 0
	if r == nil {
		return
	}
	for y := range r.H {
		for _, s := range r.Row(y) {
			k.offset = append(k.offset, k.size)
			k.size += int(s.Hi-s.Lo) * ch
		}
	}
}

// whole reports whether all of the padded output of a stage is kept, row after row.
func (k *kept) whole(s *stage) bool {
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

// dropRoom lets go of the room before a larger one is made, so that both are not there at once.
func (r *Runner) dropRoom() {
	const large = 16 << 20 // bytes
	size := 4 * cap(r.room)
	r.room = nil
	for _, s := range r.batch {
		clear(s.kept)
	}
	for _, b := range r.forward {
		if b != nil {
			b.tile = kernel.Tile{}
			for t := range b.wins {
				if win := &b.wins[t]; win.inPlace {
					win.data = win.ring
				}
			}
		}
	}
	for _, b := range r.back {
		if b != nil {
			b.tile, b.pool = kernel.Tile{}, kernel.Pool{Taps: b.pool.Taps}
		}
	}
	if size >= large {
		debug.FreeOSMemory()
	}
}

func (r *Runner) newSample() *sample {
	return &sample{out: make([]float32, r.stages[len(r.stages)-1].out.Len()), kept: make([]kept, r.body)}
}

func newReach(stages int) *reach {
	return &reach{grad: make([]region.Region, stages), field: make([]region.Region, stages), layout: make([]layout, stages)}
}

// grow returns a slice of length n, whose content is undefined, in the memory of v if that is large enough.
func grow[T any](v []T, n int) []T {
	if cap(v) < n {
		return make([]T, n)
	}
	return v[:n]
}

// growMore is grow for a length that changes from step to step.
func growMore[T any](v []T, n int) []T {
	if cap(v) < n {
		return make([]T, n, n+n/8)
	}
	return v[:n]
}
