package metric

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Multiclass is a problem with one logit a class; the probabilities are their softmax.
type Multiclass struct {
	classes   []string
	labels    []int
	support   []int // samples of each class
	predicted []int
	logOdds   []float64 // a row a sample

	weight []uint32   // how often each sample was drawn; nil: once
	strata [][]uint32 // the samples of each class; nil if none are to be drawn
	drawn  []uint32   // how often each sample of a class was

	ranks   []byClass // once it is needed
	counted bool      // since samples were drawn
}

// NewMulticlass checks logits, a row a sample with a column a class, and labels. It holds on to labels and classes.
func NewMulticlass(logits []float64, labels []int, classes []string) (*Multiclass, error) {
	k := len(classes)
	if k < 2 {
		return nil, fmt.Errorf("metric: %d classes, want at least 2", k)
	}
	if err := check(float64s(logits), k, labels, k); err != nil {
		return nil, err
	}
	m := &Multiclass{
		classes: classes, labels: labels,
		support: make([]int, k), predicted: make([]int, len(labels)), logOdds: slices.Clone(logits),
	}
	for i, y := range labels {
		m.support[y]++
		row := logits[i*k : (i+1)*k]
		for c, s := range row {
			if s > row[m.predicted[i]] { // the first of equal ones, as numpy.argmax
				m.predicted[i] = c
			}
		}
	}
	const rows = 64 // that one processor takes at a time
	parallel((len(labels)+rows-1)/rows, func(i int) { logOdds(m.logOdds[i*rows*k:min((i+1)*rows, len(labels))*k], k) })
	return m, nil
}

// weightOf is how often a sample was drawn.
func (m *Multiclass) weightOf(i int) int {
	if m.weight == nil {
		return 1
	}
	return int(m.weight[i])
}

// Replica returns a copy to Draw samples of, which leaves m as it is.
func (m *Multiclass) Replica() *Multiclass {
	m.rank()
	c := *m
	c.weight = make([]uint32, len(m.labels))
	c.strata = make([][]uint32, len(m.classes))
	for i, y := range m.labels {
		c.strata[y] = append(c.strata[y], uint32(i))
	}
	c.drawn = make([]uint32, slices.Max(m.support))
	c.ranks = slices.Clone(m.ranks)
	for i := range c.ranks {
		c.ranks[i].won = slices.Clone(c.ranks[i].won)
	}
	return &c
}

// Draw takes as many samples of each class as there are, each time one of them all. All figures are then those of the
// samples drawn.
func (m *Multiclass) Draw(r *rand.Rand) {
	for _, samples := range m.strata {
		drawn := m.drawn[:len(samples)]
		redraw(drawn, r)
		for i, x := range samples {
			m.weight[x] = drawn[i]
		}
	}
	m.counted = false
}

// Confusion predicts the class with the largest logit, the first of equal ones.
func (m *Multiclass) Confusion() Confusion {
	c := newConfusion(m.classes)
	for i, y := range m.labels {
		c.Count[y][m.predicted[i]] += m.weightOf(i)
	}
	return c
}

// LogLoss is the mean of −log p of the true class: the cross entropy. Unlike scikit-learn's it does not clip
// probabilities.
func (m *Multiclass) LogLoss() Value {
	sum := 0.0
	for i, y := range m.labels {
		if w := m.weightOf(i); w > 0 {
			sum += float64(w) * lossOf(m.logOdds[i*len(m.classes)+y])
		}
	}
	return meanLoss(sum, len(m.labels))
}

// Brier is the mean of Σ (p − y)² over the classes, with p the probability of a class and y 1 for the true class, else 0
// (G. W. Brier, "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review 78, 1950): for two
// classes twice as much as Binary's.
func (m *Multiclass) Brier() Value {
	sum, k := 0.0, len(m.classes)
	for i, y := range m.labels {
		w := m.weightOf(i)
		if w == 0 {
			continue
		}
		for c, x := range m.logOdds[i*k : (i+1)*k] {
			if c == y {
				x = -x
			}
			q := probability(x)
			sum += float64(w) * q * q
		}
	}
	return ratio(sum, float64(len(m.labels)), "no samples")
}

// OneVsRest is the binary problem of telling the samples of one class from all others, by its log-odds. It predicts
// the class where its probability is more than one half.
func (m *Multiclass) OneVsRest(class int) *Binary {
	scores, labels, names := make([]float64, len(m.labels)), make([]int, len(m.labels)), [2]string{"rest", m.classes[class]}
	if k := len(m.classes); k == 2 {
		names[0] = m.classes[1-class]
	}
	for i, y := range m.labels {
		scores[i] = m.logOdds[i*len(m.classes)+class]
		if y == class {
			labels[i] = 1
		}
	}
	return newBinary(float64s(scores), labels, names)
}

// rank sorts the samples once by the log-odds of each class, and counts those that were drawn. Pairs of classes are
// counted only if all classes have samples, and so there are not more of them than scores.
func (m *Multiclass) rank() {
	k := len(m.classes)
	if m.ranks == nil {
		m.ranks = make([]byClass, k)
		parallel(k, func(a int) {
			keys := make([]uint64, len(m.labels))
			for i := range keys {
				keys[i] = wide(m.logOdds[i*k+a])
			}
			m.ranks[a].index = order(keys)
			if !slices.Contains(m.support, 0) {
				m.ranks[a].won = make([]uint64, k)
			}
		})
	}
	if m.counted {
		return
	}
	if m.weight == nil {
		parallel(k, func(a int) { m.ranks[a].count(m, a, new(scratch)) })
	} else { // one of many replicas that are at work
		var s scratch
		for a := range m.ranks {
			m.ranks[a].count(m, a, &s)
		}
	}
	m.counted = true
}

func (m *Multiclass) absent(class int) Value {
	return undefined("no samples of class %s", m.classes[class])
}

// AUCOneVsRest averages the AUC of every class against all others, by the log-odds of the class. A class without
// samples leaves the macro mean undefined; in the weighted mean its weight is 0.
func (m *Multiclass) AUCOneVsRest(a Average) Value {
	m.rank()
	auc := averaging{Average: a}
	for c, n := range m.support {
		rest := len(m.labels) - n
		switch {
		case n == 0:
			auc.add(m.absent(c), n)
		case rest == 0:
			auc.add(undefined("all samples are of class %s", m.classes[c]), n)
		default:
			auc.add(Value{V: float64(m.ranks[c].rest) / 2 / float64(n) / float64(rest)}, n)
		}
	}
	return auc.value()
}

// AUCOneVsOne averages, over all pairs of classes a and b, the AUC of telling the samples of a from those of b, which
// is the mean of that by the log-odds of a and that by those of b (D. J. Hand, R. J. Till, "A Simple Generalisation of
// the Area Under the ROC Curve for Multiple Class Classification Problems", Machine Learning 45, 2001, eq. 7). Pairs
// are weighted by their number of samples if a is Weighted, as in scikit-learn. A class without samples leaves
// either mean undefined.
func (m *Multiclass) AUCOneVsOne(a Average) Value {
	if c := slices.Index(m.support, 0); c >= 0 {
		return m.absent(c)
	}
	m.rank()
	auc := averaging{Average: a}
	for i, n := range m.support {
		for j, k := range m.support[:i] {
			won := float64(m.ranks[i].won[j]) + float64(m.ranks[j].won[i])
			auc.add(Value{V: won / 4 / float64(n) / float64(k)}, n+k)
		}
	}
	return auc.value()
}

// AveragePrecision averages the average precision of every class against all others, by its log-odds.
func (m *Multiclass) AveragePrecision(a Average) Value {
	m.rank()
	ap := averaging{Average: a}
	for c, n := range m.support {
		if n == 0 {
			ap.add(m.absent(c), n)
		} else {
			ap.add(Value{V: m.ranks[c].precision / float64(n)}, n)
		}
	}
	return ap.value()
}
