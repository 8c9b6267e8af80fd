package region

import (
	"math/rand/v2"
	"testing"

	"backdrop/lib/mask"
)

// set is the pixels of a region one by one, in C order.
type set struct {
	size Size
	in   []bool
}

func newSet(size Size) set { return set{size, make([]bool, size[0]*size[1]*size[2])} }

func (s set) at(z, y, x int) *bool { return &s.in[(z*s.size[1]+y)*s.size[2]+x] }

// each calls f for every position.
func each(size Size, f func(z, y, x int)) {
	for z := range size[0] {
		for y := range size[1] {
			for x := range size[2] {
				f(z, y, x)
			}
		}
	}
}

// random returns a region and the same set pixel by pixel.
func random(r *rand.Rand, size Size, density float64) (*Region, set) {
	s, any := newSet(size), false
	for i := range s.in {
		s.in[i] = r.Float64() < density
		any = any || s.in[i]
	}
	full, out := new(Region), new(Region)
	full.SetFull(size)
	if !any {
		out.SetEmpty(size)
		return out, s
	}
	out.SetMasked(full, mask.New(mask.D|mask.H|mask.W, [5]int{1, 1, size[0], size[1], size[2]}, s.in), 0)
	return out, s
}

// same checks a region against a set, and that its spans are in order and do not touch.
func same(t *testing.T, what string, r *Region, want set) {
	t.Helper()
	if r.Size() != want.size {
		t.Fatalf("%s: size %v, want %v", what, r.Size(), want.size)
	}
	area := 0
	got := newSet(want.size)
	for line := range r.lines() {
		end := int32(-1)
		for _, s := range r.Line(line) {
			if s.Lo <= end || s.Hi <= s.Lo || int(s.Hi) > r.W {
				t.Fatalf("%s: line %d has spans %v", what, line, r.Line(line))
			}
			end = s.Hi
			for x := s.Lo; x < s.Hi; x++ {
				got.in[line*r.W+int(x)] = true
				area++
			}
		}
	}
	for i, w := range want.in {
		if got.in[i] != w {
			t.Fatalf("%s: pixel %d is %v, want %v", what, i, got.in[i], w)
		}
	}
	if area != r.Area() || (area == 0) != r.Empty() || r.Empty() != r.EmptyIn(Whole(r.Size())) {
		t.Fatalf("%s: area %d, want %d", what, r.Area(), area)
	}
}

func TestAgainstPixels(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	field, crop := new(Region), new(Region)
	for range 3000 {
		size := Size{1 + rnd.IntN(4), 1 + rnd.IntN(5), 1 + rnd.IntN(9)}
		if rnd.IntN(3) == 0 {
			size[1] = 1 // an image's rows are planes
		}
		sequence := rnd.IntN(4) == 0 // its steps are
		if sequence {
			size = Size{1 + rnd.IntN(20), 1, 1}
		}
		r, pixels := random(rnd, size, rnd.Float64())
		same(t, "masked", r, pixels)
		var within, want Part
		for axis, n := range size {
			within[axis][0] = rnd.IntN(n + 1)
			within[axis][1] = within[axis][0] + rnd.IntN(n-within[axis][0]+1)
		}
		each(size, func(z, y, x int) {
			if pixel := (Part{{z, z + 1}, {y, y + 1}, {x, x + 1}}); *pixels.at(z, y, x) && pixel.With(within) == within {
				want = want.With(pixel)
			}
		})
		if got := r.Bounds(within); got != want || r.EmptyIn(within) != want.Empty() {
			t.Fatalf("bounds in %v: got %v, empty %v, want %v", within, got, r.EmptyIn(within), want)
		}

		var win Window
		var input Size
		for axis := range size {
			win.Kernel[axis], win.Stride[axis], win.Dilation[axis], win.Offset[axis] = 1+rnd.IntN(4), 1+rnd.IntN(3), 1+rnd.IntN(2), rnd.IntN(3)
			input[axis] = (size[axis]-1)*win.Stride[axis] + (win.Kernel[axis]-1)*win.Dilation[axis] + 1 + win.Offset[axis] + rnd.IntN(2)
			if sequence && axis > 0 {
				win.Kernel[axis], win.Stride[axis], win.Dilation[axis], win.Offset[axis], input[axis] = 1, 1, 1, 0, 1
			}
		}
		seen := newSet(input)
		each(size, func(z, y, x int) {
			if !*pixels.at(z, y, x) {
				return
			}
			each(win.Kernel, func(u, v, w int) {
				*seen.at(z*win.Stride[0]+win.Offset[0]+u*win.Dilation[0], y*win.Stride[1]+win.Offset[1]+v*win.Dilation[1], x*win.Stride[2]+win.Offset[2]+w*win.Dilation[2]) = true
			})
		})
		field.SetField(r, win, input)
		if win.Stride[2] > 1 && (win.Kernel[2] < win.Stride[2] || win.Dilation[2] > 1) { // pixels between may be covered, but nothing may be missing
			for line := range field.lines() {
				for _, s := range field.Line(line) {
					for x := s.Lo; x < s.Hi; x++ {
						seen.in[line*input[2]+int(x)] = true
					}
				}
			}
		}
		same(t, "field", field, seen)

		var border, inside Size
		for axis, n := range input {
			border[axis] = rnd.IntN(n+1) / 2
			if inside[axis] = n - 2*border[axis]; inside[axis] < 1 {
				border[axis], inside[axis] = 0, n
			}
		}
		inner := newSet(inside)
		each(inside, func(z, y, x int) { *inner.at(z, y, x) = *seen.at(z+border[0], y+border[1], x+border[2]) })
		crop.SetCrop(field, border)
		same(t, "crop", crop, inner)
	}
}

// Union and intersection of two regions, pixel by pixel.
func TestUnionAndIntersection(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	got := new(Region)
	for range 500 {
		size := Size{1 + rnd.IntN(4), 1 + rnd.IntN(4), 1 + rnd.IntN(9)}
		a, inA := random(rnd, size, rnd.Float64())
		b, inB := random(rnd, size, rnd.Float64())
		either, both := newSet(size), newSet(size)
		for i := range inA.in {
			either.in[i], both.in[i] = inA.in[i] || inB.in[i], inA.in[i] && inB.in[i]
		}
		got.SetUnion(a, b)
		same(t, "union", got, either)
		got.SetIntersection(a, b)
		same(t, "intersection", got, both)
	}
}

// Every set of axes: a pixel is kept if the mask lets any channel of it through.
func TestMaskedOnEveryAxis(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	size := Size{3, 4, 5}
	full, r := new(Region), new(Region)
	full.SetFull(size)
	for axes := mask.Axes(1); axes < 32; axes++ {
		for range 20 {
			m := new(mask.Mask)
			m.Draw(mask.Coord{Seed: rnd.Uint64()}, 0.7, axes, [5]int{2, 3, 3, 4, 5})
			for n := range 2 {
				want := newSet(size)
				each(size, func(z, y, x int) {
					for c := range 3 {
						*want.at(z, y, x) = *want.at(z, y, x) || m.At(n, c, z, y, x) != 0
					}
				})
				r.SetMasked(full, m, n)
				same(t, axes.String(), r, want)
			}
		}
	}
}
