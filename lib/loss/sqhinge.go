package loss

import "slices"

// aucSquaredHinge is the mean over all pairs of a positive and a negative sample of the squared hinge loss of their margin.
var aucSquaredHinge = kind{
	name:   "auc-sqhinge",
	both:   true,
	binary: func(Config, float64) binaryFunc { return new(squaredHinge).grad },
}

// squaredHinge is the squared hinge loss of all pairs of a positive score a and a negative score b, with margin 1:
//
//	L = mean of max(0, 1 − (a − b))²
//
// a convex bound of one minus the area under the ROC curve (W. Gao, R. Jin, S. Zhu, Z.-H. Zhou, "One-Pass AUC
// Optimization", ICML 2013). It is exact and takes O(n log n): the pairs are summed in the order of the scores (J. M.
// Rust, T. D. Hocking, "A Log-linear Gradient Descent Algorithm for Unbalanced Binary Classification using the All
// Pairs Squared Hinge Loss", arXiv 2302.11062, 2023). We depart from their polynomial coefficients: a sweep carries
// the sums of the distances to the point where it stands, and of their squares, in which nothing cancels however far
// scores lie from zero.
type squaredHinge struct{ positive, negative []ranked }

// ranked is a point on the axis of scores and the number of its sample.
type ranked struct {
	at    float64
	index int
}

// byPlace orders points, those in one place by number, so that sums come out alike every time.
func byPlace(a, b ranked) int {
	switch {
	case a.at < b.at:
		return -1
	case a.at > b.at:
		return 1
	}
	return a.index - b.index
}

func (l *squaredHinge) grad(s []float64, positive []bool, ds []float64) (float64, error) {
	p, n := count(positive)
	if p == 0 || n == 0 {
		return 0, ErrUndefined
	}
	l.positive, l.negative = slices.Grow(l.positive[:0], p), slices.Grow(l.negative[:0], n)
	for i, v := range s {
		if positive[i] {
			l.positive = append(l.positive, ranked{v, i})
		} else {
			l.negative = append(l.negative, ranked{v + 1, i}) // the pair counts where the positive score lies below this
		}
	}
	slices.SortFunc(l.positive, byPlace)
	slices.SortFunc(l.negative, byPlace)
	pairs := float64(p) * float64(n)

	// Down from the top: for each positive score the negative points above it.
	var above sweep
	total := 0.0
	next := len(l.negative) - 1
	for _, a := range slices.Backward(l.positive) {
		for next >= 0 && l.negative[next].at > a.at {
			above.move(l.negative[next].at)
			above.add()
			next--
		}
		above.move(a.at)
		total += above.squares
		if ds != nil {
			ds[a.index] = -2 * above.distances / pairs
		}
	}
	if ds == nil {
		return total / pairs, nil
	}
	// Up from the bottom: for each negative point the positive scores below it.
	var below sweep
	first := 0
	for _, b := range l.negative {
		for first < len(l.positive) && l.positive[first].at < b.at {
			below.move(l.positive[first].at)
			below.add()
			first++
		}
		below.move(b.at)
		ds[b.index] = 2 * below.distances / pairs
	}
	return total / pairs, nil
}

// sweep goes along the axis in one direction.
type sweep struct {
	at                 float64
	points             float64 // passed
	distances, squares float64 // Σ |point − at|, Σ (point − at)²
}

// move goes on to x, which lies ahead.
func (w *sweep) move(x float64) {
	if w.points > 0 {
		d := x - w.at
		if d < 0 {
			d = -d
		}
		w.squares += float64(d * (float64(2*w.distances) + float64(d*w.points)))
		w.distances += float64(d * w.points)
	}
	w.at = x
}

// add passes a point where the sweep stands.
func (w *sweep) add() { w.points++ }
