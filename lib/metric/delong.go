package metric

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"

	"backdrop/lib/parallel"
)

// The variance of an AUC is that of E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson, "Comparing the Areas under Two or
// More Correlated Receiver Operating Characteristic Curves: A Nonparametric Approach", Biometrics 44, 1988, eqs. 3–6.
//
// The placement of a positive sample is the share of the negative ones that it beats, that of a negative sample the share of
// positive ones that beat it; a tie counts half. The variance of the AUC is the variance of positive placements divided by
// their number, plus that of negative placements divided by theirs.
//
// Placements come from one pass over sorted scores, as in X. Sun, W. Xu, "Fast Implementation of DeLong's Algorithm for
// Comparing the Areas Under Correlated Receiver Operating Characteristic Curves", IEEE Signal Process. Lett. 21, 2014. Twice
// a placement times the size of the other class is a whole number, and so sums of placements and of their squares are exact.

// spread sums whole numbers and their squares exactly.
type spread struct {
	sum    int64
	hi, lo uint64 // the two halves of the sum of squares
}

// add takes in the number x, n times. n·x must fit into 63 bits, and the sum of squares into 127.
func (s *spread) add(n int, x int64) {
	s.sum += int64(n) * x
	if x < 0 {
		x = -x
	}
	hi, lo := bits.Mul64(uint64(n)*uint64(x), uint64(x))
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, lo, 0)
	s.hi += hi + carry
}

// merge takes in the numbers of another.
func (s *spread) merge(other *spread) {
	s.sum += other.sum
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, other.lo, 0)
	s.hi += other.hi + carry
}

// variance is that of the mean of the n numbers: (n·Σx² − (Σx)²) / n²(n−1), with an exact numerator.
func (s *spread) variance(n int) float64 {
	squares := new(big.Int).SetUint64(s.hi)
	squares.Lsh(squares, 64).Or(squares, new(big.Int).SetUint64(s.lo))
	squares.Mul(squares, big.NewInt(int64(n)))
	sum := big.NewInt(s.sum)
	v, _ := new(big.Float).SetInt(squares.Sub(squares, sum.Mul(sum, sum))).Float64()
	return v / float64(n) / float64(n) / float64(n-1)
}

// deLong is the variance of a mean of placements from the sums of either class.
func (b *Binary) deLong(sums *[2]spread) float64 {
	v := 0.0
	for y := range sums {
		other := 2 * float64(b.size[1-y])
		v += sums[y].variance(b.size[y]) / other / other
	}
	return v
}

// AUC is the area under the ROC curve: the probability that a positive sample scores higher than a negative one,
// a tie being half a case.
//
// It is twice the statistic U of H. B. Mann, D. R. Whitney, "On a Test of Whether one of Two Random Variables is
// Stochastically Larger than the Other", Ann. Math. Stat. 18, 1947, over twice the number of pairs.
//
// Its interval is the AUC ± z of DeLong's standard deviations, cut off at 0 and 1, as pROC's. It covers less than it says
// where a class has few samples or the AUC is near 0 or 1. If c says so, the interval is found on the logit scale instead,
// with a quantile of Student's distribution in place of z (M. S. Pepe, "The Statistical Evaluation of Medical Tests for
// Classification and Prediction", 2003, chapter 5). A class of one sample has no variance, and the AUC then no interval.
//
// Scores that separate the classes without fault have no variance either. Their interval is exact: with k samples in the
// smaller class there are k pairs of a positive and a negative sample that have no sample in common. All k are won with a
// probability of at most AUC^k, so that no AUC below ((1−level)/2)^(1/k) is in the interval. Scores that are all equal have
// none.
func (b *Binary) AUC(c Confidence) Value {
	if reason := b.oneClass(); reason != "" {
		return Value{Reason: reason}
	}
	sums := b.rank().spreads(b.size)
	won := uint64(sums[1].sum)
	auc := b.auc(won)
	if c.Level == 0 {
		return auc
	}
	limit := math.Pow((1-c.Level)/2, 1/float64(min(b.size[0], b.size[1])))
	if won == 0 {
		return auc.With(Interval{Low: 0, High: 1 - limit, Method: "exact, disjoint pairs"})
	}
	if won == 2*uint64(b.size[0])*uint64(b.size[1]) {
		return auc.With(Interval{Low: limit, High: 1, Method: "exact, disjoint pairs"})
	}
	if reason := b.oneSample(); reason != "" {
		return auc.With(Interval{Reason: reason})
	}
	v := b.deLong(&sums)
	if v == 0 {
		return auc.With(Interval{Reason: "all scores are equal"})
	}
	if c.LogitAUC {
		return auc.With(logit(auc.V, 0, 1, v, b.aucInfluences(auc.V).student(c), "DeLong, logit"))
	}
	half := c.deviations() * math.Sqrt(v)
	return auc.With(Interval{Low: max(0, auc.V-half), High: min(1, auc.V+half), Method: "DeLong"})
}

// auc is the area for twice the number of pairs that positive samples won.
func (b *Binary) auc(won uint64) Value {
	return Value{V: float64(won) / 2 / float64(b.size[1]) / float64(b.size[0])}
}

// placed calls f for the n samples of class y that share a score with twice their placement times the size of the other
// class.
func (b *Binary) placed(f func(y, n int, placement int64)) {
	below, above := 0, b.size[1]
	b.groups(func(_ float64, positive, negative int) {
		above -= positive
		f(1, positive, int64(2*below+negative))
		f(0, negative, int64(2*above+positive))
		below += negative
	})
}

// aucInfluences are those on the AUC.
func (b *Binary) aucInfluences(auc float64) *influences {
	var s influences
	b.placed(func(y, n int, placement int64) {
		s.add(n, (float64(placement)/2/float64(b.size[1-y])-auc)/float64(b.size[y]))
	})
	return &s
}

// Comparison is the test of the hypothesis that two scores of the same samples have the same AUC.
type Comparison struct {
	First, Second Value // the two AUC, with intervals
	Difference    Value // First − Second, with an interval, cut off at −1 and 1
	Z             Value // Difference in standard deviations
	P             Value // the probability of a |Z| as large, were both AUC the same
}

// CompareAUC compares the AUC of two scores by DeLong's method for correlated curves [1988, eq. 10 for two of them]. The
// variance is that of the differences of placements. If no sample is placed differently, Z is 0 and P is 1, as in pROC.
// It panics if the labels differ.
func CompareAUC(a, b *Binary, want Confidence) Comparison {
	c := Comparison{First: a.AUC(want), Second: b.AUC(want)}
	if len(a.labels) != len(b.labels) || a.size != b.size {
		panic("metric: labels of two problems differ")
	}
	if none := (Value{Reason: cmp.Or(a.oneClass(), a.oneSample())}); !none.Defined() {
		c.Difference, c.Z, c.P = none, none, none
		return c
	}
	var placed [2][]uint32
	parallel.All(2, func(i int) { placed[i] = [2]*Binary{a, b}[i].placements() })
	var sums [2]spread
	for i, y := range a.labels {
		if y != b.labels[i] {
			panic("metric: labels of two problems differ")
		}
		sums[y].add(1, int64(placed[0][i])-int64(placed[1][i]))
	}
	c.Difference = Value{V: float64(sums[1].sum) / 2 / float64(a.size[1]) / float64(a.size[0])}
	sd := math.Sqrt(a.deLong(&sums))
	switch {
	case sd > 0:
		half := want.deviations() * sd
		c.Difference = c.Difference.With(Interval{Low: max(-1, c.Difference.V-half), High: min(1, c.Difference.V+half), Method: "DeLong, paired"})
		c.Z = Value{V: c.Difference.V / sd}
	case same(a.scores, b.scores):
		c.Difference = c.Difference.With(Interval{Method: "DeLong, paired"})
	case c.Difference.V == 0:
		c.Difference = c.Difference.With(Interval{Reason: "both scores place every sample alike"})
	default:
		c.Difference = c.Difference.With(Interval{Reason: "the difference has no variance"})
		c.Z = Value{Reason: "the difference has no variance"}
	}
	c.P = Value{Reason: c.Z.Reason, V: math.Erfc(math.Abs(c.Z.V) / math.Sqrt2)}
	return c
}

// same reports whether two lists of scores are one.
func same(a, b scores) bool {
	for i := range a.len() {
		if a.at(i) != b.at(i) {
			return false
		}
	}
	return true
}

// placements returns, for each sample, twice the number of samples of the other class that a positive one beats, or that
// beat a negative one, where a tie counts half.
func (b *Binary) placements() []uint32 {
	placed := make([]uint32, len(b.labels))
	var index []uint32
	if isNarrow(b.scores) {
		index = order(allKeys(b.scores, narrow))
	} else {
		index = order(allKeys(b.scores, wide))
	}
	var below [2]int // samples of either class with lower scores
	for i := 0; i < len(index); {
		end := groupEnd(index, i)
		var here [2]int
		for _, x := range index[i:end] {
			here[b.labels[x&^first]]++
		}
		for _, x := range index[i:end] {
			if x &^= first; b.labels[x] == 1 {
				placed[x] = uint32(2*below[0] + here[0])
			} else {
				placed[x] = uint32(2*(b.size[1]-below[1]-here[1]) + here[1])
			}
		}
		below[0] += here[0]
		below[1] += here[1]
		i = end
	}
	return placed
}

// allKeys returns the keys of all scores.
func allKeys[K key](s scores, of func(float64) K) []K {
	keys := make([]K, s.len())
	for i := range keys {
		keys[i] = of(s.at(i))
	}
	return keys
}

// groupEnd is where the run of equal scores ends that begins at i.
func groupEnd(index []uint32, i int) int {
	for i++; i < len(index) && index[i]&first == 0; i++ {
	}
	return i
}
