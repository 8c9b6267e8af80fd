package engine

import (
	"math"

	"backdrop/lib/net"
)

// Memory is how much memory the engine takes at most, in bytes.
type Memory struct {
	Packed  int64 // weights in the order of tiles, and the sums of their gradients; without the parameters themselves
	Working int64 // rows and gradients that the threads work on
	Masks   int64 // masks, and where the gradient survives them
	Kept    int64 // outputs of layers, as far as the backward pass needs them
}

// Total is the sum of the parts.
func (m Memory) Total() int64 { return m.Packed + m.Working + m.Masks + m.Kept }

// Steps are training steps, whose masks decide what is kept.
type Steps struct {
	Batch int // samples of each
	Seed  uint64
	First uint64
	Count int
}

// LargestStep bounds what any of the steps keeps for the backward pass. It looks at the first ones only if there are
// very many, and returns at how many it looked. It takes about as long as drawing their masks.
func LargestStep(n *net.Network, s Steps, threads int) (e *Extent, looked int, err error) {
	r, err := sketch(n, threads)
	if err != nil {
		return nil, 0, err
	}
	if looked = s.Count; r.perStep(s.Batch) == 0 {
		e = r.everything(s.Batch)
	} else {
		looked = r.planned(s)
		e = r.largest(s, looked)
	}
	r.chooseRecomputed(e, s.Batch)
	return e, looked, nil
}

// LookingMemory estimates what LargestStep takes on a thread: the masks of a step, and where they let the gradient of a sample
// through.
func LookingMemory(n *net.Network, batch int) (int64, error) {
	r, err := sketch(n, 1)
	if err != nil {
		return 0, err
	}
	return r.maskBytes(batch) + r.survivorsBytes(r.expected(), 1), nil
}

// AnyStep bounds what a step keeps whose masks may let through all there is.
func AnyStep(n *net.Network, batch int) (*Extent, error) {
	r, err := sketch(n, 1)
	if err != nil {
		return nil, err
	}
	e := r.everything(batch)
	r.chooseRecomputed(e, batch)
	return e, nil
}

// StepMemory bounds what training steps of up to that many samples take on that many threads, if they keep no more than e
// says. input: the gradient with respect to the inputs is wanted as well; the arrays for that are the caller's.
func StepMemory(n *net.Network, batch int, e *Extent, threads int, input bool) (Memory, error) {
	r, err := sketch(n, threads)
	if err != nil {
		return Memory{}, err
	}
	r.input = input
	r.Recompute(e.recompute)
	return Memory{
		Packed:  r.packed(batch, true),
		Working: r.forwardWork(batch) + r.backwardWork(batch, e.rows),
		Masks:   r.maskBytes(batch) + r.survivorsBytes(e, batch),
		Kept:    e.Kept(),
	}, nil
}

// ForwardMemory bounds what a forward pass takes that no backward pass follows.
func ForwardMemory(n *net.Network, batch, threads int) (Memory, error) {
	r, err := sketch(n, threads)
	if err != nil {
		return Memory{}, err
	}
	return Memory{Packed: r.packed(batch, false), Working: r.forwardWork(batch)}, nil
}

// sketch returns a runner that can plan and cannot run.
func sketch(n *net.Network, threads int) (*Runner, error) {
	p, err := newProgram(n, max(1, threads))
	if err != nil {
		return nil, err
	}
	r := &Runner{program: p, crew: &crew{workers: max(1, threads)}}
	if r.body < len(r.nodes) {
		r.head = newHead(r, 0)
	}
	return r, nil
}

// sizes adds up what is allocated, in bytes; in floating point because networks can be absurd.
type sizes float64

// add counts elements of that many bytes, as many as the product of the counts.
func (s *sizes) add(bytes int, counts ...int) {
	size := float64(bytes)
	for _, n := range counts {
		size *= float64(n)
	}
	*s += sizes(size)
}

// total is a number that others can still be added to.
func (s *sizes) total() int64 { return int64(min(*s, math.MaxInt64/16)) }

// packed counts the weights in the order of tiles and the sums of their gradients.
func (r *Runner) packed(batch int, train bool) int64 {
	var s sizes
	for t := range r.nodes {
		st := &r.nodes[t]
		if !st.isConv() {
			if st.hasParameters() && train {
				s.add(4, r.backwardItems(batch), 2, st.in.C)
			}
			continue
		}
		s.add(4, st.terms()+1, st.ch) // and the bias
		if o := st.op.(*conv); o.standard != nil {
			s.add(4, 2, st.terms(), st.out.C) // weights standardised, and their gradient
			s.add(8, st.out.C)
		}
		s.add(8, st.terms(), r.crew.workers, 2)
		s.add(4, st.elements(), st.out.C, gradientChannels(st.in.C))
		if w := st.op.(*conv).winograd; w != nil {
			s.add(4, w.packed(st, train))
		}
		switch {
		case train && t < r.body:
			s.add(4, r.backwardItems(batch), st.terms()+2, st.ch)
		case train:
			s.add(4, st.terms()+2, st.ch)
		}
	}
	return s.total()
}

// forwardWork counts what the workers hold in the forward pass, and the samples' outputs.
func (r *Runner) forwardWork(batch int) int64 {
	var s sizes
	workers, items := r.crew.workers, batch
	if batch < workers && r.early > 0 {
		items = batch * r.forwardBands() * r.pieceCount()
	}
	for t := range r.nodes {
		st := &r.nodes[t]
		switch {
		case t < r.early:
			s.add(4, min(workers, items), r.held[t], r.slabPieces[t])
		default: // of the last early node, the planes
			s.add(4, min(workers, batch), st.slabs(), st.slab())
		}
		if t >= r.body {
			s.add(4, min(workers, ceilDiv(batch, headRows)), headRows, st.ch)
		}
		if st.isGroupNorm() {
			s.add(8, min(workers, items), 4, st.in.C)
		}
	}
	patches, _ := r.patchElements()
	s.add(4, min(workers, items), patches)
	const list = 6 * 24 // of what there is of each sample, in lists
	s.add(4, batch, r.nodes[len(r.nodes)-1].out.Len())
	s.add(1, batch, list+r.body*80)
	if r.head != nil {
		s.add(4, min(batch, headSamples), r.nodes[r.body-1].ch)
	}
	return s.total()
}

// backwardItems is the number of groups that the backward pass of a batch deals its work out to.
func (r *Runner) backwardItems(batch int) int {
	if r.early == 0 {
		return min(groups, batch)
	}
	return min(groups, min(groups, batch)*r.blockCount())
}

// backwardWork counts what the workers hold in the backward pass, and what the head keeps of the samples that it lets
// through.
func (r *Runner) backwardWork(batch int, rows []int) int64 {
	var s sizes
	samples := min(groups, batch)
	workers := min(r.crew.workers, r.backwardItems(batch))
	r.setRooms()
	widest, terms := 0, 0
	for t := range r.body {
		switch {
		case t < r.early:
			s.add(4, workers, r.gradRoom[t])
		case t == r.early && t > 0:
			s.add(4, samples, r.gradRoom[t])
		default:
			s.add(4, min(workers, samples), r.gradRoom[t])
		}
		if st := &r.nodes[t]; st.isGroupNorm() {
			s.add(8, workers, 4, st.in.C)
		}
		if st := &r.nodes[t]; st.isConv() {
			terms = max(terms, st.terms())
			widest = max(widest, st.elements()*st.out.C)
		}
	}
	s.add(4, workers, r.inputRoom[0])
	s.add(4, min(workers, samples), max(0, r.inputRoom[1]-r.inputRoom[0]))
	for t, room := range r.recomputedRoom {
		s.add(4, workers, room)
		if r.nodes[t].isMaxPool() {
			s.add(4, workers, room) // who has the maxima
		}
	}
	s.add(8, workers, terms+2*widest+4*termsAtOnce)
	forward, backward := r.patchElements()
	s.add(4, workers, backward)
	if r.recomputed > 0 {
		s.add(4, workers, forward)
	}
	if r.head != nil {
		for t := r.body - 1; t < len(r.nodes); t++ {
			st := &r.nodes[t]
			kept, grads := rows[min(t+1, len(rows)-1)], rows[t]
			s.add(4, kept+kept/8, st.ch)
			s.add(4, grads+grads/8, gradientChannels(st.out.C))
			s.add(4+8, batch)
			s.add(8, r.crew.workers, 2*st.out.C+4*termsAtOnce)
		}
		s.add(24, batch)
	}
	return s.total()
}
