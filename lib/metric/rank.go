package metric

import (
	"cmp"
	"slices"
)

// scored is a sample with one score and its class.
type scored struct {
	score float64
	class int
}

func sortByScore(s []scored) {
	slices.SortFunc(s, func(a, b scored) int { return cmp.Compare(a.score, b.score) })
}

// groups calls f with the number of samples of each class at each distinct score, from the lowest; s is sorted.
func groups(s []scored, classes int, f func(count []int)) {
	count := make([]int, classes)
	for i := 0; i < len(s); {
		clear(count)
		start := i
		for ; i < len(s) && s[i].score == s[start].score; i++ {
			count[s[i].class]++
		}
		f(count)
	}
}

// wins returns, for each class b, twice the number of pairs of a sample of class a and one of class b in which the
// former has the higher score, where a tie is half a pair: twice the statistic U of H. B. Mann, D. R. Whitney, "On a
// Test of Whether one of Two Random Variables is Stochastically Larger than the Other", Ann. Math. Stat. 18, 1947.
// Divided by the number of pairs, U is the area under the ROC curve. s is sorted.
func wins(s []scored, classes, a int) []uint64 {
	won, below := make([]uint64, classes), make([]int, classes)
	groups(s, classes, func(count []int) {
		for b, n := range count {
			won[b] += uint64(count[a]) * uint64(2*below[b]+n)
			below[b] += n
		}
	})
	return won
}

// averagePrecision is Σ (Rᵢ − Rᵢ₋₁) Pᵢ over the distinct scores from the highest, where Pᵢ and Rᵢ are precision and
// recall of the samples that score at least as much: scikit-learn's average_precision_score. s is sorted.
func averagePrecision(s []scored, classes, positive int) Value {
	hits, n := 0, len(s) // of the samples that score at least as much
	for _, x := range s {
		if x.class == positive {
			hits++
		}
	}
	positives, sum := hits, 0.0
	groups(s, classes, func(count []int) {
		sum += float64(count[positive]) * float64(hits) / float64(n)
		hits -= count[positive]
		for _, c := range count {
			n -= c
		}
	})
	return ratio(sum, float64(positives), "no positive samples")
}
