package main

import (
	"fmt"
	"io"
	"math"
	"runtime/debug"
	"slices"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/stream"
	"backdrop/lib/bytesize"
	"backdrop/lib/engine"
	"backdrop/lib/machine"
	"backdrop/lib/mask"
	"backdrop/lib/net"
	"backdrop/lib/train"
)

// sampleMemory is how many bytes of samples a table keeps in memory before it turns to a temporary file: with --memory, its
// share of a half, with a third more for keys and labels. 0 is no bound.
func (o *options) sampleMemory() int64 {
	if !o.MemoryLimited() {
		return 0
	}
	have, _ := machine.Memory()
	if o.Val != "" {
		return have / 16 * 3
	}
	return have / 8 * 3
}

// memory is what a run takes, by part. It never takes more.
type memory struct {
	data   int64 // samples that are kept, keys and labels, what reads samples
	mapped int64 // pages of files with samples
	train  train.Memory
	files  int64 // writing models, and reading one to resume from

	batch, valBatch, threads int
	steps, looked            int  // of the run, and those of whose masks it is the largest
	assumed                  bool // there are no data
}

func (m *memory) heap() int64  { return m.data + m.train.Total() + m.files }
func (m *memory) total() int64 { return m.heap() + m.mapped }

// peak is the most that the process takes: the garbage collector lets the heap grow by gcPercent, is late by a few more, and by
// a lot where models are written often or a picture is drawn, but keeps to --memory.
func (m *memory) peak(o *options) int64 {
	const late, picture, checkpoints = 5, 10 << 20, 16 << 20
	peak := tool.Program + m.total() + m.heap()/100*(gcPercent+late)
	if o.checkpoint != "" {
		peak += m.files + checkpoints
	}
	if o.plot != "" {
		peak += picture
	}
	if have, _ := machine.Memory(); o.MemoryLimited() {
		peak = min(peak, have+tool.Program)
	}
	return peak
}

// planned finds out what a run with this configuration takes, and lets it do with less where it can: it validates on fewer
// samples at a time and, with --memory, uses fewer threads. What does not fit all the same is an error. d is nil if there
// are no data. exact: look at the masks of the run even if there is room for whatever they let through.
func (o *options) planned(network *net.Network, d *samples, c *train.Config, exact bool) (*memory, error) {
	r := &planner{o: o, net: network, data: d, config: *c, extent: train.Extent{Samples: assumedSamples, InPlace: o.Normalise != normaliseData}}
	if d != nil {
		r.extent = train.ExtentOf(d.data, d.val)
	}
	if d != nil && d.stream != nil {
		r.extent.Samples = d.stream.source.Most()
	}
	m, err := r.smallest(true)
	if err == nil && !fits(m) {
		m, err = r.smallest(false)
	}
	if err != nil {
		return nil, err
	}
	if !fits(m) {
		return nil, r.tooLarge(m)
	}
	if c.Threads, c.ValBatch = m.threads, m.valBatch; o.MemoryLimited() {
		c.MostKept = m.train.Engine.Kept
	}
	o.Threads = m.threads
	if r.config = *c; exact {
		return r.memory(false)
	}
	return m, nil
}

// assumedSamples is how many samples are trained on where there are no data: as many as in the paper's set.
const assumedSamples = 100

func fits(m *memory) bool {
	have, _ := machine.Memory()
	return m.total() <= have
}

// planner finds out what a run takes.
type planner struct {
	o      *options
	net    *net.Network
	data   *samples // nil if there are none
	config train.Config
	extent train.Extent

	kept    *engine.Extent // of the largest step
	keptAny bool           // kept is what masks may let through
	looked  int
}

// smallest is the memory of the run with fewer threads, and fewer samples to validate on at a time, as far as that makes it
// fit.
func (r *planner) smallest(any bool) (*memory, error) {
	r.config.Threads = r.o.Threads
	for {
		for r.config.ValBatch = mostValBatch; ; r.config.ValBatch /= 2 {
			m, err := r.memory(any)
			if err != nil || fits(m) {
				return m, err
			}
			if r.config.ValBatch == 1 || r.extent.Val == 0 {
				break
			}
		}
		if !r.o.MemoryLimited() || r.config.Threads == 1 {
			return r.memory(any)
		}
		r.config.Threads /= 2
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
	m := &memory{threads: r.config.Threads, valBatch: r.config.ValBatch, looked: r.looked, assumed: r.data == nil}
	m.batch, m.steps = r.config.Steps(r.extent.Samples)
	var err error
	if m.train, err = r.config.Memory(r.net, r.extent, r.kept); err != nil {
		return nil, err
	}
	m.files = r.files(m)
	if r.data != nil {
		m.data, m.mapped = r.data.held(m.batch, min(m.valBatch, r.extent.Val))
	}
	return m, nil
}

// held is what the data take, of the heap and of mapped files, if so many samples are in use at a time.
func (d *samples) held(batch, val int) (heap, mapped int64) {
	for _, c := range d.close {
		if s, ok := c.(interface{ Held() (heap, mapped int64) }); ok {
			h, m := s.Held()
			heap, mapped = heap+h, mapped+m
		}
	}
	sample := 4 * int64(d.shape.Len())
	switch {
	case d.stream != nil:
		heap += sample // the one that is read
	case mapped > 0 && train.ExtentOf(d.data, nil).InPlace:
		mapped += int64(batch) * sample
	}
	if d.val != nil && mapped > 0 && train.ExtentOf(d.val, nil).InPlace {
		mapped += int64(val) * sample
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
	if r.o.checkpoint != "" {
		writing *= 2 // what the checkpoint before has left may not be collected yet
	}
	if r.o.resume == "" {
		return writing
	}
	const weights = 5 // as in the file, and its finished and best ones; as a network's, with gradients
	reading := size * int64(weights+r.config.Optim.StateArrays())
	return max(writing, reading-m.train.Engine.Working-m.train.Engine.Kept)
}

// tooLarge says that there is too little memory, and what would fit.
func (r *planner) tooLarge(m *memory) error {
	what := fmt.Sprintf("a step of %d samples", m.batch)
	if m.batch == 1 {
		what = "a step of 1 sample"
	}
	if r.o.MemoryLimited() && r.data != nil && r.data.data != nil {
		what += ", beside those that are kept,"
	}
	return tool.Fits(what, float64(m.total()), strings.Join(append(r.remedies(m), "a smaller network"), " or "))
}

// remedies are changes of the flags with which a run fits.
func (r *planner) remedies(m *memory) (all []string) {
	try := func(remedy string, change func(*planner)) bool {
		other := *r
		other.net = &net.Network{Input: r.net.Input, Layers: slices.Clone(r.net.Layers)}
		other.kept = nil
		change(&other)
		m, err := other.smallest(other.kept == nil)
		if err == nil && !fits(m) {
			m, err = other.smallest(false)
		}
		if err != nil || !fits(m) {
			return false
		}
		all = append(all, remedy)
		return true
	}
	for batch := m.batch / 2; batch > 0; batch /= 2 {
		smaller := func(p *planner) {
			if p.config.Batch = batch; !perSample(r.net) {
				p.kept = r.kept.Scaled(m.batch, batch)
			}
		}
		if try(fmt.Sprintf("--batch %d", batch), smaller) {
			break
		}
	}
	r.tryMasks(try)
	for crop := max(r.net.Input.H, r.net.Input.W) / 2; crop >= 16; crop /= 2 {
		augment := r.config.Augment
		if augment.Crop > 0 && augment.Crop <= crop {
			continue
		}
		augment.Crop = crop
		if try("--augment "+augment.String(), func(p *planner) { p.config.Augment = augment }) {
			break
		}
	}
	return all
}

// tryMasks tries to turn masks on that are off.
func (r *planner) tryMasks(try func(remedy string, change func(*planner)) bool) {
	if r.o.NoMasks {
		if network, err := models.Network(r.o.Net, r.net.Input, r.classes()); err == nil {
			try("masks (leave out --no-masks)", func(p *planner) { p.net = network })
		}
		return
	}
	for _, i := range r.net.Backdrops() {
		const p = 0.95
		if l := r.net.Layers[i]; l.P == 0 && try(fmt.Sprintf("--mask %s=%v", l.Name, p), func(q *planner) { q.net.Layers[i].P = p }) {
			return
		}
	}
}

// perSample reports whether samples of a batch have masks of their own.
func perSample(n *net.Network) bool {
	return slices.ContainsFunc(n.Layers, func(l net.Layer) bool { return l.Op == "backdrop" && l.P > 0 && l.Axes&mask.N != 0 })
}

func (r *planner) classes() int {
	n, _ := r.net.Classes() // which was looked at before
	return n
}

// collect makes the garbage collector keep to the plan, after what reading the data has left is gone.
func (m *memory) collect(o *options) {
	debug.FreeOSMemory()
	have, _ := machine.Memory()
	if o.Outside(m.mapped); !o.MemoryLimited() {
		debug.SetMemoryLimit(have)
	}
}

// summarise writes what the process takes at most, and what of it for what.
func (m *memory) summarise(w io.Writer, o *options) error {
	noun := "samples"
	if m.batch == 1 {
		noun = "sample"
	}
	of := fmt.Sprintf("the largest of %d steps", m.steps)
	switch {
	case m.assumed:
		of = fmt.Sprintf("the largest of the %d steps of %d epochs with %d samples; the data come on top", m.steps, o.Epochs, assumedSamples)
	case m.steps == math.MaxInt:
		of = fmt.Sprintf("the largest of the first %d steps", m.looked)
	case m.looked < m.steps:
		of = fmt.Sprintf("the largest of the first %d of %d steps", m.looked, m.steps)
	}
	fmt.Fprintf(w, "peak memory    %s for a step of %d %s, %s\n", bytesize.Format(m.peak(o)), m.batch, noun, of)
	e := m.train.Engine
	for _, part := range []struct {
		bytes int64
		of    string
	}{
		{m.data + m.mapped, "the data"},
		{m.train.Samples, "samples as the network takes them"},
		{m.train.Weights, "weights, gradients, the optimiser's state"},
		{e.Packed, "weights in the order of the kernels, sums"},
		{e.Working, "rows under way"},
		{e.Masks, "masks and where they let gradients through"},
		{e.Kept, "what is kept for the backward pass"},
		{m.files, "files of models"},
		{m.peak(o) - m.total(), "the program, and what the garbage collector leaves"},
	} {
		if part.bytes > 0 {
			if _, err := fmt.Fprintf(w, "%14s %s\n", bytesize.Format(part.bytes), part.of); err != nil {
				return err
			}
		}
	}
	return nil
}
