package metric

import (
	"fmt"
	"slices"
)

// Multiclass is a problem with one logit a class; the probabilities are their softmax.
type Multiclass struct {
	classes   []string
	labels    []int
	support   []int // samples of each class
	predicted []int
	logOdds   []float64 // a row a sample

	// once they are needed:
	won       [][]uint64 // won[a] is wins of class a by the log-odds of a
	precision []Value    // average precision of each class
}

// NewMulticlass checks logits, a row a sample with a column a class, and labels. It holds on to labels and classes.
func NewMulticlass(logits []float64, labels []int, classes []string) (*Multiclass, error) {
	k := len(classes)
	if k < 2 {
		return nil, fmt.Errorf("metric: %d classes, want at least 2", k)
	}
	if err := check(logits, k, labels, k); err != nil {
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
	logOdds(m.logOdds, k)
	return m, nil
}

// Confusion predicts the class with the largest logit, the first of equal ones.
func (m *Multiclass) Confusion() Confusion {
	c := newConfusion(m.classes)
	for i, y := range m.labels {
		c.Count[y][m.predicted[i]]++
	}
	return c
}

// LogLoss is the mean of −log p of the true class: the cross entropy. Unlike scikit-learn's it does not clip
// probabilities.
func (m *Multiclass) LogLoss() Value {
	sum := 0.0
	for i, y := range m.labels {
		sum += lossOf(m.logOdds[i*len(m.classes)+y])
	}
	return meanLoss(sum, len(m.labels))
}

// OneVsRest is the binary problem of telling the samples of one class from all others, by its log-odds. It predicts
// the class where its probability is more than one half.
func (m *Multiclass) OneVsRest(class int) *Binary {
	b := &Binary{classes: [2]string{"rest", m.classes[class]}, scores: make([]float64, len(m.labels)), labels: make([]int, len(m.labels))}
	if k := len(m.classes); k == 2 {
		b.classes[0] = m.classes[1-class]
	}
	for i, y := range m.labels {
		b.scores[i] = m.logOdds[i*len(m.classes)+class]
		if y == class {
			b.labels[i] = 1
		}
	}
	return b
}

// rank sorts the samples once by the log-odds of each class.
func (m *Multiclass) rank() {
	if m.won != nil {
		return
	}
	k := len(m.classes)
	s := make([]scored, len(m.labels))
	for a := range m.classes {
		for i, y := range m.labels {
			s[i] = scored{m.logOdds[i*k+a], y}
		}
		sortByScore(s)
		m.won = append(m.won, wins(s, k, a))
		ap := averagePrecision(s, k, a)
		if !ap.Defined() {
			ap = m.absent(a)
		}
		m.precision = append(m.precision, ap)
	}
}

func (m *Multiclass) absent(class int) Value {
	return undefined("no samples of class %s", m.classes[class])
}

// AUCOneVsRest averages the AUC of every class against all others, by the log-odds of the class. A class without
// samples leaves the macro mean undefined; in the weighted mean its weight is 0.
func (m *Multiclass) AUCOneVsRest(a Average) Value {
	m.rank()
	values := make([]Value, len(m.classes))
	for c, n := range m.support {
		rest := len(m.labels) - n
		switch {
		case n == 0:
			values[c] = m.absent(c)
		case rest == 0:
			values[c] = undefined("all samples are of class %s", m.classes[c])
		default:
			won := uint64(0)
			for b, w := range m.won[c] {
				if b != c {
					won += w
				}
			}
			values[c] = Value{V: float64(won) / 2 / float64(n) / float64(rest)}
		}
	}
	return mean(values, m.support, a)
}

// AUCOneVsOne averages, over all pairs of classes a and b, the AUC of telling the samples of a from those of b, which
// is the mean of that by the log-odds of a and that by those of b (D. J. Hand, R. J. Till, "A Simple Generalisation of
// the Area Under the ROC Curve for Multiple Class Classification Problems", Machine Learning 45, 2001, eq. 7). Pairs
// are weighted by their number of samples if a is Weighted, as in scikit-learn. A class without samples leaves
// either mean undefined.
func (m *Multiclass) AUCOneVsOne(a Average) Value {
	m.rank()
	var values []Value
	var support []int // of pairs
	for i, n := range m.support {
		if n == 0 {
			return m.absent(i)
		}
		for j, k := range m.support[:i] {
			values = append(values, Value{V: (float64(m.won[i][j]) + float64(m.won[j][i])) / 4 / float64(n) / float64(k)})
			support = append(support, n+k)
		}
	}
	return mean(values, support, a)
}

// AveragePrecision averages the average precision of every class against all others, by its log-odds.
func (m *Multiclass) AveragePrecision(a Average) Value {
	m.rank()
	return mean(m.precision, m.support, a)
}
