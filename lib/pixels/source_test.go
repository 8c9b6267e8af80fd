package pixels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// inFile is a sample that is not in memory.
type inFile struct{ Source }

// Every value is shown once, in its place, whatever the size and wherever the sample lies.
func TestScan(t *testing.T) {
	for _, channels := range []int{1, 2, 3, 100, 1000} {
		for _, count := range []int{1, 511, 512, 513, mostRead - 1, mostRead, mostRead + 1, 3*mostRead + 7} {
			if channels*count > 1<<22 {
				continue
			}
			x := make([]float32, channels*count)
			for i := range x {
				x[i] = float32(i)
			}
			memory := &Memory{x, count}
			for _, s := range []Source{memory, inFile{memory}} {
				what := fmt.Sprintf("%T of %d×%d", s, channels, count)
				got, most := make([]float32, len(x)), 0
				next := make([]int, channels)
				Scan(s, channels, count, func(c, first int, values []float32) bool {
					if next[c] != first {
						t.Fatalf("%s: channel %d goes on at %d, want %d", what, c, first, next[c])
					}
					next[c] += copy(got[c*count+first:], values)
					most = max(most, len(values))
					return true
				})
				if !slices.Equal(got, x) || s != Source(memory) && most > mostRead {
					t.Errorf("%s: other values, or %d at a time", what, most)
				}
				var inOrder []float32
				ScanChannels(s, channels, count, func(_, _ int, values []float32) bool { inOrder = append(inOrder, values...); return true })
				whole := make([]float32, len(x))
				if Read(whole, s, channels); !slices.Equal(inOrder, x) || !slices.Equal(whole, x) {
					t.Errorf("%s: other values", what)
				}
				if c, i := channels-1, count/2; At(s, c, i) != x[c*count+i] {
					t.Errorf("%s: one value is %v", what, At(s, c, i))
				}
				calls := 0
				Scan(s, channels, count, func(int, int, []float32) bool { calls++; return false })
				ScanChannels(s, channels, count, func(int, int, []float32) bool { calls++; return false })
				if calls != 2 {
					t.Errorf("%s: goes on after the end", what)
				}
			}
		}
	}
}

// The first value is found that is not finite, in the order of channels, though they are read side by side.
func TestFirstNotFinite(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		channels, count := 1+r.IntN(4), 1+r.IntN(40000)
		x, want := make([]float32, channels*count), -1
		for range r.IntN(4) {
			i := r.IntN(len(x))
			if x[i] = float32(math.Inf(1)); r.IntN(2) > 0 {
				x[i] = float32(math.NaN())
			}
			if want < 0 || i < want {
				want = i
			}
		}
		memory := &Memory{x, count}
		for _, s := range []Source{memory, inFile{memory}} {
			value, at := FirstNotFinite(s, channels, count)
			if at != want || at >= 0 && math.Float32bits(value) != math.Float32bits(x[at]) {
				t.Fatalf("%T of %d×%d: %v at %d, want %d", s, channels, count, value, at, want)
			}
		}
	}
}
