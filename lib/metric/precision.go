package metric

// AveragePrecision is the area under the precision-recall curve as a sum over its steps, without interpolation:
// Σ (Rᵢ − Rᵢ₋₁) Pᵢ over the distinct scores from the highest, where Pᵢ and Rᵢ are precision and recall of the samples
// that score at least as much. It is scikit-learn's average_precision_score.
func (b *Binary) AveragePrecision(c Confidence) Value {
	p := precisions{hits: b.size[1], n: len(b.labels)}
	b.groups(func(_ float64, positive, negative int) { p.add(positive, positive+negative) })
	v := ratio(p.sum, float64(b.size[1]), "no positive samples")
	if c.Level == 0 || !v.Defined() {
		return v
	}
	if reason := b.oneSample(); reason != "" {
		return v.With(Interval{Reason: reason})
	}
	var s influences
	p = precisions{hits: b.size[1], n: len(b.labels)}
	b.groups(func(_ float64, positive, negative int) {
		hit, other := p.add(positive, positive+negative)
		s.add(positive, (hit-v.V)/float64(b.size[1]))
		s.add(negative, other/float64(b.size[1]))
	})
	return s.within(v, 0, 1, c)
}

// precisions sums precision over the positive samples, from the lowest score.
type precisions struct {
	hits, n int // positive and all samples that score at least as much
	sum     float64

	hit, other float64 // by how much one more positive sample, or another one, changes the sum so far
}

// add takes in samples of equal scores. It returns the derivatives of the sum of precisions with respect to the weight of a
// positive one, and to that of another.
func (p *precisions) add(positive, all int) (hit, other float64) {
	here := 0.0
	if p.n > 0 {
		n := float64(p.n)
		here = float64(p.hits) / n
		p.sum += float64(positive) * here
		p.hit += float64(positive) * float64(p.n-p.hits) / n / n
		p.other -= float64(positive) * here / n
	}
	p.hits -= positive
	p.n -= all
	return here + p.hit, p.other
}
