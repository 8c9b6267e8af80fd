package kernel

import "unsafe"

// Add sets dst to a + b, but to floor where this is less. All have the same length; dst may be a or b.
func Add(dst, a, b []float32, floor float32) {
	if len(a) != len(dst) || len(b) != len(dst) {
		panic("kernel: arrays of different lengths")
	}
	if len(dst) > 0 {
		add(&dst[0], &a[0], &b[0], len(dst), floor)
	}
}

// AtLeast sets dst to a, but to floor where this is less. Both have the same length; dst may be a.
func AtLeast(dst, a []float32, floor float32) {
	if len(a) != len(dst) {
		panic("kernel: arrays of different lengths")
	}
	if len(dst) > 0 {
		atLeast(&dst[0], &a[0], len(dst), floor)
	}
}

// addGeneric is the reference; like the instruction, it keeps a sum that is NaN, and one that is equal to floor.
func addGeneric(dst, a, b *float32, n int, floor float32) {
	to, x, y := unsafe.Slice(dst, n), unsafe.Slice(a, n), unsafe.Slice(b, n)
	for i := range to {
		v := x[i] + y[i]
		if floor > v {
			v = floor
		}
		to[i] = v
	}
}

// atLeastGeneric is likewise.
func atLeastGeneric(dst, a *float32, n int, floor float32) {
	to, x := unsafe.Slice(dst, n), unsafe.Slice(a, n)
	for i, v := range x {
		if floor > v {
			v = floor
		}
		to[i] = v
	}
}

// Gate sets dst to a·scale, but to 0 where gate is not above zero. All have the same length; dst may be a.
func Gate(dst, a, gate []float32, scale float32) {
	if len(a) != len(dst) || len(gate) != len(dst) {
		panic("kernel: arrays of different lengths")
	}
	if len(dst) > 0 {
		gated(&dst[0], &a[0], &gate[0], len(dst), scale)
	}
}

// gateGeneric is the reference.
func gateGeneric(dst, a, gate *float32, n int, scale float32) {
	to, x, g := unsafe.Slice(dst, n), unsafe.Slice(a, n), unsafe.Slice(gate, n)
	for i, v := range x {
		if !(g[i] > 0) {
			v = 0
		}
		to[i] = v * scale
	}
}

// Scale sets dst to a·scale. Both have the same length; dst may be a.
func Scale(dst, a []float32, scale float32) {
	for i, v := range a[:len(dst)] {
		dst[i] = v * scale
	}
}
