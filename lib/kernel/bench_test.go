package kernel

import "testing"

func BenchmarkTile(b *testing.B) {
	for name, k := range map[string]int{"25": 25, "256": 256} {
		b.Run(name, func(b *testing.B) {
			const pixels, channels = 96, 64
			a := make([]float32, pixels*k+k)
			w := make([]float32, k*channels)
			c := make([]float32, pixels*channels)
			t := Tile{A: a, B: w, C: c, Panel: k * Columns, Panels: channels / Columns, Scale: 1, ReLU: true, Bias: make([]float32, 64)}
			for i := range k {
				t.Terms = append(t.Terms, Term{int32(i), int32(i * Columns)})
			}
			for b.Loop() {
				for p := 0; p < pixels; p += Rows {
					for i := range Rows {
						t.ARow[i] = (p + i) * k
						t.CRow[i] = (p + i) * channels
					}
					t.Run()
				}
			}
			b.ReportMetric(2*pixels*channels*float64(k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
