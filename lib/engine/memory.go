package engine

import "backdrop/lib/net"

// Memory is what the engine takes, in bytes. It never takes more.
type Memory struct {
	Packed  int64 // weights as tiles want them, and the sums of their gradients; the parameters themselves are the caller's
	Working int64 // rows and gradients that are under way, of all threads
	Masks   int64 // masks, and where the gradient survives them
	Kept    int64 // what the layers put out, as far as the backward pass needs it
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

// LargestStep bounds what any of the steps keeps for the backward pass. Of very many it looks at the first ones only, and
// returns how many these are. It takes about as long as to draw their masks.
func LargestStep(n *net.Network, s Steps, threads int) (e *Extent, looked int, err error) {
	r, err := sketch(n, threads)
	if err != nil {
		return nil, 0, err
	}
	if r.perStep(s.Batch) == 0 {
		return r.everything(s.Batch), s.Count, nil
	}
	looked = r.planned(s)
	return r.largest(s, looked), looked, nil
}

// AnyStep bounds what a step keeps whose masks may let through all there is.
func AnyStep(n *net.Network, batch int) (*Extent, error) {
	r, err := sketch(n, 1)
	if err != nil {
		return nil, err
	}
	return r.everything(batch), nil
}

// StepMemory bounds what training steps of up to that many samples take on that many threads, if they keep no more than e
// says. input: the gradient with respect to the inputs is wanted, too; that itself is the caller's.
func StepMemory(n *net.Network, batch int, e *Extent, threads int, input bool) (Memory, error) {
	r, err := sketch(n, threads)
	if err != nil {
		return Memory{}, err
	}
	r.input = input
	return Memory{
		Packed:  r.packed(batch, true),
		Working: r.forwardWork(batch) + r.backwardWork(batch, e.rows),
		Masks:   r.maskBytes(batch) + r.reachedBytes(e, batch),
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
