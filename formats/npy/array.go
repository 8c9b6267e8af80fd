package npy

import (
	"cmp"
	"encoding/binary"
	"slices"
	"unsafe"

	"backdrop/lib/dims"
)

// Array is an array of any number of dimensions; without dimensions it is a scalar. It may share memory with a file, and its
// views share memory with it, so that nothing that it returns may be written to.
type Array struct {
	Shape []int // the size of each axis
	DType DType // of the elements; of the characters of texts

	raw       []byte // the elements, from the first one on
	stride    []int  // distance of neighbours along each axis, in elements; nil: C order without gaps
	bigEndian bool
	width     int      // characters of a text; 0 if the elements are numbers
	in        *Mapping // that holds the elements; nil if memory does
}

// size is the number of bytes of an element.
func (a *Array) size() int { return a.DType.Size() * max(a.width, 1) }

// newArray returns the array with that header and the bytes that follow it.
func newArray(h header, raw []byte) *Array {
	a := &Array{Shape: h.shape, DType: h.dtype, raw: raw, bigEndian: h.bigEndian, width: h.width}
	if h.fortran && len(h.shape) > 1 {
		a.stride = make([]int, len(h.shape))
		for i, n := 0, 1; i < len(h.shape); i++ {
			a.stride[i] = n
			n *= max(h.shape[i], 1)
		}
	}
	return a
}

// Len is the number of elements, 1 for a scalar.
func (a *Array) Len() int { return dims.Count(a.Shape) }

// Row returns a view of row i, along the first axis. It panics if there is no such row.
func (a *Array) Row(i int) *Array {
	if len(a.Shape) == 0 {
		panic("npy: row of a scalar")
	}
	if i < 0 || i >= a.Shape[0] {
		panic("npy: row out of range")
	}
	row := &Array{Shape: a.Shape[1:], DType: a.DType, bigEndian: a.bigEndian, width: a.width, in: a.in}
	if a.stride != nil {
		row.stride = a.stride[1:]
		if a.Len() > 0 {
			row.raw = a.raw[i*a.stride[0]*a.size():]
		}
		return row
	}
	size := row.Len() * a.size()
	row.raw = a.raw[i*size : (i+1)*size : (i+1)*size]
	return row
}

// Transpose returns a view whose axis i is axis axes[i] of a. It panics unless axes names each axis once.
func (a *Array) Transpose(axes ...int) *Array {
	if len(axes) != len(a.Shape) {
		panic("npy: transpose of another number of axes")
	}
	stride := a.strides()
	t := *a
	t.Shape, t.stride = make([]int, len(axes)), make([]int, len(axes))
	seen := make([]bool, len(axes))
	inOrder := true
	for i, axis := range axes {
		if seen[axis] {
			panic("npy: transpose names an axis twice")
		}
		seen[axis] = true
		t.Shape[i], t.stride[i] = a.Shape[axis], stride[axis]
		inOrder = inOrder && axis == i
	}
	if inOrder {
		t.stride = a.stride
	}
	return &t
}

// Insert returns a view with one axis more, of size 1, in that place.
func (a *Array) Insert(place int) *Array {
	t := *a
	t.Shape = slices.Insert(slices.Clone(a.Shape), place, 1)
	if a.stride != nil {
		t.stride = slices.Insert(slices.Clone(a.stride), place, 1)
	}
	return &t
}

// strides is the distance of neighbours along each axis, in elements.
func (a *Array) strides() []int {
	if a.stride != nil {
		return a.stride
	}
	stride := make([]int, len(a.Shape))
	for i, n := len(a.Shape)-1, 1; i >= 0; i-- {
		stride[i] = n
		n *= max(a.Shape[i], 1)
	}
	return stride
}

// littleEndian says whether this machine is little-endian.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// Float32View returns the elements in C order without copying them. ok is false if that is impossible: the elements must be
// float32, in C order and in the machine's own byte order.
func (a *Array) Float32View() (elements []float32, ok bool) { return view[float32](a, Float32) }

// Int64View is Float32View for int64.
func (a *Array) Int64View() (elements []int64, ok bool) { return view[int64](a, Int64) }

// Float64View is Float32View for float64.
func (a *Array) Float64View() (elements []float64, ok bool) { return view[float64](a, Float64) }

// view is Float32View, Float64View and Int64View.
func view[T float32 | float64 | int64](a *Array, t DType) ([]T, bool) {
	n := a.Len()
	if a.DType != t || a.stride != nil || a.bigEndian == littleEndian {
		return nil, false
	}
	if n == 0 {
		return []T{}, true
	}
	p := unsafe.Pointer(unsafe.SliceData(a.raw))
	if uintptr(p)%unsafe.Alignof(T(0)) != 0 { // other programs need not align what follows a header
		return nil, false
	}
	return unsafe.Slice((*T)(p), n), true
}

// Float32 returns the elements in C order, without copying them if Float32View can. Integers and float64 are rounded to the
// nearest. If a finite float64 would become infinite, that is an error.
func (a *Array) Float32() ([]float32, error) {
	if view, ok := a.Float32View(); ok {
		return view, nil
	}
	dst := make([]float32, a.Len())
	if err := a.Float32To(dst); err != nil {
		return nil, err
	}
	return dst, nil
}

// Float32To is Float32 that stores the elements in dst, which must have Len of them.
func (a *Array) Float32To(dst []float32) error {
	if len(dst) != a.Len() {
		panic("npy: length mismatch")
	}
	a.wantNumbers()
	return a.runs(func(at, n int, src []byte, step int) error {
		return a.toFloat32(dst[at:at+n], src, step, at)
	})
}

// Release returns the memory of the elements, to be used again. The array must not be used after that.
func (a *Array) Release() []byte {
	raw := a.raw
	a.raw = nil
	return raw
}

// Float64 returns the elements in C order. Only integers beyond 2⁵³ have to be rounded.
func (a *Array) Float64() []float64 {
	a.wantNumbers()
	dst := make([]float64, a.Len())
	a.runs(func(at, n int, src []byte, step int) error {
		for i := range n {
			dst[at+i] = a.float(src[i*step:])
		}
		return nil
	})
	return dst
}

// Int64 returns the elements in C order. If one is not a whole number, or does not fit, that is an error.
func (a *Array) Int64() ([]int64, error) {
	a.wantNumbers()
	dst := make([]int64, a.Len())
	err := a.runs(func(at, n int, src []byte, step int) error {
		return a.toInt64(dst[at:at+n], src, step, at)
	})
	if err != nil {
		return nil, err
	}
	return dst, nil
}

// runs calls f for runs of elements at equal distances, in C order: n elements from number at on, the first at src[0],
// each step bytes after the one before.
func (a *Array) runs(f func(at, n int, src []byte, step int) error) (err error) {
	if a.in == nil {
		return a.eachRun(f)
	}
	if !a.in.guarded(func() { err = a.eachRun(f) }) {
		err = cmp.Or(a.in.Err(), errBroken)
	}
	return err
}

// eachRun is runs for bytes that can be read.
func (a *Array) eachRun(f func(at, n int, src []byte, step int) error) error {
	n, size := a.Len(), a.size()
	if n == 0 {
		return nil
	}
	if a.stride == nil || len(a.Shape) == 0 {
		return f(0, n, a.raw, size)
	}
	last := len(a.Shape) - 1
	index := make([]int, last)
	for at := 0; at < n; at += a.Shape[last] {
		first := 0
		for axis, i := range index {
			first += i * a.stride[axis]
		}
		if err := f(at, a.Shape[last], a.raw[first*size:], a.stride[last]*size); err != nil {
			return err
		}
		for axis := last - 1; axis >= 0; axis-- {
			if index[axis]++; index[axis] < a.Shape[axis] {
				break
			}
			index[axis] = 0
		}
	}
	return nil
}
