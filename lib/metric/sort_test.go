package metric

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestKeysOrderScores(t *testing.T) {
	scores := []float64{-math.MaxFloat64, -1e300, -math.MaxFloat32, -1.5, -1, -math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat64,
		0, math.SmallestNonzeroFloat64, 1, 1 + 0x1p-52, 1e10, math.MaxFloat32, math.MaxFloat64}
	for i, s := range scores {
		if got := scoreOf(wide(s)); got != s {
			t.Errorf("%v comes back as %v", s, got)
		}
		if i > 0 && wide(scores[i-1]) >= wide(s) {
			t.Errorf("%v is not below %v", scores[i-1], s)
		}
		if single := float64(float32(s)); single == s && scoreOf(narrow(s)) != s {
			t.Errorf("%v comes back as %v from float32", s, scoreOf(narrow(s)))
		}
	}
	negative := math.Copysign(0, -1)
	if wide(negative) != wide(0) || narrow(negative) != narrow(0) {
		t.Error("zeros differ")
	}
}

// Sizes round the one where digits are sorted, keys that share digits, and many equal ones.
func TestOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, few - 1, few, few + 1, 2 * few, 5000} {
		for _, mask := range []uint64{math.MaxUint64, 7, 0xffff << 40, 0} {
			keys := make([]uint64, n)
			for i := range keys {
				keys[i] = r.Uint64() & mask
			}
			want := slices.Sorted(slices.Values(keys))
			index := order(slices.Clone(keys))
			for i, x := range index {
				if keys[x&^first] != want[i] || (x&first != 0) != (i == 0 || want[i] != want[i-1]) || i > 0 && x&first == 0 && x&^first < index[i-1]&^first {
					t.Fatalf("%d keys, mask %x: place %d is %x", n, mask, i, x)
				}
			}
		}
	}
}
