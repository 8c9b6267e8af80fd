package metric

import (
	"math"

	"backdrop/lib/parallel"
)

// seen is what one look at scores of two classes and their labels finds.
type seen struct {
	counts  [2][2]int // samples by their class and the one that is Predicted
	bad     bool      // there is a score or a label that check refuses
	outside bool      // there is a probability outside [0, 1]
}

// survey goes through scores and labels, as many, once.
func survey[F float32 | float64](scores []F, scale Scale, labels []int) (all seen) {
	const block = 1 << 16 // that one processor takes at a time
	parts := make([]seen, (len(labels)+block-1)/block)
	parallel.All(len(parts), func(i int) {
		from, to := i*block, min((i+1)*block, len(labels))
		parts[i] = surveyed(scores[from:to], scale, labels[from:to])
	})
	for _, p := range parts {
		for y := range p.counts {
			all.counts[y][0] += p.counts[y][0]
			all.counts[y][1] += p.counts[y][1]
		}
		all.bad = all.bad || p.bad
		all.outside = all.outside || p.outside
	}
	return all
}

func surveyed[F float32 | float64](scores []F, scale Scale, labels []int) seen {
	low, high := math.Inf(-1), math.Inf(1)
	least, most := low, high // of what is not outside
	if scale == Probabilities {
		low, high, least, most = -rounding, 1+rounding, 0, 1
	}
	threshold := threshold(scale)
	good, inside := 0, 0
	all := 0 // bits of the labels
	positive, predicted, both := 0, 0, 0
	labels = labels[:len(scores)]
	for i, v := range scores {
		s, y := float64(v), labels[i]
		if s >= low && s <= high { // not NaN
			good++
		}
		if s >= least && s <= most {
			inside++
		}
		p := 0
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
		counts:  [2][2]int{{n - positive - predicted + both, predicted - both}, {positive - both, both}},
		bad:     good < n || all&^1 != 0,
		outside: inside < n,
	}
}
