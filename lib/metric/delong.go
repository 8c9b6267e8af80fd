package metric

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
)

// The variance of an AUC is that of E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson, "Comparing the Areas under Two or
// More Correlated Receiver Operating Characteristic Curves: A Nonparametric Approach", Biometrics 44, 1988, eqs. 3–6:
// with the placement of a sample being the share of the other class that it beats, a tie being half, it is the variance
// of the placements of positive samples over their number, plus that of negative samples over theirs. Placements come
// from one pass over sorted scores, as in X. Sun, W. Xu, "Fast Implementation of DeLong's Algorithm for Comparing the
// Areas Under Correlated Receiver Operating Characteristic Curves", IEEE Signal Process. Lett. 21, 2014. Twice a
// placement times the size of the other class is a whole number, and so sums of them and of their squares are exact.

// spread sums whole numbers and their squares.
type spread struct {
	sum    int64
	hi, lo uint64 // of the sum of squares
}

// add takes in n numbers of the size x. n·x must fit 63 bits, and their squares' sum 127.
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

// variance is that of the mean of n such numbers: (n·Σx² − (Σx)²) / n²(n−1), the numerator exact.
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

// AUCInterval is AUC with a confidence interval of a level such as 0.95: the AUC ± z standard deviations by DeLong, cut
// off at 0 and 1. A class of one sample has no variance.
//
// Scores that separate the classes without fault have no such variance; instead of an interval without width they get
// an exact one for less: that as many pairs of a positive and a negative sample, no two of them with a sample in common,
// as there are samples of the smaller class, k, would all be won has at most the probability AUC^k, so that no AUC below
// ((1−level)/2)^(1/k) is in the interval. Scores that are all equal have none.
func (b *Binary) AUCInterval(level float64) Value {
	if reason := b.oneClass(); reason != "" {
		return Value{Reason: reason}
	}
	won, below, above := uint64(0), 0, b.size[1]
	var sums [2]spread
	b.groups(func(_ float64, positive, negative int) {
		above -= positive
		placement := int64(2*below + negative)
		won += uint64(positive) * uint64(placement)
		sums[1].add(positive, placement)
		sums[0].add(negative, int64(2*above+positive))
		below += negative
	})
	auc := b.auc(won)
	limit := math.Pow((1-level)/2, 1/float64(min(b.size[0], b.size[1])))
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
	half := deviations(level) * math.Sqrt(v)
	return auc.With(Interval{Low: max(0, auc.V-half), High: min(1, auc.V+half), Method: "DeLong"})
}

// oneSample says why there is no variance if a class has only one sample.
func (b *Binary) oneSample() string {
	if b.size[1] == 1 {
		return "only one positive sample"
	}
	if b.size[0] == 1 {
		return "only one negative sample"
	}
	return ""
}

// deviations is how many standard deviations on either side of the mean hold that share of a normal distribution.
func deviations(level float64) float64 { return math.Sqrt2 * math.Erfinv(level) }

// Comparison is the test of the hypothesis that two scores of the same samples have the same AUC.
type Comparison struct {
	First, Second Value // the two AUC, with intervals
	Difference    Value // First − Second, with an interval, not cut off
	Z             Value // Difference in standard deviations
	P             Value // the probability of a |Z| as large, were both AUC the same
}

// CompareAUC compares the AUC of two scores by DeLong's method for correlated curves [1988, eq. 10 for two of them]. The
// variance is that of the differences of placements. If no sample is placed differently, Z is 0 and P is 1, as in pROC.
// It panics if the labels differ.
func CompareAUC(a, b *Binary, level float64) Comparison {
	c := Comparison{First: a.AUCInterval(level), Second: b.AUCInterval(level)}
	if len(a.labels) != len(b.labels) || a.size != b.size {
		panic("metric: labels of two problems differ")
	}
	if none := (Value{Reason: cmp.Or(a.oneClass(), a.oneSample())}); !none.Defined() {
		c.Difference, c.Z, c.P = none, none, none
		return c
	}
	var placed [2][]uint32
	parallel(2, func(i int) { placed[i] = [2]*Binary{a, b}[i].placements() })
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
		half := deviations(level) * sd
		c.Difference = c.Difference.With(Interval{Low: c.Difference.V - half, High: c.Difference.V + half, Method: "DeLong, paired"})
		c.Z = Value{V: c.Difference.V / sd}
	case c.Difference.V == 0:
		c.Difference = c.Difference.With(Interval{Method: "DeLong, paired"})
	default:
		c.Difference = c.Difference.With(Interval{Reason: "the difference has no variance"})
		c.Z = Value{Reason: "the difference has no variance"}
	}
	c.P = Value{Reason: c.Z.Reason, V: math.Erfc(math.Abs(c.Z.V) / math.Sqrt2)}
	return c
}

// placements returns, for each sample, twice the number of samples of the other class that a positive one beats, or that
// beat a negative one, where a tie counts half.
func (b *Binary) placements() []uint32 {
	placed := make([]uint32, len(b.labels))
	var index []uint32
	if isNarrow(b.scores) {
		index = order(keysOf(b.scores, narrow))
	} else {
		index = order(keysOf(b.scores, wide))
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

// groupEnd is where the run of equal scores ends that begins at i.
func groupEnd(index []uint32, i int) int {
	for i++; i < len(index) && index[i]&first == 0; i++ {
	}
	return i
}
