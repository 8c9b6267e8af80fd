package machine

import "testing"

// A hint leaves values and neighbours alone, whatever the size.
func TestHugePages(t *testing.T) {
	for _, n := range []int{0, 1, 1 << 20, 1<<24 + 3} {
		x := make([]float32, n+2)
		x[0], x[n+1] = 1, 2
		HugePages(x[1 : n+1])
		for i, v := range x[1 : n+1] {
			if v != 0 {
				t.Fatalf("%d values: %v at %d", n, v, i)
			}
		}
		if x[0] != 1 || x[n+1] != 2 {
			t.Errorf("%d values: neighbours changed", n)
		}
	}
}
