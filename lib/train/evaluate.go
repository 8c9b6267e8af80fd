package train

import (
	"slices"

	"backdrop/lib/engine"
	"backdrop/lib/loss"
	"backdrop/lib/scale"
)

// evaluate returns the loss of the network on all of the data and the share that it classifies correctly; masks are
// off. It takes size samples through the network at a time, and gives up when pause, before them, returns an error.
func evaluate(pause func() error, r *engine.Runner, l loss.Loss, d Data, n scale.Normalisation, size int) (value, accuracy float64, err error) {
	b := &batch{views: inPlace(d) && n.None()}
	var all loss.Batch
	for from := 0; from < d.Len(); from += size {
		if err := pause(); err != nil {
			return 0, 0, err
		}
		b.take(d, from, from+size, r.Input(), n)
		all.Labels = append(all.Labels, b.labels...)
		for _, s := range r.Forward(b.x, nil) {
			all.Scores = append(all.Scores, slices.Clone(s))
		}
	}
	value, err = l.Grad(all, nil)
	return value, float64(correct(all.Scores, all.Labels)) / float64(d.Len()), err
}

// correct counts the samples whose largest score, the first of equals, is their label's; a single score is the logit of
// label 1.
func correct(scores [][]float32, labels []int) int {
	hits := 0
	for i, s := range scores {
		best := 0
		for k, v := range s {
			if v > s[best] {
				best = k
			}
		}
		if len(s) == 1 && s[0] > 0 {
			best = 1
		}
		if best == labels[i] {
			hits++
		}
	}
	return hits
}
