package resize

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"backdrop/lib/dims"
	"backdrop/lib/pixels"
)

// inFile is a sample that is not in memory.
type inFile struct{ pixels.Source }

// resample resizes along each axis in turn, in float64, by the definition: where an axis shrinks, every pixel is repeated to times,
// and each pixel of the result is the mean of the next from of these.
func resample(x []float64, shape, to []int) []float64 {
	for axis := 1; axis < len(shape); axis++ {
		before, after := dims.Count(shape[:axis]), dims.Count(shape[axis+1:])
		from, n := shape[axis], to[axis-1]
		y := make([]float64, before*n*after)
		for i := range before {
			for o := range n {
				for j := range after {
					at := func(p int) float64 { return x[(i*from+p)*after+j] }
					v := 0.0
					if n > from {
						p := min(max((float64(o)+0.5)*float64(from)/float64(n)-0.5, 0), float64(from-1))
						first := int(p)
						v = at(first)
						if part := p - float64(first); part > 0 {
							v = v*(1-part) + at(first+1)*part
						}
					} else {
						for k := range from {
							v += at((o*from+k)/n) / float64(from)
						}
					}
					y[(i*n+o)*after+j] = v
				}
			}
		}
		x, shape = y, slices.Concat(shape[:axis], []int{n}, shape[axis+1:])
	}
	return x
}

// Resize is what the definition says, whatever the sizes, and the same bits in memory and in pieces.
func TestResize(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var z Resizer
	for shape, sizes := range map[[4]int][][]int{
		{1, 7}:           {{1}, {2}, {3}, {5}, {6}, {7}, {8}, {13}, {14}, {100}},
		{2, 1}:           {{1}, {5}},
		{3, 40_000}:      {{7}, {64}},
		{300, 600}:       {{7}},
		{3, 5, 8}:        {{5, 8}, {2, 3}, {8, 5}, {10, 16}, {1, 1}, {5, 4}, {13, 8}},
		{1, 2, 20_000}:   {{3, 30}},
		{4, 3, 1}:        {{2, 2}},
		{2, 3, 5, 4}:     {{2, 2, 2}, {4, 4, 4}, {3, 5, 4}, {1, 7, 2}, {6, 1, 9}},
		{1, 30, 25, 31}:  {{8, 8, 8}},
		{3, 128, 200, 0}: {{32, 32}, {150, 64}},
	} {
		shape := slices.DeleteFunc(shape[:], func(n int) bool { return n == 0 })
		x := make([]float32, dims.Count(shape))
		wide := make([]float64, len(x))
		for i := range x {
			x[i] = float32(r.NormFloat64())
			wide[i] = float64(x[i])
		}
		source := &pixels.Memory{Values: x, Count: dims.Count(shape[1:])}
		for _, to := range sizes {
			name := fmt.Sprintf("%v to %v", shape, to)
			want := resample(wide, shape, to)
			got, pieces := make([]float32, len(want)), make([]float32, len(want))
			if !z.Resize(got, source, shape[0], shape[1:], to) || !z.Resize(pieces, inFile{source}, shape[0], shape[1:], to) {
				t.Errorf("%s: ended early", name)
			}
			if !slices.Equal(got, pieces) {
				t.Errorf("%s: other bits in pieces", name)
			}
			for i, v := range got {
				if !(math.Abs(float64(v)-want[i]) <= 1e-6*(1+math.Abs(want[i]))) {
					t.Fatalf("%s: value %d is %v, want %v", name, i, v, want[i])
				}
			}
			if slices.Equal(to, shape[1:]) && !slices.Equal(got, x) {
				t.Errorf("%s: other values of the same size", name)
			}
		}
	}
}

// A mean of whole numbers is rounded once, and one value stays what it is, at any size.
func TestResizeIsExact(t *testing.T) {
	var z Resizer
	x := make([]float32, 6*8)
	for i := range x {
		x[i] = float32(65535 - 1000*(i%7) - i)
	}
	got := make([]float32, 3*2)
	z.Resize(got, &pixels.Memory{Values: x, Count: len(x)}, 1, []int{6, 8}, []int{3, 2})
	for o, v := range got {
		sum := 0.0
		for i := range 2 {
			for j := range 4 {
				sum += float64(x[(o/2*2+i)*8+o%2*4+j])
			}
		}
		if v != float32(sum/8) {
			t.Errorf("pixel %d is %v, want %v", o, v, float32(sum/8))
		}
	}
	for _, value := range []float32{0.1, -3e38, 1e-38, 65535, 0} {
		for i := range x {
			x[i] = value
		}
		for h := 1; h < 15; h++ {
			got := make([]float32, h*(16-h))
			z.Resize(got, &pixels.Memory{Values: x, Count: len(x)}, 1, []int{6, 8}, []int{h, 16 - h})
			if i := slices.IndexFunc(got, func(v float32) bool { return v != value }); i >= 0 {
				t.Errorf("%v becomes %v at %d×%d", value, got[i], h, 16-h)
			}
		}
	}
}

// What is not a number stays where it is: only the pixels that cover it are none.
func TestResizeKeepsNaN(t *testing.T) {
	var z Resizer
	x := []float32{1, 2, float32(math.NaN()), 4, 5, 6}
	got := make([]float32, 3)
	z.Resize(got, &pixels.Memory{Values: x, Count: 6}, 1, []int{6}, []int{3})
	if got[0] != 1.5 || got[1] == got[1] || got[2] != 5.5 {
		t.Errorf("got %v", got)
	}
	got = make([]float32, 6)
	z.Resize(got, &pixels.Memory{Values: x, Count: 6}, 1, []int{6}, []int{6})
	if got[1] != 2 || got[2] == got[2] || got[3] != 4 {
		t.Errorf("got %v", got)
	}
}

// Samples one after the other take no new memory.
func TestResizeKeepsMemory(t *testing.T) {
	var z Resizer
	x, got := make([]float32, 3*40*50), make([]float32, 3*16*16)
	source := &pixels.Memory{Values: x, Count: 40 * 50}
	from, to := []int{40, 50}, []int{16, 16}
	z.Resize(got, source, 3, from, to)
	held := z.Bytes()
	if n := testing.AllocsPerRun(10, func() { z.Resize(got, source, 3, from, to) }); n > 2 || z.Bytes() != held || held < 8*3*16*16 {
		t.Errorf("%v allocations, %d bytes after %d", n, z.Bytes(), held)
	}
}
