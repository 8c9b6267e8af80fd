package main

import (
	"sync"
	"time"

	"backdrop/lib/kernel"
)

// peak measures the kernel on operands that stay in the first-level cache, in GFLOP/s.
func peak(threads int) float64 {
	const terms, panels, runs = 128, 4, 20000 // 32 KiB of B
	best := 0.0
	for range int(1 + seconds(39)) {
		start := time.Now()
		var all sync.WaitGroup
		for range threads {
			all.Go(func() {
				t := kernel.Tile{A: make([]float32, terms), B: make([]float32, terms*panels*kernel.Columns), Panel: terms * kernel.Columns,
					C: make([]float32, panels*kernel.Columns), Panels: panels, Scale: 1}
				for k := range terms {
					t.Terms = append(t.Terms, kernel.Term{A: int32(k), B: int32(k * kernel.Columns)})
				}
				for range runs {
					t.Run()
				}
			})
		}
		all.Wait()
		flops := 2 * float64(terms*panels*runs*threads*kernel.Rows*kernel.Columns)
		best = max(best, flops/1e9/time.Since(start).Seconds())
	}
	return best
}
