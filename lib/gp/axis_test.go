package gp

import (
	"math"
	"math/rand/v2"
	"testing"
)

// basis is a basis function straight from its definition.
func basis(mode, x, n int) float64 {
	k := frequency(mode)
	phase := 2 * math.Pi * float64(k) * float64(x) / float64(n)
	switch {
	case k == 0 || 2*k == n:
		return math.Cos(phase)
	case isSine(mode):
		return math.Sqrt2 * math.Sin(phase)
	}
	return math.Sqrt2 * math.Cos(phase)
}

// Both expansions against sums over the definition, for every residue of n modulo 4, with sizes that cross tiles and
// with fewer modes used than there is room for.
func TestExpand(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sizes := []int{799, 800} // 400 and 201 points: more than two tiles of columns, and of rows
	for n := 1; n <= 21; n++ {
		sizes = append(sizes, n)
	}
	for _, n := range sizes {
		for _, modes := range []int{1, min(n, 5), n} {
			used := (modes + 1) / 2
			a, ti := newAxis(n, modes), newTile()
			const other = 3
			last, first := make([]float32, other*modes), make([]float32, modes*other)
			wantLast, wantFirst := make([]float64, other*n), make([]float64, n*other)
			for m := range used {
				for o := range other {
					v := float32(r.NormFloat64())
					last[o*modes+a.column[m]], first[a.column[m]*other+o] = v, v
					for x := range n {
						wantLast[o*n+x] += float64(v) * basis(m, x, n)
						wantFirst[x*other+o] += float64(v) * basis(m, x, n)
					}
				}
			}
			gotLast, gotFirst := make([]float32, other*n), make([]float32, n*other)
			a.expandLast(gotLast, last, other, used, ti)
			a.expandFirst(gotFirst, first, other, used, ti)
			tol := 4 * 0x1p-24 * float64(used) // sums of that many terms of size about 1
			for i := range wantLast {
				if !(math.Abs(float64(gotLast[i])-wantLast[i]) <= tol+1e-6) {
					t.Fatalf("n=%d modes=%d: last dimension, place %d: got %g, want %g", n, modes, i, gotLast[i], wantLast[i])
				}
				if !(math.Abs(float64(gotFirst[i])-wantFirst[i]) <= tol+1e-6) {
					t.Fatalf("n=%d modes=%d: first dimension, place %d: got %g, want %g", n, modes, i, gotFirst[i], wantFirst[i])
				}
			}
		}
	}
}

func TestTurn(t *testing.T) {
	for n := 1; n <= 40; n++ {
		for r := range n {
			sin, cos := math.Sincos(2 * math.Pi * float64(r) / float64(n))
			gotCos, gotSin := turn(r, n)
			if !(math.Abs(gotCos-cos) <= 2e-15) || !(math.Abs(gotSin-sin) <= 2e-15) {
				t.Errorf("%d/%d: got %g, %g, want %g, %g", r, n, gotCos, gotSin, cos, sin)
			}
			if 4*r%n == 0 && gotCos*gotSin != 0 {
				t.Errorf("%d/%d: neither is exactly zero", r, n)
			}
		}
	}
}
