package rng

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// The first values of a few streams, computed with whole numbers of any size in Python: masks, data sets and initial
// weights of every seed would change with them.
func TestFirstValues(t *testing.T) {
	for _, c := range []struct {
		seed    uint64
		purpose Purpose
		coords  []uint64
		want    []uint64
	}{
		{0, Field, nil, []uint64{0x58259d8c357eed33, 0x5feefb67927d9845, 0x271dc3bb631906c2}},
		{1, Field, []uint64{0}, []uint64{0x14d18503a217e577, 0x6f3e21edab389f5a, 0x22024b581ace7762}},
		{1, Mask, []uint64{3, 2, 1}, []uint64{0x571a8c289ea6e99d, 0xb506148a72f3235f, 0x53887193f3691522}},
		{1 << 63, Bootstrap, []uint64{1<<64 - 1}, []uint64{0x96a0b4c882773006, 0x8cb42bf439c91ad1, 0xff1fddb249bef05d}},
	} {
		var s Stream
		s.Set(c.seed, c.purpose, c.coords...)
		r := New(c.seed, c.purpose, c.coords...)
		for i, want := range c.want {
			if got, again := s.Uint64(), r.Uint64(); got != want || again != want {
				t.Errorf("seed %d, purpose %d, %v: value %d is %#x and %#x, want %#x", c.seed, c.purpose, c.coords, i, got, again, want)
			}
		}
	}
	// What rand.Rand makes of them: values that Go 1.26 gave.
	r := New(1, Field, 0)
	if normal, order := r.NormFloat64(), r.Perm(5); normal != -0.3129351048671011 || !slices.Equal(order, []int{1, 3, 0, 4, 2}) {
		t.Errorf("the first normal is %v, the permutation after it %v", normal, order)
	}
}

// streams are coordinates that are easily mixed up: another order, another length, sums and differences that are equal.
func streams() (all [][]uint64) {
	for seed := range uint64(4) {
		for purpose := Field; purpose <= Patch; purpose++ {
			all = append(all, []uint64{seed, uint64(purpose)})
			for a := range uint64(6) {
				all = append(all, []uint64{seed, uint64(purpose), a}, []uint64{seed, uint64(purpose), -a - 1})
				for b := range uint64(6) {
					all = append(all, []uint64{seed, uint64(purpose), a, b}, []uint64{seed, uint64(purpose), a, b, 0})
				}
			}
		}
	}
	return all
}

// first returns the start of the stream that s is set to.
func first(s *Stream, c []uint64) [2]uint64 {
	s.Set(c[0], Purpose(c[1]), c[2:]...)
	return [2]uint64{s.Uint64(), s.Uint64()}
}

// Other coordinates give other streams. That two of their 6120 values were equal by chance has the probability 2^-40.
func TestCoordinatesGiveDistinctStreams(t *testing.T) {
	seen := map[uint64][]uint64{}
	var s Stream
	for _, c := range streams() {
		for _, v := range first(&s, c) {
			if other, ok := seen[v]; ok {
				t.Errorf("%v and %v both begin with %#x", c, other, v)
			}
			seen[v] = c
		}
	}
}

// A stream does not depend on what s was set to before, or on how much of that was drawn.
func TestOrderDoesNotMatter(t *testing.T) {
	all := streams()
	var want [][2]uint64
	for _, c := range all {
		want = append(want, first(new(Stream), c))
	}
	var s Stream
	r := rand.New(&s)
	for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(len(all)) {
		if got := first(&s, all[i]); got != want[i] {
			t.Fatalf("%v begins with %#x after other streams, else with %#x", all[i], got, want[i])
		}
		for range i % 3 {
			r.NormFloat64()
		}
	}
}

func TestSetDoesNotAllocate(t *testing.T) {
	var s Stream
	var sum, i uint64
	if n := testing.AllocsPerRun(100, func() {
		s.Set(1, Mask, i, i+1, i+2)
		sum += s.Uint64()
		i++
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
