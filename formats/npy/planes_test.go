package npy

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"backdrop/internal/testkit/forms"
	"backdrop/internal/testkit/hostile"
	"backdrop/lib/dims"
)

// encoded returns a file of small numbers of a type, and the numbers in C order. Elements need not be aligned.
func encoded(r *rand.Rand, t DType, bigEndian, fortran bool, shape []int) (file []byte, values []float32) {
	values = make([]float32, dims.Count(shape))
	for i := range values {
		if values[i] = float32(r.IntN(100)); t == Bool {
			values[i] = float32(r.IntN(2))
		}
	}
	order := "<"
	if bigEndian {
		order = ">"
	}
	return forms.NPY(order+t.String(), fortran, shape, values), values
}

// Any run of pixels of any channel is what converting the whole array gives: of all types and both byte orders and orders of axes,
// in a file and in memory, in rows and views.
func TestPlanes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for dtype := Bool; dtype <= Float64; dtype++ {
		for _, bigEndian := range []bool{false, true} {
			for _, fortran := range []bool{false, true} {
				for range 20 {
					shape := []int{1 + r.IntN(3), 1 + r.IntN(4)}
					for range r.IntN(4) {
						shape = append(shape, 1+r.IntN(6))
					}
					content, values := encoded(r, dtype, bigEndian, fortran, shape)
					f, err := Open(writeFile(t, content))
					if err != nil {
						t.Fatal(err)
					}
					a, err := Read(bytes.NewReader(content), math.MaxInt64)
					if err != nil {
						t.Fatal(err)
					}
					for _, of := range []*Array{f.Array, a} {
						if got, err := of.Float32(); err != nil || !slices.Equal(got, values) {
							t.Fatalf("%v of %v: %v, %v, want %v", dtype, shape, got, err, values)
						}
						axes := r.Perm(len(shape))
						comparePlanes(t, r, of)
						comparePlanes(t, r, of.Transpose(axes...))
						comparePlanes(t, r, of.Transpose(axes...).Row(0))
						comparePlanes(t, r, of.Row(shape[0]-1).Insert(r.IntN(len(shape))))
					}
					if err := f.Err(); err != nil {
						t.Error(err)
					}
					f.Close()
				}
			}
		}
	}
}

func comparePlanes(t *testing.T, r *rand.Rand, a *Array) {
	t.Helper()
	all, err := a.Float32()
	if err != nil {
		t.Fatal(err)
	}
	p, count := a.Planes(), dims.Count(a.Shape[1:])
	for c := range a.Shape[0] {
		from := r.IntN(count + 1)
		to, step := from+r.IntN(count+1-from), 1+r.IntN(3)
		got := make([]float32, (to-from)*step+1)
		p.Pixels(got, step, c, from, to)
		for i, g := range got {
			want := float32(0)
			if i%step == 0 && i/step < to-from {
				want = all[c*count+from+i/step]
			}
			if g != want {
				t.Fatalf("%v %v, strides %v, channel %d, pixels %d to %d by %d: %v", a.DType, a.Shape, a.stride, c, from, to, step, got)
			}
		}
	}
}

// Reading pieces takes no memory, and views of an array are small.
func TestPlanesTakeNothing(t *testing.T) {
	content, _ := encoded(rand.New(rand.NewPCG(1, 1)), Uint16, true, false, []int{2, 300, 300, 3})
	f, err := Open(writeFile(t, content))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, dst := f.Transpose(0, 3, 1, 2).Row(1).Planes(), make([]float32, 90000)
	if n := testing.AllocsPerRun(100, func() { p.Pixels(dst, 1, 2, 0, 90000) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
	if n := hostile.Allocated(func() { f.Row(1).Planes() }); n > 600 {
		t.Errorf("a row takes %d bytes", n)
	}
}

// resident is the number of bytes of the process's files that are in memory.
func resident(t *testing.T) int {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip(err)
	}
	for line := range strings.Lines(string(text)) {
		if n := 0; strings.HasPrefix(line, "RssFile:") {
			fmt.Sscan(strings.TrimPrefix(line, "RssFile:"), &n)
			return n << 10
		}
	}
	t.Skip("no RssFile")
	return 0
}

// Going through a large file does not fill the memory of the process with its pages, whatever the pieces.
func TestResident(t *testing.T) {
	shape := []int{1, 3000, 3000, 3}
	var content bytes.Buffer
	if err := WriteHeader(&content, Uint8, shape); err != nil {
		t.Fatal(err)
	}
	content.Write(make([]byte, dims.Count(shape)))
	f, err := Open(writeFile(t, content.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dst := make([]float32, 3000)
	for _, axes := range [][]int{{0, 3, 1, 2}, {0, 1, 2, 3}, {0, 2, 3, 1}} {
		a := f.Transpose(axes...).Row(0)
		p, before, most := a.Planes(), resident(t), 0
		bound := int(p.Resident())
		if axes[3] != 1 && bound != int(f.Resident()) {
			t.Errorf("%v: bound %d", axes, bound)
		}
		for pixel := 0; pixel+3000 <= dims.Count(a.Shape[1:]); pixel += 3000 {
			for c := range min(a.Shape[0], 3) {
				p.Pixels(dst, 1, c, pixel, pixel+3000)
			}
			if pixel%30000 == 0 {
				most = max(most, resident(t)-before)
			}
		}
		if most > bound {
			t.Errorf("%v: %d bytes more are resident, want at most %d", axes, most, bound)
		}
	}
}
