package engine

import (
	"fmt"
	"runtime"

	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// groups is the number of sums that gradients are added up in. Work is dealt out to them by sample and band alone, and
// they are added in order, so that a result does not depend on the number of threads.
const groups = 8

// Runner takes batches through a network. It computes early layers band by band of slabs, keeps of their output only
// what the masks let a gradient come back to, and takes gradients back only where they survive. It is not for several
// goroutines at once, but uses several itself.
type Runner struct {
	*program
	step
	memory
	crew     *crew
	head     *head // nil if there is none
	jobs     jobs
	progress progress
}

// step is what belongs to the step under way.
type step struct {
	masks    net.Masks // nil: evaluation
	prepared bool      // for these masks
	keeps    int       // elements
	input    bool      // the gradient with respect to the input is wanted
	count    int       // samples of the batch
	first    int       // number of the first sample that jobs of the body count from
	out      [][]float32
	active   []int       // samples with some gradient
	wave     []int       // of active: the samples whose gradients are under way
	dout     [][]float32 // by sample: gradient with respect to the output of the body
	dinput   []pixels.Sink
}

// memory is what one step leaves for the next to use again.
type memory struct {
	drawn     net.Masks     // by DrawMasks
	arranged  arrangedMasks // those of the step
	batch     []*sample     // at least count: those of a larger batch wait
	survivors *survivors    // of all samples, if it is the same
	planes    [][]float32
	room      []float32 // for what is kept of all samples
	most      int       // elements of room that the run will need; 0: not known
	needs     []part
	dplanes   [groups]box // of the samples of the wave: with respect to the output of the last early node
	sums      [groups][]*sums
	forward   []*band // of each worker
	back      []*backward

	// Elements that the largest gradient of each node takes, and the largest part of a convolution's input, an early and a late one.
	gradRoom       []int
	inputRoom      [2]int
	recomputedRoom []int  // elements of the largest part of each early node's output that is computed again
	seen           []part // such parts
}

// jobs are the methods that the crew's workers call, so that no step makes closures.
type jobs struct {
	pack, plan, sample, band, late, backLate, backBlocks, sum func(worker, item int)
}

// NewRunner returns a runner of the network with these weights; gradients are added to theirs. threads <= 0 means as
// many as there are processors.
func NewRunner(n *net.Network, w *net.Weights, threads int) (*Runner, error) {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	c := newCrew(threads)
	r, err := newRunner(n, w, c)
	if err != nil {
		close(c.start)
		return nil, err
	}
	runtime.AddCleanup(r, func(start chan int) { close(start) }, c.start)
	return r, nil
}

// newRunner is NewRunner on a crew.
func newRunner(n *net.Network, w *net.Weights, c *crew) (*Runner, error) {
	p, err := newProgram(n, c.workers)
	if err != nil {
		return nil, err
	}
	r := &Runner{program: p, crew: c}
	if err := r.bind(w); err != nil {
		return nil, err
	}
	if r.body < len(r.nodes) {
		r.head = newHead(r, r.crew.workers)
	}
	workers := r.crew.workers
	r.forward, r.back, r.planes = make([]*band, workers), make([]*backward, workers), make([][]float32, workers)
	r.jobs = jobs{
		pack: r.pack, plan: r.planSample, sample: r.forwardSample, band: r.forwardBand, late: r.forwardLate,
		backLate: r.backwardLate, backBlocks: r.backwardBlocks, sum: r.addSums,
	}
	return r, nil
}

// bind gives the operations their parameters.
func (r *Runner) bind(w *net.Weights) error {
	for t := range r.nodes {
		n := &r.nodes[t]
		o, ok := n.op.(parametric)
		if !ok {
			continue
		}
		weight, bias := w.Layer(n.layer)
		if weight == nil {
			return fmt.Errorf("engine: layer %d has no parameters", n.layer)
		}
		o.bind(n, weight, bias)
	}
	return nil
}

// DrawMasks is Network.DrawMasks into the runner's own memory, which the next call uses again.
func (r *Runner) DrawMasks(seed, step uint64, batch int) net.Masks {
	if r.drawn == nil {
		r.drawn = net.Masks{}
	}
	r.drawn.Draw(r.net, r.shapes, seed, step, batch)
	r.prepared = false
	return r.drawn
}

// Input is the shape of the samples that the runner takes.
func (r *Runner) Input() net.Shape { return r.net.Input }

// Forward returns the network's output for every sample of a batch, in C,H,W order. With masks, it is a training step: what
// Backward needs is kept, and it reads x again, which must stay as it is until then. Without (nil), dropout and backdrop
// layers are identities. The result is valid until the next call.
func (r *Runner) Forward(x []pixels.Source, masks net.Masks) [][]float32 {
	r.begin(len(x), masks)
	for n, source := range x {
		if m, ok := source.(*pixels.Memory); ok && len(m.Values) != r.net.Input.Len() {
			panic("engine: sample has the wrong length")
		}
		r.batch[n].source = source
	}
	return r.run()
}

// begin makes ready for a batch.
func (r *Runner) begin(samples int, masks net.Masks) {
	if masks == nil {
		r.masks, r.count = nil, samples
		for len(r.batch) < samples {
			r.batch = append(r.batch, r.newSample())
		}
	} else {
		if !r.prepared || r.count != samples {
			r.Prepare(masks, samples)
		}
		r.reserve()
	}
	r.prepared = false
	r.out = r.out[:0]
	for _, s := range r.batch[:samples] {
		r.out = append(r.out, s.out)
	}
}

// run takes the batch forward.
func (r *Runner) run() [][]float32 {
	r.progress.enter(ForwardPhase, r.count*r.forwardCount())
	defer r.progress.enter(Idle, 0)
	r.crew.do(len(r.nodes), r.jobs.pack)
	if r.head == nil {
		r.forwardBody(0, r.count)
		return r.out
	}
	if r.masks != nil {
		r.head.reserve()
	}
	for from := 0; from < r.count; from += headSamples {
		to := min(from+headSamples, r.count)
		r.head.begin(from, to)
		r.forwardBody(from, to)
		r.head.forward()
	}
	return r.out
}

func (r *Runner) pack(_, t int) {
	if n := &r.nodes[t]; n.op != nil {
		n.op.prepare(n, r.masks != nil)
	}
}
