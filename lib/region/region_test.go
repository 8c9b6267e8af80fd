package region

import (
	"math/rand/v2"
	"testing"

	"backdrop/lib/mask"
)

// random returns a region and the same set pixel by pixel.
func random(r *rand.Rand, h, w int, density float64) (*Region, [][]bool) {
	keep := make([]bool, h*w)
	set := make([][]bool, h)
	any := false
	for y := range set {
		set[y] = make([]bool, w)
		for x := range w {
			keep[y*w+x] = r.Float64() < density
			set[y][x] = keep[y*w+x]
			any = any || set[y][x]
		}
	}
	full, out := new(Region), new(Region)
	full.SetFull(h, w)
	if !any {
		out.SetEmpty(h, w)
		return out, set
	}
	out.SetMasked(full, mask.New(mask.H|mask.W, [4]int{1, 1, h, w}, keep), 0)
	return out, set
}

// same checks a region against a set, and that its spans are in order and do not touch.
func same(t *testing.T, what string, r *Region, set [][]bool) {
	t.Helper()
	area := 0
	for y := range set {
		end := int32(-1)
		got := make([]bool, r.W)
		for _, s := range r.Row(y) {
			if s.Lo <= end || s.Hi <= s.Lo || int(s.Hi) > r.W {
				t.Fatalf("%s: row %d has spans %v", what, y, r.Row(y))
			}
			end = s.Hi
			for x := s.Lo; x < s.Hi; x++ {
				got[x] = true
				area++
			}
		}
		for x, want := range set[y] {
			if got[x] != want {
				t.Fatalf("%s: pixel %d,%d is %v, want %v", what, y, x, got[x], want)
			}
		}
	}
	if r.H != len(set) || area != r.Area() || (area == 0) != r.Empty() {
		t.Fatalf("%s: %d rows, area %d, want %d, %d", what, r.H, r.Area(), len(set), area)
	}
}

func TestAgainstPixels(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	field, crop := new(Region), new(Region)
	for range 500 {
		h, w := 1+rnd.IntN(7), 1+rnd.IntN(9)
		r, set := random(rnd, h, w, rnd.Float64())
		same(t, "masked", r, set)
		lo, hi := r.Bounds(0, h)
		for y := range set {
			for x := range set[y] {
				if set[y][x] && (x < lo || x >= hi) {
					t.Fatalf("column %d lies outside the bounds %d, %d", x, lo, hi)
				}
			}
		}

		kernel, stride, offset, extra := 1+rnd.IntN(5), 1+rnd.IntN(4), rnd.IntN(3), rnd.IntN(2)
		ih, iw := (h-1)*stride+kernel+offset+extra, (w-1)*stride+kernel+offset+extra
		seen := make([][]bool, ih)
		for y := range seen {
			seen[y] = make([]bool, iw)
		}
		for y := range set {
			for x := range set[y] {
				for u := range kernel {
					for v := range kernel {
						if set[y][x] {
							seen[y*stride+offset+u][x*stride+offset+v] = true
						}
					}
				}
			}
		}
		field.SetField(r, Window{kernel, stride, offset}, ih, iw)
		if kernel < stride { // the gaps between windows may be covered, but nothing may be missing
			for y := range seen {
				for _, s := range field.Row(y) {
					for x := s.Lo; x < s.Hi; x++ {
						seen[y][x] = true
					}
				}
			}
		}
		same(t, "field", field, seen)

		border := rnd.IntN(min(ih, iw)+1) / 2
		if ih-2*border < 1 || iw-2*border < 1 {
			continue
		}
		inner := make([][]bool, ih-2*border)
		for y := range inner {
			inner[y] = seen[y+border][border : iw-border]
		}
		crop.SetCrop(field, border)
		same(t, "crop", crop, inner)
	}
}

// Union and intersection of two regions, pixel by pixel.
func TestUnionAndIntersection(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	got := new(Region)
	for range 500 {
		h, w := 1+rnd.IntN(7), 1+rnd.IntN(9)
		a, inA := random(rnd, h, w, rnd.Float64())
		b, inB := random(rnd, h, w, rnd.Float64())
		either, both := make([][]bool, h), make([][]bool, h)
		for y := range h {
			either[y], both[y] = make([]bool, w), make([]bool, w)
			for x := range w {
				either[y][x], both[y][x] = inA[y][x] || inB[y][x], inA[y][x] && inB[y][x]
			}
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
	shape := [4]int{2, 3, 4, 5}
	full, r := new(Region), new(Region)
	full.SetFull(4, 5)
	for axes := mask.Axes(1); axes < 16; axes++ {
		for range 20 {
			m := new(mask.Mask)
			m.Draw(mask.Coord{Seed: rnd.Uint64()}, 0.7, axes, shape)
			for n := range 2 {
				set := make([][]bool, 4)
				for y := range set {
					set[y] = make([]bool, 5)
					for x := range 5 {
						for c := range 3 {
							set[y][x] = set[y][x] || m.At(n, c, y, x) != 0
						}
					}
				}
				r.SetMasked(full, m, n)
				same(t, axes.String(), r, set)
			}
		}
	}
}
