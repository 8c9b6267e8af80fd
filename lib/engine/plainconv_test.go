package engine

import (
	"backdrop/lib/net"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
)

// columnElements bounds the matrix of patches that a convolution works on at a time, so that it stays in a processor's
// second-level cache.
const columnElements = 64 << 10

// rowsAtOnce is the number of output rows whose patches make one matrix.
func rowsAtOnce(l net.Layer, in, out net.Shape) int {
	return min(out.H, max(1, columnElements/(in.C*l.Kernel*l.Kernel*out.W)))
}

// convForward computes y[o,i,j] = b[o] + Σ w[o,c,u,v]·x[c, i·stride+u−pad, j·stride+v−pad], a matrix product with the
// patches of x as columns (K. Chellapilla, S. Puri, P. Simard, "High Performance Convolutional Neural Networks for
// Document Processing", 2006).
func (k *worker[T]) convForward(l net.Layer, in, out net.Shape, x, w, b, y []T) {
	depth, step := in.C*l.Kernel*l.Kernel, rowsAtOnce(l, in, out)
	area := out.H * out.W
	for o := range out.C {
		fill(y[o*area:(o+1)*area], b[o])
	}
	for from := 0; from < out.H; from += step {
		to := min(from+step, out.H)
		columns := k.patches(l, in, out, x, from, to)
		n := (to - from) * out.W
		gemm(false, false, out.C, n, depth, w, depth, columns, n, y[from*out.W:], area)
	}
}

// convBackward adds the gradients with respect to weights and bias to dw and db, and sets dx if it is wanted.
func (k *worker[T]) convBackward(l net.Layer, in, out net.Shape, x, w, dy, dw, db, dx []T, wanted bool) {
	depth, step := in.C*l.Kernel*l.Kernel, rowsAtOnce(l, in, out)
	area := out.H * out.W
	for o := range out.C {
		db[o] += sum(dy[o*area : (o+1)*area])
	}
	clear(dx)
	for from := 0; from < out.H; from += step {
		to := min(from+step, out.H)
		columns := k.patches(l, in, out, x, from, to)
		n := (to - from) * out.W
		gemm(false, true, out.C, depth, n, dy[from*out.W:], area, columns, n, dw, depth)
		if wanted {
			clear(columns)
			gemm(true, false, depth, n, out.C, w, depth, dy[from*out.W:], area, columns, n)
			addPatches(l, in, out, columns, dx, from, to)
		}
	}
}

// patches writes the patches of output rows from..to as the columns of a matrix [C·kernel·kernel, rows·W].
func (k *worker[T]) patches(l net.Layer, in, out net.Shape, x []T, from, to int) []T {
	n := (to - from) * out.W
	if size := in.C * l.Kernel * l.Kernel * n; cap(k.columns) < size {
		k.columns = make([]T, size)
	}
	columns := k.columns[:in.C*l.Kernel*l.Kernel*n]
	eachPatchRow(l, in, out, from, to, func(at, row, shift int) {
		dst := columns[at : at+out.W]
		if row < 0 {
			clear(dst)
			return
		}
		src := x[row : row+in.W]
		for j := range dst {
			if c := j*l.Stride + shift; c >= 0 && c < in.W {
				dst[j] = src[c]
			} else {
				dst[j] = 0
			}
		}
	})
	return columns
}

// addPatches is the transpose of patches: it adds every element of the matrix to the pixel it came from.
func addPatches[T float](l net.Layer, in, out net.Shape, columns, dx []T, from, to int) {
	eachPatchRow(l, in, out, from, to, func(at, row, shift int) {
		if row < 0 {
			return
		}
		dst := dx[row : row+in.W]
		for j, v := range columns[at : at+out.W] {
			if c := j*l.Stride + shift; c >= 0 && c < in.W {
				dst[c] += v
			}
		}
	})
}

// eachPatchRow calls f for each row of out.W elements of the matrix of patches: at is where it begins in the matrix,
// row where the input row begins that it is taken from (-1: a row of padding), shift the column of its first
// element.
func eachPatchRow(l net.Layer, in, out net.Shape, from, to int, f func(at, row, shift int)) {
	at := 0
	for c := range in.C {
		for u := range l.Kernel {
			for v := range l.Kernel {
				for i := from; i < to; i++ {
					row := i*l.Stride + u - l.Pad
					if row < 0 || row >= in.H {
						f(at, -1, v-l.Pad)
					} else {
						f(at, (c*in.H+row)*in.W, v-l.Pad)
					}
					at += out.W
				}
			}
		}
	}
}

func fill[T float](v []T, a T) {
	for i := range v {
		v[i] = a
	}
}

// gemm adds the product of A [m,k] and B [k,n], either one transposed in memory, to C [m,n]; ld is the length of a
// row in memory.
func gemm[T float](transA, transB bool, m, n, k int, a []T, lda int, b []T, ldb int, c []T, ldc int) {
	op := map[bool]blas.Transpose{false: blas.NoTrans, true: blas.Trans}
	switch a := any(a).(type) {
	case []float32:
		blas32.Implementation().Sgemm(op[transA], op[transB], m, n, k, 1, a, lda, any(b).([]float32), ldb, 1, any(c).([]float32), ldc)
	case []float64:
		blas64.Implementation().Dgemm(op[transA], op[transB], m, n, k, 1, a, lda, any(b).([]float64), ldb, 1, any(c).([]float64), ldc)
	}
}
