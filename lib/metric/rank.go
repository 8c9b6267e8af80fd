package metric

// ranking are the samples of one class of two by their scores.
type ranking struct {
	narrow []uint32 // keys of scores that are all float32
	wide   []uint64 // keys of others
	weight []uint32 // how often each was drawn; nil: once
}

// score is that of the sample in the place i from the lowest.
func (r *ranking) score(i int) float64 {
	if r.narrow != nil {
		return scoreOf(r.narrow[i])
	}
	return scoreOf(r.wide[i])
}

// drawn is how often the samples from i to j were drawn.
func (r *ranking) drawn(i, j int) int {
	if r.weight == nil {
		return j - i
	}
	sum := 0
	for _, w := range r.weight[i:j] {
		sum += int(w)
	}
	return sum
}

// rank sorts the scores of either class.
func (b *Binary) rank() {
	if b.ranked {
		return
	}
	b.ranked = true
	neg, pos := &b.sorted[0], &b.sorted[1]
	if isNarrow(b.scores) {
		neg.narrow, pos.narrow = sortedKeys(b, narrow)
	} else {
		neg.wide, pos.wide = sortedKeys(b, wide)
	}
}

// isNarrow reports whether all scores are float32.
func isNarrow(s scores) bool {
	d, ok := s.(float64s)
	if !ok {
		return true
	}
	for _, v := range d {
		if float64(float32(v)) != v {
			return false
		}
	}
	return true
}

func keysOf[K key](s scores, of func(float64) K) []K {
	keys := make([]K, s.len())
	for i := range keys {
		keys[i] = of(s.at(i))
	}
	return keys
}

// sortedKeys returns the keys of negative and of positive samples from the lowest.
func sortedKeys[K key](b *Binary, of func(float64) K) (negative, positive []K) {
	keys := [2][]K{make([]K, 0, b.size[0]), make([]K, 0, b.size[1])}
	for i, y := range b.labels {
		keys[y] = append(keys[y], of(b.scores.at(i)))
	}
	parallel(2, func(y int) { keys[y] = sorted(keys[y]) })
	return keys[0], keys[1]
}

// groups calls f with the number of positive and of negative samples at each distinct score, from the lowest.
func (b *Binary) groups(f func(score float64, positive, negative int)) {
	b.rank()
	neg, pos := &b.sorted[0], &b.sorted[1]
	if neg.narrow != nil {
		merge(neg, neg.narrow, pos, pos.narrow, f)
	} else {
		merge(neg, neg.wide, pos, pos.wide, f)
	}
}

func merge[K key](neg *ranking, n []K, pos *ranking, p []K, f func(score float64, positive, negative int)) {
	for i, j := 0, 0; i < len(n) || j < len(p); {
		var here K
		if j == len(p) || i < len(n) && n[i] <= p[j] {
			here = n[i]
		} else {
			here = p[j]
		}
		i0, j0 := i, j
		for i < len(n) && n[i] == here {
			i++
		}
		for j < len(p) && p[j] == here {
			j++
		}
		f(scoreOf(here), pos.drawn(j0, j), neg.drawn(i0, i))
	}
}

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
