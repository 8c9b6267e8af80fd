package engine

import (
	"math"
	"runtime"
	"slices"
	"sync"

	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// float is what a network can be computed in: float32 in use, float64 to check gradients against differences.
type float interface{ float32 | float64 }

// pieces is the largest number of parts that a batch is cut into. Each part sums its gradients on its own and the
// sums are added in order, so that a result does not depend on the number of threads.
const pieces = 8

// layerParams are the parameters of a layer and their gradients; nil where it has none.
type layerParams[T float] struct{ w, b, dw, db []T }

// runner is the plain implementation: every activation is kept, every gradient is computed and multiplied by its
// mask. Layout is C,H,W throughout.
type runner[T float] struct {
	net     *net.Network
	shapes  []net.Shape // output of each layer
	threads int
	params  []layerParams[T]

	masks   net.Masks
	acts    [][][]T // per sample: input, output of each layer
	out     [][]T
	grads   [pieces][]layerParams[T] // one set of sums a piece; only dw and db are used
	workers []*worker[T]
}

// worker is the memory of one goroutine.
type worker[T float] struct {
	grads [][]T // gradient with respect to the input, and to the output of each layer
	dx    []T   // what one layer adds to the gradient with respect to its input
}

func (r *runner[T]) in(layer int) net.Shape {
	if layer == 0 {
		return r.net.Input
	}
	return r.shapes[layer-1]
}

// each calls f for every piece of the batch, on as many goroutines as there are threads.
func (r *runner[T]) each(batch int, f func(w *worker[T], piece, from, to int)) {
	threads := r.threads
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	count := min(batch, pieces)
	threads = min(threads, count)
	for len(r.workers) < threads {
		r.workers = append(r.workers, &worker[T]{})
	}
	next := make(chan int, count)
	for p := range count {
		next <- p
	}
	close(next)
	var wg sync.WaitGroup
	for i := range threads {
		wg.Go(func() {
			for p := range next {
				f(r.workers[i], p, p*batch/count, (p+1)*batch/count)
			}
		})
	}
	wg.Wait()
}

func (r *runner[T]) forward(x [][]T, masks net.Masks) [][]T {
	for len(r.acts) < len(x) {
		r.acts = append(r.acts, r.newActivations())
	}
	r.masks = masks
	r.out = r.out[:0]
	r.each(len(x), func(w *worker[T], _, from, to int) {
		for n := from; n < to; n++ {
			if len(x[n]) != r.net.Input.Len() {
				panic("engine: sample has the wrong length")
			}
			copy(r.acts[n][0], x[n])
			for i := range r.net.Layers {
				r.layerForward(w, i, n)
			}
		}
	})
	for n := range x {
		r.out = append(r.out, r.acts[n][len(r.net.Layers)])
	}
	return r.out
}

func (r *runner[T]) newActivations() [][]T {
	acts := make([][]T, len(r.net.Layers)+1)
	acts[0] = make([]T, r.net.Input.Len())
	for i, shape := range r.shapes {
		acts[i+1] = make([]T, shape.Len())
	}
	return acts
}

func (r *runner[T]) backward(dout [][]T, inputGrad [][]T) {
	r.each(len(dout), func(w *worker[T], piece, from, to int) {
		if w.grads == nil {
			w.grads = r.newActivations()
		}
		sums := r.sums(piece)
		for n := from; n < to; n++ {
			for _, g := range w.grads {
				clear(g)
			}
			copy(w.grads[len(w.grads)-1], dout[n])
			for i := len(r.net.Layers) - 1; i >= 0; i-- {
				r.layerBackward(w, sums[i], i, n, i > 0 || inputGrad != nil)
			}
			if inputGrad != nil {
				copy(inputGrad[n], w.grads[0])
			}
		}
	})
	for piece := range min(len(dout), pieces) {
		for i, sum := range r.grads[piece] {
			addTo(r.params[i].dw, sum.dw)
			addTo(r.params[i].db, sum.db)
		}
	}
}

// sums returns a piece's gradient sums, set to zero.
func (r *runner[T]) sums(piece int) []layerParams[T] {
	if r.grads[piece] == nil {
		r.grads[piece] = make([]layerParams[T], len(r.params))
		for i, p := range r.params {
			r.grads[piece][i] = layerParams[T]{dw: make([]T, len(p.w)), db: make([]T, len(p.b))}
		}
	}
	for _, s := range r.grads[piece] {
		clear(s.dw)
		clear(s.db)
	}
	return r.grads[piece]
}

func addTo[T float](dst, src []T) {
	for i, v := range src {
		dst[i] += v
	}
}

// layerForward runs one layer on one sample.
func (r *runner[T]) layerForward(w *worker[T], i, n int) {
	l, p, in, out := r.net.Layers[i], r.params[i], r.in(i), r.shapes[i]
	x, y := r.acts[n][i], r.acts[n][i+1]
	switch l.Op {
	case "conv":
		convForward(l, in, out, x, standardise(l, out.C, p.w, nil), p.b, y)
	case "relu":
		for j, v := range x {
			y[j] = max(v, 0)
		}
	case "leakyrelu":
		for j, v := range x {
			y[j] = max(v, T(l.Slope)*v)
		}
	case "maxpool":
		maxPoolForward(l, in, out, x, y)
	case "avgpool":
		avgPoolForward(l, in, out, x, y)
	case "gap":
		area := in.Size().Product()
		for c := range in.C {
			y[c] = sum(x[c*area:(c+1)*area]) / T(area)
		}
	case "linear":
		linearForward(x, p.w, p.b, y)
	case "dropout":
		copy(y, x)
		multiply(y, r.masks[i], in, n)
	case "flatten", "backdrop": // identities
		copy(y, x)
	case "groupnorm":
		normalise(l, in, x, func(c, i int, normal, _ T) { y[i] = normal*p.w[c] + p.b[c] })
	case "gmp":
		pixels := in.Size().Product()
		for c := range in.C {
			y[c] = slices.Max(x[c*pixels : (c+1)*pixels])
		}
	case "silu":
		for j, v := range x {
			y[j] = v / (1 + T(math.Exp(-float64(v))))
		}
	case "add":
		copy(y, x)
		addTo(y, r.acts[n][r.net.Inputs(i)[1]+1])
	case "concat":
		copy(y[copy(y, x):], r.acts[n][r.net.Inputs(i)[1]+1])
	default:
		panic("engine: no such layer")
	}
}

// layerBackward adds to the gradients with respect to a layer's parameters and, unless it is not wanted, its inputs.
func (r *runner[T]) layerBackward(w *worker[T], sums layerParams[T], i, n int, wanted bool) {
	l, p, in, out := r.net.Layers[i], r.params[i], r.in(i), r.shapes[i]
	x, y := r.acts[n][i], r.acts[n][i+1]
	dy := w.grads[i+1]
	w.dx = grow(w.dx, in.Len())
	dx := w.dx
	switch l.Op {
	case "relu", "leakyrelu":
		for j, v := range y {
			if dx[j] = dy[j]; !(v > 0) {
				dx[j] *= T(l.Slope)
			}
		}
	case "dropout", "backdrop":
		copy(dx, dy)
		multiply(dx, r.masks[i], in, n)
	case "flatten", "add":
		copy(dx, dy)
	case "concat":
		copy(dx, dy)
	case "groupnorm":
		groupNormBackward(l, in, x, p.w, dy, sums.dw, sums.db, dx)
	case "gmp":
		clear(dx)
		pixels := in.Size().Product()
		for c := range in.C {
			dx[c*pixels+slices.Index(x[c*pixels:(c+1)*pixels], y[c])] = dy[c]
		}
	case "silu":
		for j, v := range x {
			s := 1 / (1 + T(math.Exp(-float64(v))))
			dx[j] = dy[j] * s * (1 + v*(1-s))
		}
	case "conv":
		if !l.WS {
			convBackward(l, in, out, x, p.w, dy, sums.dw, sums.db, dx)
			break
		}
		dw := make([]T, len(p.w))
		convBackward(l, in, out, x, standardise(l, out.C, p.w, nil), dy, dw, sums.db, dx)
		addTo(sums.dw, standardise(l, out.C, p.w, dw))
	case "maxpool":
		maxPoolBackward(l, in, out, x, dy, dx)
	case "avgpool":
		avgPoolBackward(l, in, out, dy, dx)
	case "gap":
		area := in.Size().Product()
		for c := range in.C {
			for j := c * area; j < (c+1)*area; j++ {
				dx[j] = dy[c] / T(area)
			}
		}
	case "linear":
		linearBackward(x, p.w, dy, sums.dw, sums.db, dx)
	}
	if !wanted {
		return
	}
	for k, from := range r.net.Inputs(i) {
		part := dx
		if l.Op == "concat" && k > 0 { // the channels behind the first input's
			part = dy[in.Len():]
		}
		addTo(w.grads[from+1], part)
	}
}

func sum[T float](v []T) T {
	var s T
	for _, a := range v {
		s += a
	}
	return s
}

// multiply multiplies a sample's tensor by its part of a mask; nil is an identity.
func multiply[T float](v []T, m *mask.Mask, s net.Shape, n int) {
	if m == nil {
		return
	}
	i := 0
	for c := range s.C {
		size := s.Size()
		for d := range size[net.D] {
			for h := range size[net.H] {
				for w := range size[net.W] {
					v[i] *= T(m.At(n, c, d, h, w))
					i++
				}
			}
		}
	}
}
