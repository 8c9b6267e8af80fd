package nn

import (
	"fmt"
	"math"
	"runtime"

	"backdrop/lib/kernel"
)

var negativeInfinity = float32(math.Inf(-1))

// groups is the number of sums that gradients are added up in. Work is dealt out to them by sample and band alone, and
// they are added in order, so that a result does not depend on the number of threads.
const groups = 8

// bandElements is the size (1 MiB) of the part of the largest tensor that one piece of the backward pass works on.
var bandElements = 256 << 10

// Runner takes batches through a network. It computes early layers band by band of rows, keeps of their output only
// what the masks let a gradient come back to, and takes gradients back only where they survive. It is not for several
// goroutines at once, but uses several itself.
type Runner struct {
	net     *Network
	shapes  []Shape // output of each layer
	stages  []stage
	body    int   // stages before the head
	head    *head // nil if there is none
	early   int   // the last stage that is computed in bands; 0: none
	lowest  int   // the first stage with parameters
	bands   int   // pieces of the backward pass of the early stages
	packs   []*pack
	weights [][2]*Param // weight and bias of each stage
	terms   [][]kernel.Term
	crew    *crew
	needs   [][2]int
	planes  [][]float32 // a worker's or, of fewer samples than workers, a sample's: output of the last early stage
	room    []float32   // for what is kept of all samples
	most    int         // elements of room that the run will need; 0: not known

	// Elements that the largest gradient of each stage takes, and the largest part of a convolution's input.
	gradRoom   []int
	windowRoom int

	// The current step.
	drawn    Masks // by DrawMasks
	masks    Masks
	prepared bool   // for these masks
	keeps    int    // elements
	reach    *reach // of all samples, if it is the same
	input    bool
	batch    []*sample // at least count: those of a larger batch wait to be used again
	count    int       // samples of the batch
	first    int       // number of the first sample that jobs of the body count from
	out      [][]float32
	active   []int
	wave     []int // of active: the samples whose gradients are under way
	dout     [][]float32
	dinput   [][]float32
	dplanes  [groups]gradient // of the samples of the wave: by the output of the last early stage
	sums     [groups][]*sums
	forward  []*band
	back     []*backward

	packJob, planJob, sampleJob, bandJob, lateJob, backLateJob, backBandJob, sumJob func(worker, item int)
}

// NewRunner returns a runner of the network with these weights; gradients are added to theirs. threads <= 0 means as
// many as there are processors.
func NewRunner(n *Network, w *Weights, threads int) (*Runner, error) {
	stages, err := compile(n)
	if err != nil {
		return nil, err
	}
	shapes, err := n.Shapes()
	if err != nil {
		return nil, err
	}
	last := len(stages)
	r := &Runner{
		net: n, shapes: shapes, stages: stages, body: headStart(stages), early: early(stages), crew: newCrew(threads),
		packs: make([]*pack, last), weights: make([][2]*Param, last), terms: make([][]kernel.Term, last),
	}
	r.lowest = lowest(stages)
	for t := range stages {
		s := &stages[t]
		if s.op != "conv" {
			continue
		}
		r.packs[t] = newPack(s)
		r.terms[t] = make([]kernel.Term, 0, s.terms())
		length := stages[t-1].rowLength()
		for u := range s.kernel {
			for v := range s.kernel {
				for c := range s.in.C {
					r.terms[t] = append(r.terms[t], kernel.Term{A: int32(u*length + v*s.chIn + c), B: int32(len(r.terms[t]) * kernel.Columns)})
				}
			}
		}
		for _, p := range w.Params {
			if p.Layer == s.layer {
				r.weights[t][len(p.Shape)&1] = p // weights have 2 or 4 dimensions, a bias 1
			}
		}
		if r.weights[t][0] == nil || r.weights[t][1] == nil {
			return nil, fmt.Errorf("nn: layer %d has no parameters", s.layer)
		}
	}
	if r.body < last {
		r.head = newHead(r, r.crew.workers)
	}
	r.bands = r.backwardBandCount()
	r.forward, r.back, r.planes = make([]*band, r.crew.workers), make([]*backward, r.crew.workers), make([][]float32, r.crew.workers)
	r.packJob, r.planJob, r.sampleJob, r.bandJob, r.lateJob = r.pack, r.planSample, r.forwardSample, r.forwardBand, r.forwardLate
	r.backLateJob, r.backBandJob, r.sumJob = r.backwardLate, r.backwardBands, r.addSums
	runtime.AddCleanup(r, func(start chan int) { close(start) }, r.crew.start)
	return r, nil
}

// backwardBandCount is the number of pieces in which the early stages take a sample's gradient back.
func (r *Runner) backwardBandCount() int {
	largest := 0
	for t := 1; t <= r.early; t++ {
		s := &r.stages[t]
		largest = max(largest, s.out.H*s.out.W*s.ch)
	}
	return max(1, min(largest/bandElements, r.stages[r.early].out.H))
}

// Input is the shape of the samples that the runner takes.
func (r *Runner) Input() Shape { return r.net.Input }

// Forward returns the network's output for every sample of a batch, both in C,H,W order. With masks, it is a training
// step: what Backward needs is kept, and x must stay as it is until then. Without (nil), dropout and backdrop layers
// are identities. The result is valid until the next call.
func (r *Runner) Forward(x [][]float32, masks Masks) [][]float32 {
	if masks == nil {
		r.masks, r.count = nil, len(x)
		for len(r.batch) < len(x) {
			r.batch = append(r.batch, r.newSample())
		}
	} else {
		if !r.prepared || r.count != len(x) {
			r.Prepare(masks, len(x))
		}
		r.reserve()
	}
	r.prepared = false
	r.out = r.out[:0]
	for n, v := range x {
		if len(v) != r.net.Input.Len() {
			panic("nn: sample has the wrong length")
		}
		r.batch[n].x = v
		r.out = append(r.out, r.batch[n].out)
	}
	r.crew.do(len(r.stages), r.packJob)
	if r.head == nil {
		r.forwardBody(0, len(x))
		return r.out
	}
	if masks != nil {
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
		r.batch[n].plane = r.plane(n - from)
	}
	r.crew.do((to-from)*r.forwardBands(), r.bandJob)
	r.crew.do(to-from, r.lateJob)
}

// forwardBands is the number of bands that a sample is cut into for the forward pass, where rows that two of them need
// are computed twice.
func (r *Runner) forwardBands() int { return min(r.crew.workers, r.stages[r.early].out.H) }

func (r *Runner) pack(_, t int) {
	p := r.packs[t]
	if p == nil {
		return
	}
	p.setForward(&r.stages[t], r.weights[t][0].Data, r.weights[t][1].Data)
	if r.masks != nil {
		p.setBackward(&r.stages[t], r.weights[t][0].Data)
	}
}

// plane returns room for the output of the last early stage, of one of at most as many samples as there are workers.
func (r *Runner) plane(i int) []float32 {
	if r.early == 0 {
		return nil
	}
	if st := &r.stages[r.early]; r.planes[i] == nil {
		r.planes[i] = make([]float32, st.rows()*st.rowLength())
	}
	return r.planes[i]
}

// band returns a worker's memory for the forward pass.
func (r *Runner) band(worker int) *band {
	if r.forward[worker] == nil {
		b := &band{run: r, wins: make([]window, len(r.stages))}
		for t := range r.stages {
			s := &r.stages[t]
			switch {
			case t < r.early:
				b.wins[t].ring = make([]float32, r.capacity(t)*s.rowLength())
				continue
			case t == r.early && t > 0:
				b.wins[t].capacity = s.rows()
				continue // the sample's plane
			default:
				b.wins[t].capacity = s.rows()
			}
			b.wins[t].data = make([]float32, b.wins[t].capacity*s.rowLength())
		}
		r.forward[worker] = b
	}
	return r.forward[worker]
}

// forwardSample takes a whole sample through the body.
func (r *Runner) forwardSample(worker, item int) {
	b := r.band(worker)
	n := r.first + item
	r.batch[n].plane = r.plane(worker)
	if r.early > 0 {
		r.runBand(b, n, 0, 1)
	}
	r.forwardLate(worker, item)
}

func (r *Runner) forwardBand(worker, item int) {
	bands := r.forwardBands()
	r.runBand(r.band(worker), r.first+item/bands, item%bands, bands)
}

// runBand computes a band of the early stages of sample n.
func (r *Runner) runBand(b *band, n, item, bands int) {
	b.sample, b.masks, b.n, b.base = r.batch[n], r.masks, n, 0
	for t := range r.early {
		b.hold(t, bands)
	}
	b.wins[r.early].data = b.sample.plane
	from, to := r.bandRows(item, bands)
	next, _ := r.bandRows(item+1, bands)
	b.begin(r.early, next, to) // where the next band begins, this one stops keeping
	for t := range r.early + 1 {
		b.wins[t].end = b.wins[t].first
		if t == r.early {
			b.wins[t].end = next
		}
		if item == bands-1 {
			b.wins[t].end = r.stages[t].rows()
		}
	}
	b.begin(r.early, from, to)
	for t := range r.early + 1 {
		b.wins[t].own = b.wins[t].next
	}
	b.fill(r.early, to)
}

// bandRows returns the padded rows of the last early stage that belong to a band.
func (r *Runner) bandRows(item, bands int) (from, to int) {
	s := &r.stages[r.early]
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
	b.begin(last, 0, r.stages[last].rows())
	for t := r.early; t <= last; t++ {
		b.wins[t].own, b.wins[t].end = 0, r.stages[t].rows()
	}
	if r.early > 0 {
		win := &b.wins[r.early]
		win.data, win.first, win.next = s.plane, 0, r.stages[r.early].rows()
	}
	b.fill(last, r.stages[last].rows())
	st := &r.stages[last]
	if r.head != nil {
		copy(r.head.row(n), b.wins[last].data[b.at(last, 0, 0):])
		return
	}
	for y := range st.out.H {
		for x := range st.out.W {
			at := b.at(last, y, x)
			for c := range st.out.C {
				s.out[(c*st.out.H+y)*st.out.W+x] = b.wins[last].data[at+c]
			}
		}
	}
}
