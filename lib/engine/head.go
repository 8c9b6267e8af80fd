package engine

import (
	"backdrop/lib/kernel"
	"backdrop/lib/net"
)

// A head is the linear layers at the end of a network, behind which a sample is a row of numbers. It takes many samples
// at a time, so that tiles are full and weights are read once for all of them. What is before it, the body, takes
// samples one by one.
//
// A mask on the sample axis takes rows away: from there back to the input, they are neither kept nor computed.
type head struct {
	run      *Runner
	from, to int       // the samples under way
	x        []float32 // the output of the body for them, [to − from, channels]

	// For every node from the end of the body on: the samples for which the gradient with respect to its output survives;
	// the position of each sample among them (−1: not there); the node's output for the samples of the next node, whose
	// weights' gradients need it; and the gradient with respect to its output.
	rows     [][]int
	position [][]int32
	kept     [][]float32
	grads    [][]float32

	sums    []*sums
	workers []*headWorker
	dout    [][]float32 // of each sample: gradient with respect to the output of the body
	node    int         // the node whose backward pass is under way

	forwardJob, weightsJob, rowsJob func(worker, item int)
}

// headWorker is one goroutine's memory.
type headWorker struct {
	rows  [][]float32 // output of each node, of a few samples
	tile  kernel.Tile
	terms []kernel.Term
	ones  []kernel.Term
}

const (
	headSamples = 512 // that the body takes before the head does: bounds the memory between them
	headRows    = 48  // that a worker takes at a time: eight tiles
)

func newHead(r *Runner, workers int) *head {
	n := len(r.nodes)
	h := &head{
		run: r, rows: make([][]int, n), position: make([][]int32, n), kept: make([][]float32, n), grads: make([][]float32, n),
		sums: make([]*sums, n), workers: make([]*headWorker, workers),
	}
	h.forwardJob, h.weightsJob, h.rowsJob = h.forwardRows, h.weightRows, h.gradientRows
	return h
}

// bottom is the last node of the body.
func (h *head) bottom() int { return h.run.body - 1 }

// plan finds out for which samples a gradient survives.
func (h *head) plan(masks net.Masks, batch int) {
	last := len(h.run.nodes) - 1
	for t := last; t >= h.bottom(); t-- {
		h.rows[t] = h.rows[t][:0]
		h.position[t] = grow(h.position[t], batch)
		for n := range batch {
			h.position[t][n] = -1
			if (t == last || h.position[t+1][n] >= 0) && h.run.passes(t, masks, n) {
				h.position[t][n] = int32(len(h.rows[t]))
				h.rows[t] = append(h.rows[t], n)
			}
		}
	}
}

// keptRows is the number of samples for which the output of node t is kept.
func (h *head) keptRows(t int) int { return len(h.rows[min(t+1, len(h.rows)-1)]) }

// reserve makes room for what is kept.
func (h *head) reserve() {
	for t := h.bottom(); t < len(h.run.nodes); t++ {
		h.kept[t] = growMore(h.kept[t], h.keptRows(t)*h.run.nodes[t].ch)
	}
}

// passes reports whether the masks behind node t, whose output is one pixel, let some gradient of sample n through.
func (r *Runner) passes(t int, masks net.Masks, n int) bool {
	for _, p := range r.nodes[t].points {
		if m := p.blocking(masks); m != nil && !m.Passes(n, 0, 0, 0) {
			return false
		}
	}
	return true
}

// begin makes room for the samples from ≤ n < to.
func (h *head) begin(from, to int) {
	h.from, h.to = from, to
	h.x = grow(h.x, (to-from)*h.run.nodes[h.bottom()].ch)
}

// row is where the output of the body for sample n goes.
func (h *head) row(n int) []float32 {
	ch := h.run.nodes[h.bottom()].ch
	return h.x[(n-h.from)*ch:][:ch]
}

// forward takes the samples that the body has done to the end.
func (h *head) forward() { h.run.crew.do(ceilDiv(h.to-h.from, headRows), h.forwardJob) }

func (h *head) worker(i int) *headWorker {
	if h.workers[i] == nil {
		h.workers[i] = &headWorker{rows: make([][]float32, len(h.run.nodes))}
	}
	return h.workers[i]
}

func (h *head) forwardRows(worker, item int) {
	r, w := h.run, h.worker(worker)
	from := h.from + item*headRows
	to := min(from+headRows, h.to)
	in := h.x[(from-h.from)*r.nodes[h.bottom()].ch:]
	h.keep(h.bottom(), from, to, in)
	for t := r.body; t < len(r.nodes); t++ {
		s := &r.nodes[t]
		w.rows[t] = grow(w.rows[t], headRows*s.ch)
		o, out := s.op.(*conv), w.rows[t]
		w.terms = w.terms[:0]
		for k := range s.terms() {
			w.terms = append(w.terms, kernel.Term{A: int32(k), B: int32(k * kernel.Columns)})
		}
		w.tile = kernel.Tile{
			Terms: w.terms, A: in, B: o.pack.forward, Panel: s.terms() * kernel.Columns, C: out, Panels: s.ch / kernel.Columns,
			Bias: o.pack.bias, Scale: 1, ReLU: s.relu,
		}
		w.eachTile(to-from, s.chIn, s.ch)
		for n := from; n < to; n++ {
			s.pointsForward(r.masks, pixel{n: n}, out[(n-from)*s.ch:][:s.ch])
		}
		h.keep(t, from, to, out)
		in = out
	}
	s := &r.nodes[len(r.nodes)-1]
	for n := from; n < to; n++ {
		copy(r.batch[n].out, in[(n-from)*s.ch:])
	}
}

// eachTile runs the tile for rows of A and C that lie as far apart as said.
func (w *headWorker) eachTile(rows, strideA, strideC int) {
	for at := 0; at < rows; at += kernel.Rows {
		count := min(kernel.Rows, rows-at)
		for i := range count {
			w.tile.ARow[i], w.tile.CRow[i] = (at+i)*strideA, (at+i)*strideC
		}
		w.tile.RunFirst(count)
	}
}

// keep copies the output of node t for the samples whose gradient needs it.
func (h *head) keep(t, from, to int, rows []float32) {
	if h.run.masks == nil {
		return
	}
	ch := h.run.nodes[t].ch
	position := h.position[min(t+1, len(h.position)-1)]
	for n := from; n < to; n++ {
		if p := int(position[n]); p >= 0 {
			copy(h.kept[t][p*ch:][:ch], rows[(n-from)*ch:])
		}
	}
}

// backward adds to the gradients of the head's parameters. If body is set, it returns the gradient with respect to the
// output of the body, of each sample.
func (h *head) backward(dout [][]float32, body bool) [][]float32 {
	r := h.run
	last := len(r.nodes) - 1
	h.lastGradient(dout)
	for t := last; t >= r.body && len(h.rows[t]) > 0; t-- {
		h.node = t
		if h.sums[t] == nil {
			h.sums[t] = r.nodes[t].op.(*conv).newSums(&r.nodes[t])
		}
		h.sums[t].use()
		r.crew.do(ceilDiv(r.nodes[t].terms(), headRows), h.weightsJob)
		if t == r.body && !body {
			break
		}
		h.grads[t-1] = growMore(h.grads[t-1], len(h.rows[t-1])*gradientChannels(r.nodes[t].in.C))
		r.crew.do(ceilDiv(len(h.rows[t-1]), headRows), h.rowsJob)
	}
	if !body {
		return nil
	}
	h.dout = grow(h.dout, len(dout))
	ch := gradientChannels(r.nodes[h.bottom()].out.C)
	for i, n := range h.rows[h.bottom()] {
		h.dout[n] = h.grads[h.bottom()][i*ch:][:ch]
	}
	return h.dout
}

// lastGradient brings the gradient with respect to the network's output into the head's order.
func (h *head) lastGradient(dout [][]float32) {
	r := h.run
	last := len(r.nodes) - 1
	s := &r.nodes[last]
	h.grads[last] = growMore(h.grads[last], len(h.rows[last])*s.ch)
	for i, n := range h.rows[last] {
		v := h.grads[last][i*s.ch:][:s.ch]
		clear(v[copy(v, dout[n]):])
		s.pointsBackward(v[:s.out.C], h.kept[last][i*s.ch:], r.masks, pixel{n: n})
	}
}

// weightRows adds to some rows of the gradient of a node's weights: the sum over samples of input times gradient.
func (h *head) weightRows(worker, item int) {
	t := h.node
	s, w, rows := &h.run.nodes[t], h.worker(worker), len(h.rows[t])
	terms, total := s.terms(), h.sums[t].rows
	for from := 0; from < rows; from += termsAtOnce {
		w.terms, w.ones = w.terms[:0], w.ones[:0]
		for i := range min(termsAtOnce, rows-from) {
			w.terms = append(w.terms, kernel.Term{A: int32(i * s.chIn), B: int32(i * s.ch)})
			w.ones = append(w.ones, kernel.Term{B: int32(i * s.ch)})
		}
		w.tile = kernel.Tile{
			Terms: w.terms, A: h.kept[t-1][from*s.chIn:], B: h.grads[t][from*s.ch:], Panel: kernel.Columns, C: total, Panels: s.ch / kernel.Columns, Add: true, Scale: 1,
		}
		for k := item * headRows; k < min((item+1)*headRows, terms); k += kernel.Rows {
			for i := range kernel.Rows {
				if k+i < terms {
					w.tile.ARow[i], w.tile.CRow[i] = k+i, (k+i)*s.ch
				} else {
					w.tile.ARow[i], w.tile.CRow[i] = 0, terms*s.ch
				}
			}
			w.tile.Run()
		}
		if (item+1)*headRows >= terms { // the last worker also adds up the biases
			addBias(&w.tile, w.ones, s)
		}
	}
}

// gradientRows sets some rows of the gradient with respect to a node's input, and takes them back through the pointwise
// layers there unless the body does.
func (h *head) gradientRows(worker, item int) {
	t := h.node
	r, w := h.run, h.worker(worker)
	s, before := &r.nodes[t], &r.nodes[t-1]
	ch := gradientChannels(s.in.C)
	rows := h.rows[t-1][item*headRows:]
	rows = rows[:min(len(rows), headRows)]
	out := h.grads[t-1][item*headRows*ch:]
	w.terms = w.terms[:0]
	for o := range s.out.C {
		w.terms = append(w.terms, kernel.Term{A: int32(o), B: int32(o * kernel.Columns)})
	}
	w.tile = kernel.Tile{
		Terms: w.terms, A: h.grads[t], B: s.op.(*conv).pack.phases[0].back, Panel: s.out.C * kernel.Columns, C: out, Panels: ch / kernel.Columns, Scale: 1,
	}
	for at := 0; at < len(rows); at += kernel.Rows {
		count := min(kernel.Rows, len(rows)-at)
		for i := range count {
			w.tile.ARow[i], w.tile.CRow[i] = int(h.position[t][rows[at+i]])*s.ch, (at+i)*ch
		}
		w.tile.RunFirst(count)
	}
	if t == r.body {
		return
	}
	for i, n := range rows {
		before.pointsBackward(out[i*ch:][:before.out.C], h.kept[t-1][int(h.position[t][n])*before.ch:], r.masks, pixel{n: n})
	}
}
