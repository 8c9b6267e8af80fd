package metric

import "backdrop/lib/parallel"

// byClass has all samples in the order of the odds of one class, for figures that tell it from the other classes.
type byClass struct {
	index []uint32 // as order returns it

	won       []uint64 // won[b] is twice the number of pairs won against class b; nil if some class has no samples
	rest      uint64   // the same against all other classes together
	precision float64  // the sum of precision over the samples of the class
}

// runs calls f with the numbers of samples of equal odds, from the lowest. The first of them is marked.
func (r *byClass) runs(f func(run []uint32)) {
	for i := 0; i < len(r.index); {
		end := groupEnd(r.index, i)
		f(r.index[i:end])
		i = end
	}
}

// ofClass counts the samples of a class in a run.
func (m *Multiclass) ofClass(run []uint32, class int) int {
	n := 0
	for _, x := range run {
		if m.labels[x&^first] == class {
			n++
		}
	}
	return n
}

// count takes all samples from the lowest.
func (r *byClass) count(m *Multiclass, class int) {
	below := make([]int, len(m.classes)) // samples of each class with lower scores
	others := 0                          // and of all but this one
	p := precisions{hits: m.support[class], n: len(m.labels)}
	r.runs(func(run []uint32) {
		positive := m.ofClass(run, class)
		r.rest += uint64(positive) * uint64(2*others+len(run)-positive)
		if positive > 0 && r.won != nil {
			for b, n := range below {
				r.won[b] += 2 * uint64(positive) * uint64(n)
			}
			for _, x := range run {
				r.won[m.labels[x&^first]] += uint64(positive)
			}
		}
		p.add(positive, len(run))
		others += len(run) - positive
		for _, x := range run {
			below[m.labels[x&^first]]++
		}
	})
	r.precision = p.sum
}

// rank sorts the samples once by the odds of each class, and counts. Pairs of classes are counted only if all classes have
// samples, and so there are not more of them than scores.
func (m *Multiclass) rank() {
	if m.ranks != nil {
		return
	}
	k := len(m.classes)
	m.ranks = make([]byClass, k)
	complete := true
	for _, n := range m.support {
		complete = complete && n > 0
	}
	parallel.All(k, func(a int) {
		keys := make([]uint64, len(m.labels))
		for i := range keys {
			keys[i] = wide(m.row(i)[a])
		}
		r := &m.ranks[a]
		r.index = order(keys)
		if complete {
			r.won = make([]uint64, k)
		}
		r.count(m, a)
	})
}

// rest is the AUC of a class against all others.
func (m *Multiclass) rest(class int) float64 {
	n := m.support[class]
	return float64(m.ranks[class].rest) / 2 / float64(n) / float64(len(m.labels)-n)
}

// pair is the AUC of class a against class b by the odds of a.
func (m *Multiclass) pair(a, b int) float64 {
	return float64(m.ranks[a].won[b]) / 2 / float64(m.support[a]) / float64(m.support[b])
}
