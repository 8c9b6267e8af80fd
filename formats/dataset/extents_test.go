package dataset

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

func TestExtents(t *testing.T) {
	for _, c := range []struct {
		shapes [][]int
		want   Extents
	}{
		{[][]int{{1, 5}}, Extents{[]int{5}, []int{5}, []int{5}, ""}},
		{[][]int{{3, 40, 30}, {3, 30, 40}, {3, 50, 40}}, Extents{[]int{40, 40}, []int{30, 30}, []int{30, 30}, ""}},
		{[][]int{{3, 40, 30}, {3, 8, 8}, {3, 30, 40}, {3, 50, 40}}, Extents{[]int{40, 40}, []int{8, 8}, []int{30, 30}, "1 (8x8)"}},
		{[][]int{{3, 40, 30}, {3, 39, 8}, {3, 30, 40}, {3, 50, 40}}, Extents{[]int{40, 40}, []int{30, 8}, []int{30, 30}, "1 (39x8)"}},
		{slices.Concat([][]int{{3, 9, 9}, {3, 80, 80}, {3, 7, 9}, {3, 90, 80}}, slices.Repeat([][]int{{3, 70, 80}}, 6)), Extents{[]int{70, 80}, []int{7, 9}, []int{70, 80}, "0 (9x9) and 1 more"}},
		{[][]int{{3, 9, 9}, {3, 80, 80}, {3, 7, 9}, {3, 90, 80}, {3, 70, 80}}, Extents{[]int{70, 80}, []int{7, 9}, []int{7, 9}, ""}},
		{slices.Concat(slices.Repeat([][]int{{3, 20, 200}}, 4), slices.Repeat([][]int{{3, 32, 32}}, 4)), Extents{[]int{32, 200}, []int{20, 32}, []int{20, 32}, ""}},
		{[][]int{{3, 9, 9}, {3, 80, 80}}, Extents{[]int{80, 80}, []int{9, 9}, []int{9, 9}, ""}},
		{[][]int{{1, 8, 800}, {1, 800, 8}}, Extents{[]int{800, 800}, []int{8, 8}, []int{8, 8}, ""}},
	} {
		got := ExtentsOf(len(c.shapes), func(i int) (string, []int) { return fmt.Sprint(i), c.shapes[i] })
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: %+v, want %+v", c.shapes, got, c.want)
		}
	}
}
