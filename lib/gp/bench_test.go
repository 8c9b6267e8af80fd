package gp

import "testing"

// BenchmarkSample1024 draws the widest class of the paper's data set.
func BenchmarkSample1024(b *testing.B) {
	s, err := NewSampler(Spec{Shape: []int{1024, 1024}, Scales: [][]float64{{10}, {140}}, Power: []float64{0.75, 1.25}})
	if err != nil {
		b.Fatal(err)
	}
	dst := make([]float32, 1024*1024)
	b.SetBytes(int64(4 * len(dst)))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		s.Draw(i, dst)
		i++
	}
}
