package kernel

import (
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// The product of 96 pixels' windows with the weights of 64 channels, by each implementation and by gonum's library.
func BenchmarkProduct(b *testing.B) {
	const pixels, channels, k = 96, 64, 256
	a := make([]float32, pixels*k)
	w := make([]float32, k*channels)
	for i := range a {
		a[i] = 1 // gonum skips zeros
	}
	c := make([]float32, pixels*channels)
	report := func(b *testing.B) {
		b.ReportMetric(2*pixels*channels*k*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	}
	for name, impl := range implementations {
		b.Run(name, func(b *testing.B) {
			t := Tile{A: a, B: w, C: c, Panel: k * Columns, Panels: channels / Columns, Scale: 1}
			for i := range k {
				t.Terms = append(t.Terms, Term{int32(i), int32(i * Columns)})
			}
			for b.Loop() {
				for p := 0; p < pixels; p += Rows {
					for i := range Rows {
						t.ARow[i] = (p + i) * k
						t.CRow[i] = (p + i) * channels
					}
					impl.tile(&t)
				}
			}
			report(b)
		})
	}
	b.Run("gonum", func(b *testing.B) {
		for b.Loop() {
			blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, blas32.General{Rows: pixels, Cols: k, Stride: k, Data: a},
				blas32.General{Rows: k, Cols: channels, Stride: channels, Data: w}, 0, blas32.General{Rows: pixels, Cols: channels, Stride: channels, Data: c})
		}
		report(b)
	})
}
