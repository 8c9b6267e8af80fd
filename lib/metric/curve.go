package metric

import (
	"math"
	"slices"
)

// Point is a point of a curve: two rates of the samples that score at least as much as the threshold.
type Point struct {
	X, Y      float64 // from 0 to 1
	Threshold float64 // a score
}

// PointSize is the bytes of a Point: a curve has one for each distinct score.
const PointSize = 24

// distinct is the number of distinct scores.
func (b *Binary) distinct() (n int) {
	b.groups(func(float64, int, int) { n++ })
	return n
}

// ROC is the curve of the true positive rate, Y, over the false positive rate, X, at each distinct score from the
// highest. It begins at (0, 0), with an infinite threshold. A class without samples leaves nothing to draw; the reason
// is then not empty.
func (b *Binary) ROC() (curve []Point, reason string) {
	if reason := b.oneClass(); reason != "" {
		return nil, reason
	}
	tp, fp := b.size[1], b.size[0]
	curve = make([]Point, 0, b.distinct()+1)
	b.groups(func(score float64, positive, negative int) {
		curve = append(curve, Point{float64(fp) / float64(b.size[0]), float64(tp) / float64(b.size[1]), score})
		tp -= positive
		fp -= negative
	})
	curve = append(curve, Point{0, 0, math.Inf(1)})
	slices.Reverse(curve)
	return curve, ""
}

// PrecisionRecall is the curve of precision, Y, over recall, X, at each distinct score from the highest. Nothing is
// interpolated, and no point is made up at recall 0, where precision is not defined.
func (b *Binary) PrecisionRecall() (curve []Point, reason string) {
	if b.size[1] == 0 {
		return nil, "no positive samples"
	}
	tp, n := b.size[1], len(b.labels)
	curve = make([]Point, 0, b.distinct())
	b.groups(func(score float64, positive, negative int) {
		curve = append(curve, Point{float64(tp) / float64(b.size[1]), float64(tp) / float64(n), score})
		tp -= positive
		n -= positive + negative
	})
	slices.Reverse(curve)
	return curve, ""
}
