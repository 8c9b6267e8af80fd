package gp

import (
	"backdrop/lib/dims"
	"backdrop/lib/parallel"
)

// A plan turns the coefficients of a field into its values, f = Bᵀ Z B in two dimensions: one axis after the other, the
// last first.
type plan struct {
	shape, modes []int
	axes         []axis
	index        [][]int // of each axis, the indices of modes among coefficients
}

func newPlan(shape, periods, modes []int) *plan {
	p := &plan{shape: shape, modes: modes}
	for i, n := range shape {
		var a axis
		for j := range i { // tables are large, and shapes are often square
			if shape[j] == n && periods[j] == periods[i] && modes[j] == modes[i] {
				a = p.axes[j]
			}
		}
		if a == nil {
			a = newAxis(n, periods[i], modes[i])
		}
		p.axes = append(p.axes, a)
		p.index = append(p.index, a.order())
	}
	return p
}

// coefficients returns how many there are.
func (p *plan) coefficients() int { return dims.Count(p.modes) }

// halfway returns how many values there are when axis i and the axes after it are expanded, and the others are not.
func (p *plan) halfway(i int) int { return dims.Count(p.modes[:i]) * dims.Count(p.shape[i:]) }

// buffer returns how many values of work memory expand needs. What is halfway lies there, but for the step before the last
// one: that may use the memory of the result where it fits.
func (p *plan) buffer() int {
	size := 0
	for i := 1; i < len(p.axes); i++ {
		if p.apart(i) {
			size += p.halfway(i)
		}
	}
	return size
}

// apart reports whether what is halfway before axis i-1 is expanded cannot lie where the result will be: where it is larger,
// or more than one step from it, or where the result is a batch, which is not expanded at one go.
func (p *plan) apart(i int) bool {
	if p.axes[0] == nil {
		return i > 1
	}
	return i > 1 || p.halfway(i) > dims.Count(p.shape)
}

// behind returns the plan of a batch of that many modes of the first axis, of which only the axes behind it are expanded. The
// batch stands for the first axis, which has none.
func (p *plan) behind(batch int) *plan {
	return &plan{
		shape: append([]int{batch}, p.shape[1:]...),
		modes: append([]int{batch}, p.modes[1:]...),
		axes:  append([]axis{nil}, p.axes[1:]...),
	}
}

// expand writes the values, as many as points of the shape. The work is cut into pieces whose results stay in cache, and the
// values are the same bits however pieces are shared among threads.
func (p *plan) expand(dst, coefficients, buffer []float32, threads int) {
	p.expandCounting(dst, coefficients, buffer, threads, nil)
}

// expandCounting is expand, and counts what is done.
func (p *plan) expandCounting(dst, coefficients, buffer []float32, threads int, w *work) {
	src := coefficients
	for i := len(p.axes) - 1; i >= 0 && p.axes[i] != nil; i-- {
		to := dst
		if n := p.halfway(i); i > 0 && p.apart(i) {
			to, buffer = buffer[:n], buffer[n:]
		}
		outer, inner := dims.Count(p.modes[:i]), dims.Count(p.shape[i+1:])
		n, modes, axis := p.shape[i], p.modes[i], p.axes[i]
		if i == len(p.axes)-1 {
			const rows = denseRows
			parallel.Do(threads, (outer+rows-1)/rows, func(piece int) {
				r := piece * rows
				axis.last(to[r*n:], src[r*modes:], min(rows, outer-r))
				w.add(float64(min(rows, outer-r)) * axis.time())
			})
		} else {
			blocks := (inner + denseColumns - 1) / denseColumns
			parallel.Do(threads, outer*blocks, func(piece int) {
				o, c := piece/blocks, piece%blocks*denseColumns
				end := min(c+denseColumns, inner)
				axis.first(to[o*n*inner:][:n*inner], src[o*modes*inner:][:modes*inner], inner, c, end)
				w.add(float64(end-c) * axis.time())
			})
		}
		src = to
	}
}

// time is that of expanding a field, in nanoseconds of one thread.
func (p *plan) time() (time float64) {
	for i, a := range p.axes {
		time += float64(dims.Count(p.modes[:i])*dims.Count(p.shape[i+1:])) * a.time()
	}
	return time
}
