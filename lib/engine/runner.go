package engine

import (
	"fmt"
	"runtime"

	"backdrop/lib/net"
)

// groups is the number of sums that gradients are added up in. Work is dealt out to them by sample and band alone, and
// they are added in order, so that a result does not depend on the number of threads.
const groups = 8

// bandElements is the size (1 MiB) of the part of the largest tensor that one piece of the backward pass works on.
var bandElements = 256 << 10

// Runner takes batches through a network. It computes early layers band by band of rows, keeps of their output only
// what the masks let a gradient come back to, and takes gradients back only where they survive. It is not for several
// goroutines at once, but uses several itself.
type Runner struct {
	net    *net.Network
	shapes []net.Shape // output of each layer
	nodes  []node
	body   int    // nodes before the head
	head   *head  // nil if there is none
	early  int    // the last node that is computed in bands; 0: none
	held   []int  // rows of each node before that which a band holds
	lowest int    // the first stage with parameters
	bands  int    // pieces of the backward pass of the early nodes
	room   []room // of each stage
	crew   *crew

	// The current step.
	drawn   net.Masks // by DrawMasks
	masks   net.Masks
	input   bool
	batch   []*sample // at least count: those of a larger batch wait to be used again
	count   int       // samples of the batch
	first   int       // number of the first sample that jobs of the body count from
	out     [][]float32
	active  []int
	wave    []int // of active: the samples whose gradients are under way
	dout    [][]float32
	dinput  [][]float32
	dplanes [groups]gradient // of the samples of the wave: by the output of the last early stage
	sums    [groups][]*sums
	forward []*band
	back    []*backward

	packJob, sampleJob, bandJob, lateJob, backLateJob, backBandJob, sumJob func(worker, item int)
}

// newPlan returns a runner without weights and workers, which knows what there is to do.
func newPlan(n *net.Network, workers int) (*Runner, error) {
	nodes, err := compile(n)
	if err != nil {
		return nil, err
	}
	shapes, err := n.Shapes()
	if err != nil {
		return nil, err
	}
	r := &Runner{net: n, shapes: shapes, nodes: nodes, body: headStart(nodes), early: early(nodes)}
	r.lowest = len(nodes)
	for t := len(nodes) - 1; t > 0; t-- {
		if nodes[t].isConv() {
			r.lowest = t
		}
	}
	r.bands = r.backwardBandCount()
	r.held = r.capacities(max(1, workers))
	return r, nil
}

// NewRunner returns a runner of the network with these weights; gradients are added to theirs. threads <= 0 means as
// many as there are processors.
func NewRunner(n *net.Network, w *net.Weights, threads int) (*Runner, error) {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	r, err := newPlan(n, threads)
	if err != nil {
		return nil, err
	}
	last := len(r.nodes)
	r.crew, r.room = newCrew(threads), make([]room, last)
	if err := r.bind(w); err != nil {
		return nil, err
	}
	if r.body < last {
		r.head = newHead(r, r.crew.workers)
	}
	r.forward, r.back = make([]*band, r.crew.workers), make([]*backward, r.crew.workers)
	r.packJob, r.sampleJob, r.bandJob, r.lateJob = r.pack, r.forwardSample, r.forwardBand, r.forwardLate
	r.backLateJob, r.backBandJob, r.sumJob = r.backwardLate, r.backwardBands, r.addSums
	runtime.AddCleanup(r, func(start chan int) { close(start) }, r.crew.start)
	return r, nil
}

// bind gives the convolutions their parameters.
func (r *Runner) bind(w *net.Weights) error {
	for t := range r.nodes {
		n := &r.nodes[t]
		o, ok := n.op.(*conv)
		if !ok {
			continue
		}
		if o.weight, o.bias = w.Layer(n.layer); o.weight == nil {
			return fmt.Errorf("engine: layer %d has no parameters", n.layer)
		}
		o.reserve(n, r.nodes[n.inputs[0]].rowLength())
	}
	return nil
}

// backwardBandCount is the number of pieces in which the early nodes take a sample's gradient back.
func (r *Runner) backwardBandCount() int {
	largest := 0
	for t := 1; t <= r.early; t++ {
		s := &r.nodes[t]
		largest = max(largest, s.out.H*s.out.W*s.ch)
	}
	return max(1, min(largest/bandElements, r.nodes[r.early].out.H))
}

// DrawMasks is Network.DrawMasks into the runner's own memory, which the next call uses again.
func (r *Runner) DrawMasks(seed, step uint64, batch int) net.Masks {
	if r.drawn == nil {
		r.drawn = net.Masks{}
	}
	r.drawn.Draw(r.net, r.shapes, seed, step, batch)
	return r.drawn
}

// Input is the shape of the samples that the runner takes.
func (r *Runner) Input() net.Shape { return r.net.Input }

// Forward returns the network's output for every sample of a batch, both in C,H,W order. With masks, it is a training
// step: what Backward needs is kept, and x must stay as it is until then. Without (nil), dropout and backdrop layers
// are identities. The result is valid until the next call.
func (r *Runner) Forward(x [][]float32, masks net.Masks) [][]float32 {
	r.release()
	for len(r.batch) < len(x) {
		r.batch = append(r.batch, r.newSample())
	}
	r.masks, r.count = masks, len(x)
	r.out = r.out[:0]
	for n, v := range x {
		if len(v) != r.net.Input.Len() {
			panic("engine: sample has the wrong length")
		}
		r.batch[n].x = v
		r.out = append(r.out, r.batch[n].out)
	}
	r.crew.do(len(r.nodes), r.packJob)
	if r.head == nil {
		r.forwardBody(0, len(x))
		return r.out
	}
	if masks != nil {
		r.head.plan(masks, len(x))
		r.head.reserve()
	}
	for from := 0; from < len(x); from += headSamples {
		to := min(from+headSamples, len(x))
		r.head.begin(from, to)
		r.forwardBody(from, to)
		r.head.forward()
	}
	return r.out
}

// forwardBody takes the samples from ≤ n < to through the body.
func (r *Runner) forwardBody(from, to int) {
	r.first = from
	if to-from >= r.crew.workers || r.early == 0 {
		r.crew.do(to-from, r.sampleJob)
		return
	}
	for n := from; n < to; n++ {
		r.prepare(n)
	}
	r.crew.do((to-from)*r.forwardBands(), r.bandJob)
	r.crew.do(to-from, r.lateJob)
}

// forwardBands is the number of bands that a sample is cut into for the forward pass, where rows that two of them need
// are computed twice.
func (r *Runner) forwardBands() int { return min(r.crew.workers, r.nodes[r.early].out.H) }

func (r *Runner) pack(_, t int) {
	if n := &r.nodes[t]; n.op != nil {
		n.op.prepare(n, r.masks != nil)
	}
}

// prepare plans sample n and makes room for the output of its early nodes.
func (r *Runner) prepare(n int) {
	s := r.batch[n]
	if r.masks != nil {
		r.plan(s, r.masks, n)
		r.reserve(s)
	}
	if st := &r.nodes[r.early]; r.early > 0 && s.plane == nil {
		s.plane = make([]float32, st.rows()*st.rowLength())
	}
}

// band returns a worker's memory for the forward pass.
func (r *Runner) band(worker int) *band {
	if r.forward[worker] == nil {
		b := &band{run: r, strips: make([]strip, len(r.nodes))}
		for t := range r.nodes {
			s := &r.nodes[t]
			switch {
			case t < r.early:
				b.strips[t].ring = make([]float32, r.held[t]*s.rowLength())
				continue
			case t == r.early && t > 0:
				b.strips[t].capacity = s.rows()
				continue // the sample's plane
			default:
				b.strips[t].capacity = s.rows()
			}
			b.strips[t].data = make([]float32, b.strips[t].capacity*s.rowLength())
		}
		r.forward[worker] = b
	}
	return r.forward[worker]
}

// forwardSample takes a whole sample through the body.
func (r *Runner) forwardSample(worker, item int) {
	b := r.band(worker)
	n := r.first + item
	s := r.batch[n]
	own := s.plane
	if r.early > 0 && own == nil { // between its early and late nodes only
		if b.plane == nil {
			st := &r.nodes[r.early]
			b.plane = make([]float32, st.rows()*st.rowLength())
		}
		s.plane = b.plane
	}
	r.prepare(n)
	if r.early > 0 {
		r.runBand(b, n, 0, 1)
	}
	r.forwardLate(worker, item)
	s.plane = own
}

func (r *Runner) forwardBand(worker, item int) {
	bands := r.forwardBands()
	r.runBand(r.band(worker), r.first+item/bands, item%bands, bands)
}

// runBand computes a band of the early nodes of sample n.
func (r *Runner) runBand(b *band, n, item, bands int) {
	b.sample, b.masks, b.n, b.base = r.batch[n], r.masks, n, 0
	for t := range r.early {
		b.hold(t, bands)
	}
	b.strips[r.early].data = b.sample.plane
	from, to := r.bandRows(item, bands)
	next, _ := r.bandRows(item+1, bands)
	b.begin(r.early, next, to) // where the next band begins, this one stops keeping
	for t := range r.early + 1 {
		b.strips[t].end = b.strips[t].first
		if t == r.early {
			b.strips[t].end = next
		}
		if item == bands-1 {
			b.strips[t].end = r.nodes[t].rows()
		}
	}
	b.begin(r.early, from, to)
	for t := range r.early + 1 {
		b.strips[t].own = b.strips[t].next
	}
	b.fill(r.early, to)
}

// bandRows returns the padded rows of the last early stage that belong to a band.
func (r *Runner) bandRows(item, bands int) (from, to int) {
	s := &r.nodes[r.early]
	if item > 0 {
		from = s.border + item*s.out.H/bands
	}
	if item >= bands-1 {
		return from, s.rows()
	}
	return from, s.border + (item+1)*s.out.H/bands
}

// forwardLate takes a sample from its last early stage to the end of the body.
func (r *Runner) forwardLate(worker, item int) {
	b := r.band(worker)
	n := r.first + item
	s := r.batch[n]
	b.sample, b.masks, b.n, b.base = s, r.masks, n, r.early
	last := r.body - 1
	b.begin(last, 0, r.nodes[last].rows())
	for t := r.early; t <= last; t++ {
		b.strips[t].own, b.strips[t].end = 0, r.nodes[t].rows()
	}
	if r.early > 0 {
		win := &b.strips[r.early]
		win.data, win.first, win.next = s.plane, 0, r.nodes[r.early].rows()
	}
	b.fill(last, r.nodes[last].rows())
	st := &r.nodes[last]
	if r.head != nil {
		copy(r.head.row(n), b.strips[last].data[b.at(last, 0, 0):])
		return
	}
	for y := range st.out.H {
		for x := range st.out.W {
			at := b.at(last, y, x)
			for c := range st.out.C {
				s.out[(c*st.out.H+y)*st.out.W+x] = b.strips[last].data[at+c]
			}
		}
	}
}
