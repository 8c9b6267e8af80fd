package dataset

import (
	"strings"
	"testing"
)

func TestAxesHint(t *testing.T) {
	const pictures, sequences, volumes = "axes are NHWC", "axes are NTC", "axes are NDHWC"
	for _, c := range []struct {
		got, want []int
		hint      string
	}{
		{[]int{16, 16, 3}, nil, pictures},
		{[]int{16, 16, 1}, nil, pictures},
		{[]int{480, 640, 4}, nil, pictures},
		{[]int{16, 16, 3}, []int{3, 16, 16}, pictures},
		{[]int{16, 16, 1}, []int{1, 16, 16}, pictures},
		{[]int{16, 16, 4}, []int{3, 16, 16}, pictures},
		{[]int{16, 16, 3}, []int{1, 16, 16}, pictures},
		{[]int{20, 20, 3}, []int{3, 16, 16}, pictures}, // wrong besides
		{[]int{16, 24, 12}, []int{12, 16, 24}, pictures},
		{[]int{2, 3, 4}, []int{4, 2, 3}, pictures},
		{[]int{1, 500, 3}, []int{3, 1, 500}, sequences},
		{[]int{1, 500, 12}, []int{12, 1, 500}, sequences},
		{[]int{3, 16, 16}, nil, ""},
		{[]int{1, 16, 12}, nil, ""},
		{[]int{1, 8, 8}, []int{1, 16, 16}, ""},
		{[]int{3, 16, 16}, []int{1, 16, 16}, ""},
		{[]int{1, 1, 500}, []int{3, 1, 500}, ""},
		{[]int{1, 500, 1}, []int{1, 1, 500}, sequences},
		{[]int{4, 4, 4}, []int{3, 16, 16}, ""},
		{[]int{500, 6}, []int{6, 500}, sequences},
		{[]int{1, 500, 6}, []int{6, 500}, sequences},
		{[]int{8, 9, 10, 2}, []int{2, 8, 9, 10}, volumes},
		{[]int{1, 8, 9, 10}, []int{1, 8, 9, 11}, ""},
		{[]int{7}, []int{6, 500}, ""},
	} {
		if got := AxesHint(c.got, c.want); (got == "") != (c.hint == "") || !strings.Contains(got, c.hint) {
			t.Errorf("%v for %v: %q, want %q", c.got, c.want, got, c.hint)
		}
	}
}
