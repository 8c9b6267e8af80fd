package data

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"backdrop/lib/rng"
)

// Split holds out the given fraction of every class for validation, rounded to whole samples but for one at least to
// train on, chosen by seed. Both parts keep the order of the set. Where there are groups it holds out whole ones, as many as
// bring the classes near to the fraction.
func (s *Set) Split(fraction float64, seed uint64) (train, val *Set) {
	held := map[int]bool{}
	if s.Groups != nil {
		s.holdGroups(held, fraction, seed)
	} else {
		for _, class := range s.shuffled(s.Label, seed, rng.Split) {
			n := min(int(math.Round(fraction*float64(len(class)))), len(class)-1)
			for _, i := range class[:n] {
				held[i] = true
			}
		}
	}
	return s.parts(func(i int) bool { return held[i] })
}

// Fold holds out fold k of n of a cross-validation, from 0. Each sample is in one of the folds, which depend on the seed and
// on the labels of the data in their order: it takes the same seed to get the folds that belong together. Each class is spread evenly: folds differ by
// one sample of it at most, and in all by one. Where there are groups whole ones are dealt out, largest first, so that the
// folds come near to that. Both parts keep the order of the set.
func (s *Set) Fold(k, n int, seed uint64) (train, val *Set) {
	fold := make([]int, s.Len())
	if s.Groups != nil {
		s.dealGroups(fold, n, seed)
	} else {
		dealt := 0 // goes on from class to class, so that no fold is favoured
		for _, class := range s.shuffled(s.original, seed, rng.Folds) {
			for _, i := range class {
				fold[i] = dealt % n
				dealt++
			}
		}
	}
	return s.parts(func(i int) bool { return fold[i] == k })
}

// Units is the number of samples, or of groups of them: what can be in different folds.
func (s *Set) Units() int {
	if s.Groups == nil {
		return s.Len()
	}
	return len(s.groups())
}

// original is the label of sample i of the set in the data.
func (s *Set) original(i int) int { return s.Table.Label(s.Number(i)) }

// parts splits the set.
func (s *Set) parts(held func(i int) bool) (train, val *Set) {
	train, val = s.part(), s.part()
	for i := range s.Len() {
		p := train
		if held(i) {
			p = val
		}
		p.Numbers = append(p.Numbers, s.Number(i))
	}
	return train, val
}

// part is a set of the same kind without samples.
func (s *Set) part() *Set {
	p := *s
	p.Numbers = []int{}
	return &p
}

// shuffled returns the samples of the set class by class, each in an order drawn from the seed.
func (s *Set) shuffled(label func(i int) int, seed uint64, p rng.Purpose) [][]int {
	byClass := map[int][]int{}
	for i := range s.Len() {
		byClass[label(i)] = append(byClass[label(i)], i)
	}
	var all [][]int
	for _, class := range sortedKeys(byClass) {
		list := byClass[class]
		rng.New(seed, p, uint64(class)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		all = append(all, list)
	}
	return all
}

// A group is samples that stay together.
type group struct {
	samples []int       // of the set
	classes map[int]int // samples of each class
}

// groups returns the groups of the set, in the order of their first samples.
func (s *Set) groups() []group {
	var all []group
	at := map[int]int{}
	for i := range s.Len() {
		name := s.Groups[s.Number(i)]
		n, ok := at[name]
		if !ok {
			n = len(all)
			at[name] = n
			all = append(all, group{classes: map[int]int{}})
		}
		all[n].samples = append(all[n].samples, i)
		all[n].classes[s.original(i)]++
	}
	return all
}

// shuffledGroups are the groups in an order drawn from the seed, and the samples of each class.
func (s *Set) shuffledGroups(seed uint64, p rng.Purpose) (all []group, classes map[int]int) {
	all, classes = s.groups(), map[int]int{}
	for _, g := range all {
		for class, n := range g.classes {
			classes[class] += n
		}
	}
	rng.New(seed, p).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, classes
}

// holdGroups chooses groups: one after the other in random order, if that brings the shares of the classes nearer to the
// fraction, and leaves a sample of each of its classes.
func (s *Set) holdGroups(held map[int]bool, fraction float64, seed uint64) {
	all, classes := s.shuffledGroups(seed, rng.Split)
	have := map[int]int{}
	for _, g := range all {
		change, left := 0.0, true
		for _, class := range sortedKeys(g.classes) {
			n, total := g.classes[class], classes[class]
			before := float64(have[class])/float64(total) - fraction
			after := before + float64(n)/float64(total)
			change += float64((float64(after*after) - float64(before*before)) * float64(total))
			left = left && have[class]+n < total
		}
		if change >= 0 || !left {
			continue
		}
		for class, n := range g.classes {
			have[class] += n
		}
		for _, i := range g.samples {
			held[i] = true
		}
	}
}

// dealGroups puts each group, the largest first, into the fold where it leaves the classes most evenly spread: with the least
// sum of squares of the folds' shares of the classes.
func (s *Set) dealGroups(fold []int, n int, seed uint64) {
	all, classes := s.shuffledGroups(seed, rng.Folds)
	slices.SortStableFunc(all, func(a, b group) int { return cmp.Compare(len(b.samples), len(a.samples)) })
	have, size := make([]map[int]int, n), make([]int, n)
	for k := range have {
		have[k] = map[int]int{}
	}
	for _, g := range all {
		best, least := 0, math.Inf(1)
		for k := range n {
			cost := 0.0
			for _, class := range sortedKeys(g.classes) {
				cost += float64(have[k][class]) * float64(g.classes[class]) / float64(classes[class])
			}
			if cost < least || cost == least && size[k] < size[best] {
				best, least = k, cost
			}
		}
		for class, n := range g.classes {
			have[best][class] += n
		}
		size[best] += len(g.samples)
		for _, i := range g.samples {
			fold[i] = best
		}
	}
}

// sortedKeys are the keys of a map in their order, so that sums come out alike every time.
func sortedKeys[V any](m map[int]V) []int { return slices.Sorted(maps.Keys(m)) }
