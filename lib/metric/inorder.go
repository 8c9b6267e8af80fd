package metric

import (
	"runtime"

	"backdrop/lib/parallel"
)

// inOrder calls use with of(i) for each i from 0 to n−1, in this order, so that sums have the same bits on any number of
// processors. What is costly is in of, which is called on all of them.
func inOrder(n int, of func(i int) float64, use func(i int, v float64)) {
	const block = 1 << 13 // that one processor takes at a time
	processors := runtime.GOMAXPROCS(0)
	if processors == 1 || n <= block {
		for i := range n {
			use(i, of(i))
		}
		return
	}
	values := make([]float64, min(n, block*processors))
	for from := 0; from < n; from += len(values) {
		now := values[:min(len(values), n-from)]
		parallel.All((len(now)+block-1)/block, func(b int) {
			part, first := now[b*block:min((b+1)*block, len(now))], from+b*block
			for i := range part {
				part[i] = of(first + i)
			}
		})
		for i, v := range now {
			use(from+i, v)
		}
	}
}
