package main

import (
	"math"
	"testing"

	"backdrop/lib/machine"
)

// Sample after sample, every list of fields is used from its beginning, one field after the other.
func TestPlace(t *testing.T) {
	for _, counts := range [][]int{{1}, {2}, {2, 2}, {3, 1, 2}, {2, 3, 4}} {
		c := &crossing{counts: counts}
		total := 1
		for _, n := range counts {
			total *= n
		}
		c.classes = make([]string, total)
		used := map[[2]int]int{}
		for number := range 3*total + 1 {
			for scale := range counts {
				choice, field := c.pick(number, scale)
				if want := choices(number%total, counts)[scale]; choice != want {
					t.Errorf("%v: sample %d has choice %d at scale %d, want %d", counts, number, choice, scale, want)
				}
				key := [2]int{scale, choice}
				if field != used[key] {
					t.Errorf("%v: sample %d has field %d at scale %d, want %d", counts, number, field, scale, used[key])
				}
				used[key]++
			}
		}
	}
}

func TestClassName(t *testing.T) {
	for glob, want := range map[string]string{"A_*.npy": "A", "dir/9.5-*.npy": "9.5", "fields.npy": "fields", "*.npy": "*", "a.b_[0-9].npy": "a.b"} {
		if got := className(glob); got != want {
			t.Errorf("%s: got %q, want %q", glob, got, want)
		}
	}
}

func TestCheckMoments(t *testing.T) {
	good := []float32{1, -1, 1, -1}
	if err := checkMoments(good); err != nil {
		t.Error(err)
	}
	for name, x := range map[string][]float32{
		"mean": {1.1, -0.9, 1.1, -0.9}, "wide": {1.01, -1.01, 1.01, -1.01}, "zeros": {0, 0, 0, 0}, "NaN": {1, -1, 1, float32(math.NaN())},
	} {
		if checkMoments(x) == nil {
			t.Errorf("%s passes", name)
		}
	}
}

func TestShare(t *testing.T) {
	defer machine.Allow(0, "")
	machine.Allow(1<<30, "--memory leaves %s")
	for _, c := range []struct{ threads, samples, values, megabytes, workers, each int }{
		{4, 100, 1 << 20, 0, 4, 1}, {4, 1, 1 << 20, 0, 1, 4}, {4, 3, 1 << 20, 0, 3, 2}, {4, 100, 1 << 24, 0, 1, 4}, {1, 5, 64, 0, 1, 1}, {7, 0, 64, 0, 1, 7},
		{4, 100, 1 << 20, 248, 4, 1}, {4, 100, 1 << 20, 250, 3, 2}, {4, 3, 1 << 20, 1012, 1, 4},
	} {
		need := func(workers int) float64 { return float64(workers * c.megabytes << 20) }
		if workers, each, err := share(c.threads, c.samples, c.values, need, job{}); workers != c.workers || each != c.each || err != nil {
			t.Errorf("%+v: got %d, %d, %v", c, workers, each, err)
		}
	}
	want := "drawing samples of 1048576 values needs a little more than 1.0 GiB of memory, --memory leaves 1.0 GiB; try less"
	if _, _, err := share(4, 100, 1<<20, func(int) float64 { return 1007 << 20 }, job{"drawing samples", 10 << 20, "less"}); err == nil || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
}
