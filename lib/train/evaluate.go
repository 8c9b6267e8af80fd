package train

import (
	"backdrop/lib/loss"
	"backdrop/lib/nn"
)

// Evaluate returns the mean loss of the network on the data and the share that it classifies correctly; masks are
// off.
func Evaluate(r *nn.Runner, l loss.Loss, d Data, c Config) (value, accuracy float64, err error) {
	b := &batch{}
	hits := 0
	for from := 0; from < d.Len(); from += c.Batch {
		size := min(c.Batch, d.Len()-from)
		b.reset()
		for i := range size {
			dst := b.room(r.Input())
			b.x = append(b.x, c.Normalisation.apply(dst, d.X(from+i, dst)))
			b.labels = append(b.labels, d.Label(from+i))
		}
		scores := r.Forward(b.x, nil)
		v, err := l.Grad(scores, b.labels, nil)
		if err != nil {
			return 0, 0, err
		}
		value += v * float64(size)
		hits += correct(scores, b.labels)
	}
	n := float64(d.Len())
	return value / n, float64(hits) / n, nil
}

// correct counts the samples whose largest score, the first of equals, is their label's.
func correct(scores [][]float32, labels []int) int {
	hits := 0
	for i, s := range scores {
		best := 0
		for k, v := range s {
			if v > s[best] {
				best = k
			}
		}
		if best == labels[i] {
			hits++
		}
	}
	return hits
}
