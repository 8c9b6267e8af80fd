package nn

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
	Count int  // from step 0 on; 0: their masks may let through all there is
	Input bool // the gradient by the inputs is wanted, too; that itself is the caller's
}

// StepMemory bounds what training steps take on that many threads. Of very many steps it looks at the first Planned ones.
func StepMemory(n *Network, s Steps, threads int) (Memory, error) {
	r, err := sketch(n, threads)
	if err != nil {
		return Memory{}, err
	}
	r.input = s.Input
	e := r.everything(s.Batch)
	if s.Count > 0 && r.perStep(s.Batch) > 0 {
		e = r.largest(s)
	}
	kept := sizes(4 * e.kept)
	return Memory{
		Packed:  r.packed(s.Batch, true),
		Working: r.forwardWork(s.Batch) + r.backwardWork(s.Batch, e.rows),
		Masks:   r.maskBytes(s.Batch) + r.reachBytes(e, s.Batch),
		Kept:    kept.total(),
	}, nil
}

// ForwardMemory bounds what a forward pass takes that no backward pass follows.
func ForwardMemory(n *Network, batch, threads int) (Memory, error) {
	r, err := sketch(n, threads)
	if err != nil {
		return Memory{}, err
	}
	return Memory{Packed: r.packed(batch, false), Working: r.forwardWork(batch)}, nil
}

// sketch returns a runner that can plan and cannot run.
func sketch(n *Network, threads int) (*Runner, error) {
	stages, err := compile(n)
	if err != nil {
		return nil, err
	}
	shapes, err := n.Shapes()
	if err != nil {
		return nil, err
	}
	r := &Runner{net: n, shapes: shapes, stages: stages, body: headStart(stages), early: early(stages), lowest: lowest(stages)}
	r.crew = &crew{workers: max(1, threads)}
	if r.body < len(stages) {
		r.head = newHead(r, 0)
	}
	r.bands = r.backwardBandCount()
	return r, nil
}
