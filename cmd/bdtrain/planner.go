package main

import (
	"backdrop/cmd/internal/tool"
	"backdrop/formats/stream"
	"backdrop/lib/engine"
	"backdrop/lib/machine"
	"backdrop/lib/net"
	"backdrop/lib/train"
)

// planMemory finds out what a run takes, and returns with it the configuration of the trainer, which does with less where it can: it
// validates on fewer samples at a time and, with --memory, uses fewer threads. What does not fit all the same is an error. d is
// nil if there are no data. exact: look at the masks of the run even if there is room for whatever they let through.
func planMemory(c *config, from origin, network *net.Network, d *samples, exact bool) (*memory, train.Config, error) {
	r := &planner{c: c, from: from, net: network, data: d, config: c.train, extent: train.Extent{Samples: assumedSamples, InPlace: c.Normalise != normaliseData}}
	if d != nil {
		r.config.Normalisation = d.scale
		r.extent = train.ExtentOf(d.set, d.val)
	}
	if d != nil && d.once != nil {
		r.extent.Samples, r.extent.InFile = d.once.source.Most(), d.once.inFile
	}
	planned := r.config
	m, err := r.smallest(true)
	if err == nil && (!fits(m) || m.kept.Recompute() > 0) { // it depends on the masks how much is worth keeping
		m, err = r.smallest(false)
	}
	if err != nil {
		return nil, planned, err
	}
	if !fits(m) {
		return nil, planned, r.tooLarge(m)
	}
	planned.Recompute = m.kept.Recompute()
	if planned.Threads, planned.ValBatch = m.threads, m.valBatch; c.MemoryLimited() {
		planned.MostKept = m.train.Engine.Kept
	}
	if r.config = planned; exact {
		m, err = r.memory(false)
	}
	return m, planned, err
}

// assumedSamples is how many samples are trained on where there are no data: as many as in the paper's set.
const assumedSamples = 100

func fits(m *memory) bool {
	have, _ := machine.Memory()
	return m.total() <= have
}

// planner finds out what a run takes.
type planner struct {
	c      *config
	from   origin
	net    *net.Network
	data   *samples // nil if there are none
	config train.Config
	extent train.Extent

	kept    *engine.Extent // of the largest step
	keptAny bool           // kept is what masks may let through
	looked  int
}

// smallest is the memory of the run with fewer samples to validate on at a time, more that is computed again instead of kept, and
// fewer threads, as far as that makes it fit.
func (r *planner) smallest(any bool) (*memory, error) {
	r.config.Threads = r.c.Threads
	if have, _ := machine.Memory(); !any && (r.kept == nil || r.keptAny) {
		looking, err := r.config.Looking(r.net, r.extent)
		if err != nil {
			return nil, err
		}
		if looking > have {
			m, err := r.memory(true)
			if err == nil {
				m.train.Engine.Masks = min(m.train.Engine.Masks, looking)
			}
			return m, err
		}
		r.config.Threads = int(min(int64(r.c.Threads), have/max(1, looking)))
		if _, err = r.memory(false); err != nil {
			return nil, err
		}
		r.config.Threads = r.c.Threads
	}
	var least *memory
	for {
		for r.config.ValBatch = mostValBatch; ; r.config.ValBatch /= 2 {
			m, err := r.memory(any)
			if err != nil || fits(m) {
				return m, err
			}
			if least == nil || m.total() < least.total() {
				least = m
			}
			if r.config.ValBatch == 1 || r.extent.Val == 0 {
				break
			}
		}
		more := false
		if r.kept, more = r.kept.RecomputeMore(); more {
			continue
		}
		if !r.c.MemoryLimited() || r.config.Threads == 1 {
			return least, nil
		}
		r.config.Threads /= 2
		r.kept = nil // what is computed again is chosen anew
	}
}

// mostValBatch is how many samples are validated on at a time: enough for all threads.
const mostValBatch = 32

// memory is that of the run as it is configured.
func (r *planner) memory(any bool) (*memory, error) {
	if r.kept == nil || r.keptAny != any {
		var err error
		if r.kept, r.looked, err = r.config.Largest(r.net, r.extent, any); err != nil {
			return nil, tool.Usage(err)
		}
		r.keptAny = any
	}
	m := &memory{kept: r.kept, threads: r.config.Threads, valBatch: r.config.ValBatch, looked: r.looked, assumed: r.data == nil}
	m.batch, m.steps = r.config.Steps(r.extent.Samples)
	var err error
	if m.train, err = r.config.Memory(r.net, r.extent, r.kept); err != nil {
		return nil, err
	}
	m.files = r.files(m)
	if r.data != nil {
		m.data, m.mapped = r.data.held()
	}
	return m, nil
}

// held is what the data take, of the heap and of mapped files.
func (d *samples) held() (heap, mapped int64) {
	for _, c := range d.close {
		if s, ok := c.(interface{ Held() (heap, mapped int64) }); ok {
			h, m := s.Held()
			heap, mapped = heap+h, mapped+m
		}
	}
	if d.once != nil && !d.once.inFile {
		heap += 4 * int64(d.shape.Len()) // the one that is read
	}
	return heap, mapped
}

// files is what reading and writing models takes, where that is not done before or after there is all else.
func (r *planner) files(m *memory) int64 {
	params, err := net.ParamShapes(r.net)
	if err != nil {
		return 0
	}
	size := int64(0)
	for _, p := range params {
		size += 4 * int64(p.Size())
	}
	writing := stream.WriterMemory(size)
	if r.c.checkpoint != "" {
		writing *= 2 // what the checkpoint before has left may not be collected yet
	}
	if r.c.resume == "" {
		return writing
	}
	const weights = 5 // as in the file, and its finished and best ones; as a network's, with gradients
	reading := size * int64(weights+r.config.Optim.StateArrays())
	return max(writing, reading-m.train.Engine.Working-m.train.Engine.Kept)
}
