package data

import (
	"math/rand/v2"
	"slices"
	"testing"

	"backdrop/lib/net"
)

func TestSplitHoldsOutAShareOfEveryClass(t *testing.T) {
	set := All(newNoise(40, 1))
	part, held := set.Split(0.25, 5)
	count := [2]int{}
	for i := range held.Len() {
		count[held.Label(i)]++
	}
	if part.Len() != 30 || count != [2]int{5, 5} {
		t.Errorf("%d to train on, %v to validate on", part.Len(), count)
	}
	all := append(slices.Clone(part.Numbers), held.Numbers...)
	slices.Sort(all)
	for i, n := range all {
		if i != n {
			t.Fatalf("sample %d is missing or twice in %v", i, all)
		}
	}
	if _, other := set.Split(0.25, 6); slices.Equal(other.Numbers, held.Numbers) {
		t.Error("another seed holds out the same samples")
	}
}

// A class of one or two samples keeps one to train on, whatever the share; the split of larger ones does not depend on them.
func TestSplitLeavesEveryClassASample(t *testing.T) {
	set := All(newNoise(40, 1))
	_, want := set.Split(0.9, 5)
	few := newNoise(43, 1)
	few.labels[40], few.labels[41], few.labels[42] = 7, 8, 8
	for _, fraction := range []float64{0.5, 0.75, 0.9, 0.999} {
		part, held := All(few).Split(fraction, 5)
		train, val := map[int]int{}, map[int]int{}
		for i := range part.Len() {
			train[part.Label(i)]++
		}
		for i := range held.Len() {
			val[held.Label(i)]++
		}
		if train[7] != 1 || train[8] != 1 || val[8] != 1 || train[0] == 0 || train[1] == 0 {
			t.Errorf("share %v: %v to train on, %v to validate on", fraction, train, val)
		}
		if fraction == 0.9 && !slices.Equal(held.Numbers[:len(held.Numbers)-1], want.Numbers) {
			t.Errorf("share %v: held out %v, want %v and one more", fraction, held.Numbers, want.Numbers)
		}
	}
}

// labelled is samples with these labels.
func labelled(labels ...int) *Set {
	s := newNoise(len(labels), 1)
	s.labels = labels
	return All(s)
}

// ofClass counts the samples of each class in a set.
func ofClass(s *Set) map[int]int {
	count := map[int]int{}
	for i := range s.Len() {
		count[s.original(i)]++
	}
	return count
}

// partition checks that a fold and what is left are the set, and returns which fold each sample is in.
func partition(t *testing.T, s *Set, folds int, seed uint64) []int {
	t.Helper()
	in := slices.Repeat([]int{-1}, s.Table.Len())
	for k := range folds {
		train, held := s.Fold(k, folds, seed)
		if !slices.IsSorted(held.Numbers) || !slices.IsSorted(train.Numbers) {
			t.Errorf("fold %d of %d: %v and %v are not in the order of the set", k, folds, train.Numbers, held.Numbers)
		}
		both := slices.Sorted(slices.Values(slices.Concat(train.Numbers, held.Numbers)))
		for i := range s.Len() {
			if len(both) != s.Len() || both[i] != s.Number(i) {
				t.Fatalf("fold %d of %d: %v and %v are not the set", k, folds, train.Numbers, held.Numbers)
			}
		}
		for _, n := range held.Numbers {
			if in[n] >= 0 {
				t.Errorf("sample %d is in folds %d and %d of %d", n, in[n], k, folds)
			}
			in[n] = k
		}
	}
	for i := range s.Len() {
		if in[s.Number(i)] < 0 {
			t.Errorf("sample %d is in none of %d folds", s.Number(i), folds)
		}
	}
	return in
}

// Each sample is in one fold; folds differ by at most one sample of each class, and by one in all.
func TestFoldsSpreadEveryClass(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		labels := make([]int, 2+r.IntN(60))
		classes := 1 + r.IntN(6)
		for i := range labels {
			labels[i] = r.IntN(1 + r.IntN(classes))
		}
		set, folds := labelled(labels...), 2+r.IntN(min(10, len(labels))-1)
		partition(t, set, folds, 5)
		sizes := make([]int, folds)
		counts := make([]map[int]int, folds)
		for k := range folds {
			_, held := set.Fold(k, folds, 5)
			sizes[k], counts[k] = held.Len(), ofClass(held)
		}
		for class := range classes {
			of := make([]int, folds)
			for k := range folds {
				of[k] = counts[k][class]
			}
			if slices.Max(of)-slices.Min(of) > 1 {
				t.Errorf("%d folds of %v: %v samples of class %d", folds, labels, of, class)
			}
		}
		if slices.Max(sizes)-slices.Min(sizes) > 1 {
			t.Errorf("%d folds of %v: sizes %v", folds, labels, sizes)
		}
	}
}

// The folds are those of the seed, whatever is learned of the labels.
func TestFoldsDependOnSeed(t *testing.T) {
	labels := make([]int, 40)
	for i := range labels {
		labels[i] = i % 3
	}
	set := labelled(labels...)
	first := partition(t, set, 5, 1)
	if again := partition(t, set, 5, 1); !slices.Equal(first, again) {
		t.Errorf("%v, then %v", first, again)
	}
	if other := partition(t, set, 5, 2); slices.Equal(first, other) {
		t.Error("another seed has the same folds")
	}
	set.Target = Target{OneVsRest: true, Positive: 2}
	if binary := partition(t, set, 5, 1); !slices.Equal(first, binary) {
		t.Errorf("to tell one class from others there are other folds, %v", binary)
	}
	some := *set
	some.Numbers = []int{3, 4, 5, 20, 30, 39}
	partition(t, &some, 3, 1)
}

// Groups stay together, in folds and in what is held out; there is no empty fold, and classes are spread.
func TestGroupsStayTogether(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 200 {
		const classes = 2
		var labels, groups []int
		patients := 6 + r.IntN(20)
		for g := range patients {
			class := r.IntN(classes)
			for range 1 + r.IntN(5) {
				if r.IntN(10) == 0 {
					class = r.IntN(classes)
				}
				labels, groups = append(labels, class), append(groups, g)
			}
		}
		r.Shuffle(len(labels), func(i, j int) {
			labels[i], labels[j] = labels[j], labels[i]
			groups[i], groups[j] = groups[j], groups[i]
		})
		set := labelled(labels...)
		set.Groups = groups
		if set.Units() != patients {
			t.Fatalf("%d groups, want %d", set.Units(), patients)
		}
		folds := 2 + r.IntN(5)
		in := partition(t, set, folds, 3)
		of := map[int]int{}
		for i, g := range groups {
			if k, ok := of[g]; ok && k != in[i] {
				t.Fatalf("group %d is in folds %d and %d", g, k, in[i])
			}
			of[g] = in[i]
		}
		for k := range folds {
			_, held := set.Fold(k, folds, 3)
			if held.Len() == 0 {
				t.Errorf("fold %d of %d of %d groups is empty", k, folds, patients)
			}
			for class, n := range ofClass(set) {
				if share, most := ofClass(held)[class], n/folds+6; share > most { // a group has at most five, and the largest come first
					t.Errorf("fold %d of %d has %d of %d samples of class %d", k, folds, share, n, class)
				}
			}
		}
		train, held := set.Split(0.3, 3)
		for _, n := range held.Numbers {
			if slices.ContainsFunc(train.Numbers, func(o int) bool { return groups[o] == groups[n] }) {
				t.Fatalf("group %d is on both sides", groups[n])
			}
		}
		for class, n := range ofClass(set) {
			if left := ofClass(train)[class]; n > 0 && left == 0 {
				t.Errorf("no sample of class %d is left of %d", class, n)
			}
		}
	}
}

// Held out groups come near to the share that was asked for, of every class.
func TestSplitOfGroups(t *testing.T) {
	var labels, groups []int
	for g := range 40 {
		for range 5 {
			labels, groups = append(labels, g%2), append(groups, g)
		}
	}
	set := labelled(labels...)
	set.Groups = groups
	_, held := set.Split(0.25, 1)
	if n := ofClass(held); n[0] != 25 || n[1] != 25 {
		t.Errorf("held out %v of 100 of each class", n)
	}
	_, other := set.Split(0.25, 2)
	if slices.Equal(held.Numbers, other.Numbers) {
		t.Error("another seed holds out the same groups")
	}
}

// Samples that are read once show which fold a model has held out, as those of a set do.
func TestTracesHeldOut(t *testing.T) {
	table := newNoise(17, 3)
	for i := range table.labels {
		table.labels[i] = i % 3
	}
	all := net.Shape{C: 1, W: len(table.x[0])}
	var traces Traces
	for i := range table.Len() {
		traces.Add(table.Sample(i), all, table.Label(i))
	}
	for _, target := range []Target{{}, {OneVsRest: true, Positive: 2}} {
		for k := range 4 {
			_, held := All(table).Fold(k, 4, 9)
			held.Target = target
			want, err := held.Fingerprint(all)
			if err != nil {
				t.Fatal(err)
			}
			if got, n := traces.HeldOut(k, 4, 9, target); got != want || n != held.Len() {
				t.Errorf("fold %d: %x of %d samples, want %x of %d", k, got, n, want, held.Len())
			}
			if other, _ := traces.HeldOut(k, 4, 8, target); other == want {
				t.Errorf("fold %d: the same with another seed", k)
			}
		}
	}
}
