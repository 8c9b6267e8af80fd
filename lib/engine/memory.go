package engine

import (
	"math"

	"backdrop/lib/net"
)

// StepMemory estimates the bytes that a training step of a batch needs with that many threads: parameters, their
// gradients and two arrays of optimiser's state; what the engine holds while it works; and what it keeps for the
// backward pass, which depends on the masks (those of step 0 of seed 1 are taken).
func StepMemory(n *net.Network, batch, threads int) (int64, error) {
	r, err := newPlan(n, threads)
	if err != nil {
		return 0, err
	}
	const most = 16 // samples that stand for the batch
	planned := min(batch, most)
	masks, err := n.DrawMasks(1, 0, planned)
	if err != nil {
		return 0, err
	}
	params, work := r.workMemory()
	keep := int64(0)
	if r.body < len(r.nodes) {
		r.head = newHead(r, 0)
		r.head.plan(masks, planned)
		for t := r.body - 1; t < len(r.nodes); t++ {
			keep += int64(r.head.keptRows(t)+len(r.head.rows[t])) * int64(r.nodes[t].ch) // outputs and gradients
		}
	}
	s := r.newSample()
	for i := range planned {
		r.plan(s, masks, i)
		for t := range r.body {
			if region := r.keeps(s, t); region != nil {
				keep += int64(region.Area()) * int64(r.nodes[t].ch)
			}
		}
	}
	kept := float64(keep) / float64(planned) * float64(batch)
	const sets = 4 + 2 + groups // values, gradients, state; packed for both directions; sums
	need := 4 * (sets*float64(params) + float64(max(1, threads))*float64(work) + kept)
	return int64(min(need, math.MaxInt64/2)), nil
}

// ForwardMemory estimates the bytes that a forward pass of a batch needs with that many threads, and no backward pass to
// follow: parameters, as they are and packed; what the engine holds while it works; and what is handed from the first
// nodes of a sample to the others.
func ForwardMemory(n *net.Network, batch, threads int) (int64, error) {
	r, err := newPlan(n, threads)
	if err != nil {
		return 0, err
	}
	params, work := r.workMemory()
	planes := 0.0
	if r.early > 0 {
		s := &r.nodes[r.early]
		planes = float64(batch) * float64(s.rows()) * float64(s.rowLength())
	}
	need := 4 * (2*float64(params) + float64(max(1, threads))*float64(work) + planes)
	return int64(min(need, math.MaxInt64/2)), nil
}

// workMemory counts the parameters, and the values that each thread holds while it works.
func (r *Runner) workMemory() (params, work int64) {
	for t := range r.nodes {
		s := &r.nodes[t]
		if s.isConv() {
			params += int64(s.terms()+1) * int64(s.out.C)
		}
		rows := s.rows()
		if t < r.early {
			rows = r.held[t]
		}
		if t >= r.body {
			rows = headRows
		}
		work += int64(rows)*int64(s.rowLength()) + int64(s.out.H/max(1, r.bands)+s.kernel)*int64(s.out.W*s.ch)
	}
	return params, work
}
