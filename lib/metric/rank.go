package metric

import "backdrop/lib/parallel"

// ranking are the samples of one class of two by their scores.
type ranking struct {
	narrow []uint32 // keys of scores that are all float32
	wide   []uint64 // keys of others
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
	if c, ok := s.(clipped); ok {
		s = c.scores
	}
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
	parallel.All(2, func(y int) { keys[y] = sorted(keys[y]) })
	return keys[0], keys[1]
}

// groups calls f with the number of positive and of negative samples at each distinct score, from the lowest.
func (b *Binary) groups(f func(score float64, positive, negative int)) {
	b.rank()
	neg, pos := &b.sorted[0], &b.sorted[1]
	if neg.narrow != nil {
		merge(neg.narrow, pos.narrow, f)
	} else {
		merge(neg.wide, pos.wide, f)
	}
}

func merge[K key](n, p []K, f func(score float64, positive, negative int)) {
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
		f(scoreOf(here), j-j0, i-i0)
	}
}
