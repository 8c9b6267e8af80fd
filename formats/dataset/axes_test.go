package dataset

import (
	"strings"
	"testing"
)

func TestAxesHint(t *testing.T) {
	const pictures, sequences = "np.moveaxis(x, -1, -3)", "np.moveaxis(x, -1, -2)[..., None, :]"
	for _, c := range []struct {
		got, want [3]int
		hint      string
	}{
		{[3]int{16, 16, 3}, [3]int{}, pictures},
		{[3]int{16, 16, 1}, [3]int{}, pictures},
		{[3]int{480, 640, 4}, [3]int{}, pictures},
		{[3]int{16, 16, 3}, [3]int{3, 16, 16}, pictures},
		{[3]int{16, 16, 1}, [3]int{1, 16, 16}, pictures},
		{[3]int{16, 16, 4}, [3]int{3, 16, 16}, pictures},
		{[3]int{16, 16, 3}, [3]int{1, 16, 16}, pictures},
		{[3]int{20, 20, 3}, [3]int{3, 16, 16}, pictures}, // wrong besides
		{[3]int{16, 24, 12}, [3]int{12, 16, 24}, pictures},
		{[3]int{2, 3, 4}, [3]int{4, 2, 3}, pictures},
		{[3]int{1, 500, 3}, [3]int{3, 1, 500}, sequences},
		{[3]int{1, 500, 12}, [3]int{12, 1, 500}, sequences},
		{[3]int{3, 16, 16}, [3]int{}, ""},
		{[3]int{1, 16, 12}, [3]int{}, ""},
		{[3]int{1, 8, 8}, [3]int{1, 16, 16}, ""},
		{[3]int{3, 16, 16}, [3]int{1, 16, 16}, ""},
		{[3]int{1, 1, 500}, [3]int{3, 1, 500}, ""},
		{[3]int{1, 500, 1}, [3]int{1, 1, 500}, sequences},
		{[3]int{4, 4, 4}, [3]int{3, 16, 16}, ""},
	} {
		if got := AxesHint(c.got, c.want); (got == "") != (c.hint == "") || !strings.Contains(got, c.hint) {
			t.Errorf("%v for %v: %q, want %q", c.got, c.want, got, c.hint)
		}
	}
}
