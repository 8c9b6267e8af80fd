package metric

import (
	"math"

	"backdrop/lib/parallel"
)

// seen is what one look at scores of two classes and their labels finds.
type seen struct {
	counts    [2][2]int // samples by their class and the one that is Predicted
	low, high float64   // the lowest and the highest score
	bad       bool      // there is a score or a label that check refuses
}

// survey goes through scores and labels, as many, once.
func survey[F float32 | float64](scores []F, scale Scale, labels []int) seen {
	const block = 1 << 16 // that one processor takes at a time
	parts := make([]seen, (len(labels)+block-1)/block)
	parallel.All(len(parts), func(i int) {
		from, to := i*block, min((i+1)*block, len(labels))
		parts[i] = surveyed(scores[from:to], scale, labels[from:to])
	})
	all := seen{low: math.Inf(1), high: math.Inf(-1)}
	for _, p := range parts {
		for y := range p.counts {
			all.counts[y][0] += p.counts[y][0]
			all.counts[y][1] += p.counts[y][1]
		}
		all.low, all.high = min(all.low, p.low), max(all.high, p.high)
		all.bad = all.bad || p.bad
	}
	return all
}

func surveyed[F float32 | float64](scores []F, scale Scale, labels []int) seen {
	low, high, threshold := F(math.Inf(1)), F(math.Inf(-1)), F(threshold(scale))
	bad, all := false, 0 // all: the bits of the labels
	positive, predicted, both := 0, 0, 0
	labels = labels[:len(scores)]
	for i, s := range scores {
		if !(s >= low && s <= high) { // seldom
			if s != s {
				bad = true
			} else {
				low, high = min(low, s), max(high, s)
			}
		}
		y, p := labels[i], 0
		if s > threshold {
			p = 1
		}
		all |= y
		positive += y
		predicted += p
		both += p & y
	}
	n := len(scores)
	return seen{
		counts: [2][2]int{{n - positive - predicted + both, predicted - both}, {positive - both, both}},
		low:    float64(low), high: float64(high),
		bad: bad || all&^1 != 0 || scale == Probabilities && (float64(low) < -rounding || float64(high) > 1+rounding),
	}
}
