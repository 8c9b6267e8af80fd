package npy

import (
	"math"
	"runtime"
	"runtime/debug"
)

// Planes is the values of an array whose first axis is channels and whose others are of pixels, read in pieces where they lie
// (pixels.Source).
type Planes struct {
	of      *Array
	channel int    // from one channel to the next, in elements
	axes    []axis // of pixels; those that lie one behind the other are one
	apart   int    // bytes of the array, if the pixels of a line lie far apart; else 0
	span    int    // bytes from its first element to its last
}

// axis is a number of pixels at equal distances, in elements.
type axis struct{ size, stride int }

// farBytes is a distance at which hardly two elements are on one page.
const farBytes = 2 << 10

// Planes returns the values of an array of numbers with at least one axis.
func (a *Array) Planes() *Planes {
	a.wantNumbers()
	p := &Planes{of: a, axes: make([]axis, 0, 3)}
	strides := a.strides()
	p.channel = strides[0]
	for i, size := range a.Shape[1:] {
		last := len(p.axes) - 1
		if last >= 0 && p.axes[last].stride == size*strides[1+i] {
			p.axes[last] = axis{p.axes[last].size * size, strides[1+i]}
			continue
		}
		p.axes = append(p.axes, axis{size, strides[1+i]})
	}
	if len(p.axes) == 0 {
		p.axes = append(p.axes, axis{1, 1})
	}
	p.span = a.size()
	for i, size := range a.Shape {
		p.span += max(0, size-1) * strides[i] * a.size()
	}
	if last := p.axes[len(p.axes)-1]; last.size > 1 && last.stride > a.Shape[0] && last.stride*a.size() > farBytes {
		p.apart = a.Len() * a.size()
	}
	return p
}

// Pixels implements pixels.Source. What cannot be read any more is zero (Mapping.Err). A float64 beyond the range of float32 is
// infinite.
func (p *Planes) Pixels(dst []float32, step, c, from, to int) {
	m := p.of.in
	if m == nil {
		p.read(dst, step, c, from, to)
		return
	}
	if !p.guarded(m, dst, step, c, from, to) {
		for i := range to - from {
			dst[i*step] = 0
		}
	}
}

// guarded is read for an array in a mapped file.
func (p *Planes) guarded(m *Mapping, dst []float32, step, c, from, to int) (ok bool) {
	if m.broken.Load() {
		return false
	}
	m.look()
	defer m.catch(debug.SetPanicOnFault(true))
	p.read(dst, step, c, from, to)
	return true
}

// read reads runs of pixels at equal distances.
func (p *Planes) read(dst []float32, step, c, from, to int) {
	a, size := p.of, p.of.DType.Size()
	line := p.axes[len(p.axes)-1]
	for from < to {
		x := from % line.size
		n := min(line.size-x, to-from)
		at, rest := c*p.channel+x*line.stride, from/line.size
		for i := len(p.axes) - 2; i >= 0; i-- {
			at += rest % p.axes[i].size * p.axes[i].stride
			rest /= p.axes[i].size
		}
		a.convert(dst, step, a.raw[at*size:], n, line.stride*size)
		if a.in != nil {
			p.touch(at*size, n, line.stride*size)
		}
		if from += n; from < to {
			dst = dst[n*step:]
		}
	}
}

// Resident bounds the bytes of a mapped file that are in memory at a time while samples like this one are read, one by each thread: all
// that lie between elements of these if lines are spread over them, else a few.
func (p *Planes) Resident() int64 {
	m := p.of.in
	switch {
	case m == nil:
		return 0
	case p.apart == 0:
		return m.Resident()
	}
	return min(m.Size(), m.Resident()+int64(min(runtime.GOMAXPROCS(0), len(m.bytes)/p.span+1))*int64(p.span))
}

// touch says that n elements were used, each gap bytes behind the one before.
func (p *Planes) touch(at, n, gap int) {
	m, size := p.of.in, p.of.DType.Size()
	if p.apart > 0 {
		m.touchApart(n*size, p.apart)
		return
	}
	first := m.place(p.of.raw) + at
	m.touch(first, first+(n-1)*gap+size)
}

// Touch says that all elements were used (Mapping).
func (a *Array) Touch() {
	if a.in == nil || a.Len() == 0 {
		return
	}
	size := a.Len() * a.size()
	if a.stride != nil {
		a.in.touchApart(size, size)
		return
	}
	first := a.in.place(a.raw)
	a.in.touch(first, first+size)
}

// Native reports whether the values are read as they are, so that it costs as little as from memory.
func (a *Array) Native() bool {
	_, ok := a.Float32View()
	return ok
}

// Integers reports whether the elements are integers, or booleans, which are always finite.
func (a *Array) Integers() bool {
	return a.DType != Float16 && a.DType != Float32 && a.DType != Float64
}

// Overflow returns an error if a finite value is beyond the range of float32, as Float32 does.
func (a *Array) Overflow() error {
	if a.DType != Float64 {
		return nil
	}
	return a.runs(func(at, n int, src []byte, step int) error {
		for i := range n {
			if v := a.float(src[i*step:]); math.IsInf(float64(float32(v)), 0) && !math.IsInf(v, 0) {
				return overflow(at+i, v)
			}
		}
		return nil
	})
}
