package dims_test

import (
	"slices"
	"testing"

	"backdrop/lib/dims"
)

func TestCount(t *testing.T) {
	for _, c := range []struct {
		shape []int
		want  int
	}{{nil, 1}, {[]int{7}, 7}, {[]int{2, 3, 4}, 24}, {[]int{2, 0, 4}, 0}} {
		if got := dims.Count(c.shape); got != c.want {
			t.Errorf("%v: %d, want %d", c.shape, got, c.want)
		}
	}
}

// Elements in order have the indices that nested loops go through.
func TestIndex(t *testing.T) {
	sizes := []int{2, 3, 4}
	i := 0
	for a := range sizes[0] {
		for b := range sizes[1] {
			for c := range sizes[2] {
				if got := dims.Index(i, sizes); !slices.Equal(got, []int{a, b, c}) {
					t.Errorf("element %d: %v, want %v", i, got, []int{a, b, c})
				}
				i++
			}
		}
	}
	if got := dims.Index(0, nil); len(got) != 0 {
		t.Errorf("scalar: %v", got)
	}
}
