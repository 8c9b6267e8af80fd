package metric

import (
	"fmt"
	"runtime"
	"slices"

	"backdrop/lib/parallel"
)

// AUCOneVsRest averages the AUC of every class against all others, by the odds of the class. A class without
// samples leaves the macro mean undefined; in the weighted mean its weight is 0.
func (m *Multiclass) AUCOneVsRest(a Average, c Confidence) Value {
	m.rank()
	auc := averaging{Average: a}
	for k, n := range m.support {
		switch {
		case n == 0:
			auc.add(m.absent(k), n)
		case n == len(m.labels):
			auc.add(undefined("all samples are of class %s", m.classes[k]), n)
		default:
			auc.add(Value{V: m.rest(k)}, n)
		}
	}
	return m.with(auc.value(), c, func(mean float64) *influences {
		return m.influences(func(y int) float64 { return auc.ofWeight(m.rest(y), mean) }, func(k int, dst []float64) {
			if weight := auc.weight(m.support[k]) / auc.total; weight > 0 {
				m.ofRest(k, weight, dst)
			}
		})
	})
}

// ofRest adds the influences of all samples on the AUC of a class against all others, times a weight.
func (m *Multiclass) ofRest(class int, weight float64, dst []float64) {
	own, rest := float64(m.support[class]), float64(len(m.labels)-m.support[class])
	auc := m.rest(class)
	hits, others := 0, 0 // with lower scores
	m.ranks[class].runs(func(run []uint32) {
		here := m.ofClass(run, class)
		other := len(run) - here
		hit := (float64(others) + float64(other)/2) / rest
		miss := 1 - (float64(hits)+float64(here)/2)/own
		for _, x := range run {
			if x &^= first; m.labels[x] == class {
				dst[x] += weight * (hit - auc) / own
			} else {
				dst[x] += weight * (miss - auc) / rest
			}
		}
		hits += here
		others += other
	})
}

// AUCOneVsOne averages, over all pairs of classes a and b, the AUC of telling the samples of a from those of b, which
// is the mean of that by the odds of a and that by those of b (D. J. Hand, R. J. Till, "A Simple Generalisation of
// the Area Under the ROC Curve for Multiple Class Classification Problems", Machine Learning 45, 2001, eq. 7). Pairs
// are weighted by their number of samples if a is Weighted, as in scikit-learn. A class without samples leaves
// either mean undefined.
func (m *Multiclass) AUCOneVsOne(a Average, c Confidence) Value {
	if k := slices.Index(m.support, 0); k >= 0 {
		return m.absent(k)
	}
	m.rank()
	auc := averaging{Average: a}
	for i, n := range m.support {
		for j, k := range m.support[:i] {
			auc.add(Value{V: (m.pair(i, j) + m.pair(j, i)) / 2}, n+k)
		}
	}
	return m.with(auc.value(), c, func(mean float64) *influences {
		ofWeight := make([]float64, len(m.support)) // of a sample of each class on the weights of its pairs
		for i := range ofWeight {
			for j := range m.support {
				if j != i {
					ofWeight[i] += auc.ofWeight((m.pair(i, j)+m.pair(j, i))/2, mean)
				}
			}
		}
		return m.influences(func(y int) float64 { return ofWeight[y] }, func(k int, dst []float64) { m.ofPairs(k, &auc, dst) })
	})
}

// ofPairs adds the influences of all samples on the AUC of a class against each other by its own odds, each times
// half of the weight of the pair.
func (m *Multiclass) ofPairs(class int, mean *averaging, dst []float64) {
	own := float64(m.support[class])
	weight, auc := make([]float64, len(m.support)), make([]float64, len(m.support))
	average := 0.0 // of the AUC, weighted
	for b, n := range m.support {
		if b != class {
			weight[b] = mean.weight(m.support[class]+n) / mean.total / 2
			auc[b] = m.pair(class, b)
			average += weight[b] * auc[b]
		}
	}
	hits, beaten := 0, 0.0 // with lower scores: of the class, and the shares of the others, weighted
	m.ranks[class].runs(func(run []uint32) {
		here, tied := 0, 0.0
		for _, x := range run {
			if y := m.labels[x&^first]; y == class {
				here++
			} else {
				tied += weight[y] / float64(m.support[y])
			}
		}
		miss := 1 - (float64(hits)+float64(here)/2)/own
		for _, x := range run {
			x &^= first
			if y := m.labels[x]; y == class {
				dst[x] += (beaten + tied/2 - average) / own
			} else {
				dst[x] += weight[y] * (miss - auc[y]) / float64(m.support[y])
			}
		}
		hits += here
		beaten += tied
	})
}

// AveragePrecision averages the average precision of every class against all others, by its odds.
func (m *Multiclass) AveragePrecision(a Average, c Confidence) Value {
	m.rank()
	precision := func(k int) float64 { return m.ranks[k].precision / float64(m.support[k]) }
	ap := averaging{Average: a}
	for k, n := range m.support {
		if n == 0 {
			ap.add(m.absent(k), n)
		} else {
			ap.add(Value{V: precision(k)}, n)
		}
	}
	return m.with(ap.value(), c, func(mean float64) *influences {
		return m.influences(func(y int) float64 { return ap.ofWeight(precision(y), mean) }, func(k int, dst []float64) {
			if weight := ap.weight(m.support[k]) / ap.total; weight > 0 {
				m.ofPrecision(k, precision(k), weight, dst)
			}
		})
	})
}

// ofPrecision adds the influences of all samples on the average precision of a class, times a weight.
func (m *Multiclass) ofPrecision(class int, precision, weight float64, dst []float64) {
	own := float64(m.support[class])
	p := precisions{hits: m.support[class], n: len(m.labels)}
	m.ranks[class].runs(func(run []uint32) {
		hit, other := p.add(m.ofClass(run, class), len(run))
		for _, x := range run {
			if x &^= first; m.labels[x] == class {
				dst[x] += weight * (hit - precision) / own
			} else {
				dst[x] += weight * other / own
			}
		}
	})
}

// with adds an interval to a mean over classes.
func (m *Multiclass) with(v Value, c Confidence, of func(mean float64) *influences) Value {
	if c.Level == 0 || !v.Defined() {
		return v
	}
	if k := slices.Index(m.support, 1); k >= 0 {
		return v.With(Interval{Reason: fmt.Sprintf("only one sample of class %s", m.classes[k])})
	}
	return of(v.V).within(v, 0, 1, c)
}

// influences sums the influences of all samples. That of a sample of class y is byLabel(y), and what add adds for each class
// to dst, which has an element for each sample. Classes are summed in their order, for every number of threads.
func (m *Multiclass) influences(byLabel func(y int) float64, add func(class int, dst []float64)) *influences {
	all := make([]float64, len(m.labels))
	for i, y := range m.labels {
		all[i] = byLabel(y)
	}
	parts := make([][]float64, min(len(m.classes), runtime.GOMAXPROCS(0)))
	for i := range parts {
		parts[i] = make([]float64, len(all))
	}
	for from := 0; from < len(m.classes); from += len(parts) {
		now := parts[:min(len(parts), len(m.classes)-from)]
		parallel.All(len(now), func(i int) {
			clear(now[i])
			add(from+i, now[i])
		})
		for _, part := range now {
			for i, v := range part {
				all[i] += v
			}
		}
	}
	var s influences
	for _, v := range all {
		s.add(1, v)
	}
	return &s
}
