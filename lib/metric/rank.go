package metric

// byClass are all samples in the order of the log-odds of a class, for figures that tell it from the others.
type byClass struct {
	index []uint32 // as order returns it

	// of the samples that were drawn last:
	won       []uint64 // won[b] is twice the number of pairs won against class b
	rest      uint64   // and against all others
	precision float64  // the sum of precision over the samples of the class
}

// count takes all samples from the lowest. Pairs are counted for each other class only if there is room in won.
func (r *byClass) count(m *Multiclass, class int, scratch *scratch) {
	below := scratch.reset(len(m.classes))
	r.rest, r.precision = 0, 0
	clear(r.won)
	others := 0 // of other classes, with lower scores
	p := precisions{hits: m.support[class], n: len(m.labels)}
	for i := 0; i < len(r.index); {
		end := groupEnd(r.index, i)
		positive, all := 0, 0
		for _, x := range r.index[i:end] {
			w := m.weightOf(int(x &^ first))
			if all += w; m.labels[x&^first] == class {
				positive += w
			}
		}
		r.rest += uint64(positive) * uint64(2*others+all-positive)
		if positive > 0 && r.won != nil {
			for b, n := range below {
				r.won[b] += 2 * uint64(positive) * uint64(n)
			}
			for _, x := range r.index[i:end] {
				x &^= first
				r.won[m.labels[x]] += uint64(positive) * uint64(m.weightOf(int(x)))
			}
		}
		p.add(positive, all)
		others += all - positive
		if r.won != nil {
			for _, x := range r.index[i:end] {
				x &^= first
				below[m.labels[x]] += m.weightOf(int(x))
			}
		}
		i = end
	}
	r.precision = p.sum
}

// scratch is memory to count in.
type scratch struct{ below []int }

func (s *scratch) reset(classes int) []int {
	if s.below == nil {
		s.below = make([]int, classes)
	}
	clear(s.below)
	return s.below
}
