package metric

import (
	"fmt"
	"math"
	"slices"

	"backdrop/lib/parallel"
)

// Multiclass is a problem with one score a class: its logit, so that the probabilities are the softmax, or its probability.
type Multiclass struct {
	classes   []string
	labels    []int
	scale     Scale
	support   []int // samples of each class
	predicted []int
	odds      []float64 // what ranks samples, a row a sample: log-odds of logits, or probabilities as they are

	ranks []byClass // once it is needed
}

// NewMulticlass checks scores, a row a sample with a column a class, and labels. It holds on to labels and classes, and to
// probabilities. Probabilities that rounding moved out of [0, 1] count as 0 or 1.
func NewMulticlass(scores []float64, scale Scale, labels []int, classes []string) (*Multiclass, error) {
	k := len(classes)
	if k < 2 {
		return nil, fmt.Errorf("metric: %d classes, want at least 2", k)
	}
	if err := checkLengths(float64s(scores), k, labels); err != nil {
		return nil, err
	}
	if err := check(float64s(scores), scale, k, labels, k); err != nil {
		return nil, err
	}
	if err := checkRows(scores, scale, k); err != nil {
		return nil, err
	}
	m := &Multiclass{classes: classes, labels: labels, scale: scale, support: make([]int, k), predicted: make([]int, len(labels)), odds: scores}
	for i, y := range labels {
		m.support[y]++
		m.predicted[i] = Predicted(scores[i*k:(i+1)*k], scale)
	}
	if scale == Probabilities && slices.ContainsFunc(scores, outside) {
		m.odds = slices.Clone(scores)
		for i, p := range m.odds {
			m.odds[i] = max(0, min(1, p))
		}
	}
	if scale == Logits {
		const rows = 64 // that one processor takes at a time
		m.odds = slices.Clone(scores)
		parallel.All((len(labels)+rows-1)/rows, func(i int) { logOdds(m.odds[i*rows*k:min((i+1)*rows, len(labels))*k], k) })
	}
	return m, nil
}

// row is what ranks a sample by each class.
func (m *Multiclass) row(i int) []float64 {
	k := len(m.classes)
	return m.odds[i*k : (i+1)*k]
}

// probability is that of a class.
func (m *Multiclass) probability(i, class int) float64 {
	if m.scale == Probabilities {
		return m.row(i)[class]
	}
	return probability(m.row(i)[class])
}

// Confusion counts samples by their class and the one that is Predicted.
func (m *Multiclass) Confusion() Confusion {
	c := newConfusion(m.classes)
	for i, y := range m.labels {
		c.Count[y][m.predicted[i]]++
	}
	return c
}

// LogLoss is the mean of −log p of the true class: the cross entropy. Unlike scikit-learn's it does not clip
// probabilities: where one is 0 it is undefined.
func (m *Multiclass) LogLoss(c Confidence) Value {
	return logLoss(len(m.labels), m.scale, func(i int) float64 {
		s := m.row(i)[m.labels[i]]
		if m.scale == Probabilities {
			return -math.Log(s)
		}
		return lossOf(s)
	}, m.unknown, c)
}

// unknown says why the samples do not show how much the mean loss may vary; empty if they do.
func (m *Multiclass) unknown() string {
	if slices.Equal(m.predicted, m.labels) {
		return noErrors
	}
	return loneSamples(m.support)
}

// Brier is the mean of Σ (p − y)² over the classes, with p the probability of a class and y 1 for the true class, else 0
// (G. W. Brier, "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review 78, 1950): for two
// classes twice as much as Binary's.
func (m *Multiclass) Brier(c Confidence) Value {
	return brier(len(m.labels), func(i int) float64 {
		sum := 0.0
		for c, s := range m.row(i) {
			switch {
			case m.scale == Probabilities && c == m.labels[i]:
				s = 1 - s
			case m.scale == Probabilities:
			case c == m.labels[i]:
				s = probability(-s)
			default:
				s = probability(s)
			}
			sum += s * s
		}
		return sum
	}, m.unknown, 2, c)
}

// OneVsRest is the binary problem of telling the samples of one class from all others, by its log-odds or its probability.
// It predicts the class where its probability is more than one half.
func (m *Multiclass) OneVsRest(class int) *Binary {
	scores, labels := make(float64s, len(m.labels)), make([]int, len(m.labels))
	names := [2]string{Rest(m.classes[class], m.classes), m.classes[class]}
	if k := len(m.classes); k == 2 {
		names[0] = m.classes[1-class]
	}
	for i, y := range m.labels {
		scores[i] = m.row(i)[class]
		if y == class {
			labels[i] = 1
		}
	}
	b := newBinary(scores, m.scale, labels, names, survey(scores, m.scale, labels))
	if m.scale == Probabilities {
		b.rest = rest{m, class}
	}
	return b
}

// Rest is what all classes but one are called: not as any of them is.
func Rest(class string, classes []string) string {
	if slices.Contains(classes, "rest") {
		return "not " + class
	}
	return "rest"
}

// rest has the probabilities of all classes but one, added up: 1 less the one may round to 0.
type rest struct {
	*Multiclass
	class int
}

func (r rest) len() int { return len(r.labels) }

func (r rest) at(i int) float64 {
	sum := 0.0
	for c, p := range r.row(i) {
		if c != r.class {
			sum += p
		}
	}
	return min(sum, 1)
}

func (m *Multiclass) absent(class int) Value {
	return undefined("no samples of class %s", m.classes[class])
}
