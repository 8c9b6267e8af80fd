package gp

import (
	"fmt"
	"runtime"
	"testing"

	"backdrop/lib/dims"
)

// BenchmarkSample draws the widest class of the paper's data set, and what else takes time.
func BenchmarkSample(b *testing.B) {
	paper := [][]Length{{{10}}, {{140}}}
	for _, c := range []struct {
		name string
		spec Spec
	}{
		{"se-1024", Spec{Shape: []int{1024, 1024}, Scales: paper}},
		{"se-1024-open", Spec{Shape: []int{1024, 1024}, Scales: paper, Open: true}},
		{"matern32-1024", Spec{Shape: []int{1024, 1024}, Scales: paper, Kernel: Matern32}},
		{"matern32-1024-open", Spec{Shape: []int{1024, 1024}, Scales: paper, Kernel: Matern32, Open: true}},
		{"matern12-4096", Spec{Shape: []int{4096, 4096}, Scales: [][]Length{{{10}}}, Kernel: Matern12}},
		{"se-8192", Spec{Shape: []int{8192, 8192}, Scales: [][]Length{{{10}}}}},
		{"se-128x128x128", Spec{Shape: []int{128, 128, 128}, Scales: [][]Length{{{4}}}}},
	} {
		for _, threads := range []int{1, runtime.GOMAXPROCS(0)} {
			b.Run(fmt.Sprintf("%s/threads=%d", c.name, threads), func(b *testing.B) {
				s := sampler(b, c.spec)
				s.Threads = threads
				dst := make([]float32, dims.Count(c.spec.Shape))
				s.Draw(0, dst)
				b.SetBytes(int64(4 * len(dst)))
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					s.Draw(i, dst)
					i++
				}
			})
		}
	}
}
