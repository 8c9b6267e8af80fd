package metric

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"backdrop/lib/rng"
)

// Bootstrap finds intervals of any figure by drawing samples anew, with replacement and within each class, so that every
// class keeps its number of samples (B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13). The
// ends of an interval are percentiles of the figure over the replicates, and so never leave the figure's range. The
// bias-corrected and accelerated interval would need a figure of every set of samples without one, which for curves
// takes the square of their number.
type Bootstrap struct {
	Replicates int
	Seed       uint64 // replicate r draws from stream (Seed, rng.Bootstrap, r), on whichever thread
	Level      float64
}

// Intervals returns an interval for each of some figures, with the method "bootstrap". It calls replica for each
// thread, one after the other: memory to work on, as a function that draws samples, and one that sets dst to their figures, NaN where there is none. A
// figure that is undefined in a replicate has no interval.
func (b Bootstrap) Intervals(figures int, replica func() (draw func(*rand.Rand), measure func(dst []float64))) []Interval {
	drawn := make([][]float64, b.Replicates)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(b.Replicates, runtime.GOMAXPROCS(0)) {
		draw, measure := replica()
		wg.Go(func() {
			var stream rng.Stream
			r := rand.New(&stream)
			for i := int(next.Add(1)) - 1; i < b.Replicates; i = int(next.Add(1)) - 1 {
				stream.Set(b.Seed, rng.Bootstrap, uint64(i))
				draw(r)
				drawn[i] = make([]float64, figures)
				measure(drawn[i])
			}
		})
	}
	wg.Wait()
	intervals := make([]Interval, figures)
	for f := range intervals {
		intervals[f] = b.percentiles(f, drawn)
	}
	return intervals
}

// percentiles is the interval of one figure.
func (b Bootstrap) percentiles(figure int, drawn [][]float64) Interval {
	var sorted []float64
	for _, figures := range drawn {
		if v := figures[figure]; !math.IsNaN(v) {
			sorted = append(sorted, v)
		}
	}
	if missing := len(drawn) - len(sorted); missing > 0 {
		return Interval{Reason: fmt.Sprintf("undefined in %d of %d bootstrap replicates", missing, len(drawn))}
	}
	slices.Sort(sorted)
	tail := (1 - b.Level) / 2
	return Interval{Low: quantile(sorted, tail), High: quantile(sorted, 1-tail), Method: "bootstrap"}
}

// quantile interpolates between neighbours, as numpy.quantile does (type 7 of R. J. Hyndman, Y. Fan, "Sample Quantiles in
// Statistical Packages", Am. Stat. 50, 1996).
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(math.Floor(at))
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
