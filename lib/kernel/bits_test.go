//go:build !noasm

package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// fma returns x·y + z, rounded once. The product is exact in float64; the sum is made odd where it is not exact, so that it
// does not lie halfway between two float32 that it is not halfway between: S. Boldo, G. Melquiond, "Emulation of FMA and
// correctly rounded sums", IEEE Transactions on Computers 57(4), 2008.
func fma(x, y, z float32) float32 {
	p, c := float64(float64(x)*float64(y)), float64(z)
	s := p + c
	t := s - p
	if lost := (p - (s - t)) + (c - t); lost != 0 && math.Float64bits(s)&1 == 0 {
		s = math.Nextafter(s, math.Copysign(math.Inf(1), lost))
	}
	return float32(s)
}

func TestFMA(t *testing.T) {
	for _, c := range []struct{ x, y, z, want float32 }{
		{2, 3, 4, 10},
		{1 + 0x1p-23, 1 + 0x1p-23, -1, 0x1p-22 + 0x1p-46},
		{1 + 0x1p-12, 1 + 0x1p-12, 0x1p-60, 1 + 0x1p-11 + 0x1p-23}, // a little more than halfway
		{1 + 0x1p-12, 1 + 0x1p-12, -0x1p-60, 1 + 0x1p-11},          // a little less
		{1 + 0x1p-12, 1 + 0x1p-12, 0, 1 + 0x1p-11},                 // halfway: to even
	} {
		if got := fma(c.x, c.y, c.z); got != c.want {
			t.Errorf("%v·%v + %v is %v, want %v", c.x, c.y, c.z, got, c.want)
		}
	}
}

// fused is what all assembly computes: the terms of each sum in their order, by fused multiply-adds.
func fused(t *Tile) {
	for i := range Rows {
		for col := range t.Panels * Columns {
			p, j := col/Columns, col%Columns
			sum := float32(0)
			if t.Bias != nil {
				sum = t.Bias[col]
			}
			for _, k := range t.Terms {
				sum = fma(t.A[t.ARow[i]+int(k.A)], t.B[p*t.Panel+int(k.B)+j], sum)
			}
			c := &t.C[t.CRow[i]+col]
			if t.Add {
				sum += *c
			}
			if t.Gate != nil && !(t.Gate[t.GateRow[i]+col] > 0) {
				sum = 0
			}
			if t.ReLU && sum < 0 {
				sum = 0
			}
			*c = float32(sum * t.Scale)
		}
		if t.Single {
			break
		}
	}
}

// numbers returns n numbers, some of them zeros of either sign, and some so small that a product may be too small for a float32.
func numbers(r *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = r.Float32() - 0.5
		switch r.IntN(40) {
		case 0:
			v[i] = 0
		case 1:
			v[i] = float32(math.Copysign(0, -1))
		case 2:
			v[i] *= 0x1p-130
		}
	}
	return v
}

// firstDifference returns the first element whose bits are not the same, or −1. All NaN are the same: processors make different ones.
func firstDifference(a, b []float32) int {
	for i, v := range a {
		if w := b[i]; math.Float32bits(v) != math.Float32bits(w) && (v == v || w == w) {
			return i
		}
	}
	return -1
}

// follow returns terms that follow each other as those of windows do; with gaps, but for some.
func follow(r *rand.Rand, terms int, gaps bool) []Term {
	list := make([]Term, terms)
	a, b := -1-r.IntN(5), 0
	for k := range list {
		list[k] = Term{int32(a), int32(b)}
		a, b = a+1, b+Columns
		if gaps && r.IntN(12) == 0 {
			a += r.IntN(3) - 1
		}
		if gaps && r.IntN(40) == 0 {
			b += 1 - 2*r.IntN(2)
		}
		if gaps && r.IntN(20) == 0 {
			list[k].A++ // this one alone
		}
	}
	return list
}

// A model trained on one processor is that of another, bit for bit.
func TestTileHasTheBitsOfFusedMultiplyAdds(t *testing.T) {
	for name, impl := range implementations {
		if name == "generic" { // fused or not, as the compiler likes
			continue
		}
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, 8))
			for terms := range 70 {
				for range 12 {
					testBits(t, r, impl, terms, r.IntN(128))
				}
			}
		})
	}
}

func testBits(t *testing.T, r *rand.Rand, impl implementation, terms, what int) {
	panels := 1 + r.IntN(9)
	width := panels * Columns
	tile := Tile{
		Terms: follow(r, terms, what&1 != 0), A: numbers(r, 16+3*terms+Rows*8), B: numbers(r, panels*(terms+1)*Columns+64), Panel: (terms + 1) * Columns,
		Panels: panels, Scale: 1, Add: what&4 != 0, ReLU: what&8 != 0, Single: what&64 != 0,
	}
	step := r.IntN(8)
	if what&2 != 0 {
		step = 1
	}
	for i := range Rows {
		tile.ARow[i], tile.CRow[i], tile.GateRow[i] = 8+terms+i*step, i*width, (Rows-1-i)*width
	}
	if what&16 != 0 {
		tile.Gate, tile.Scale = numbers(r, Rows*width), 1.7
	}
	if what&32 != 0 {
		tile.Bias = numbers(r, width)
	}
	for k := range tile.Terms {
		tile.Terms[k].B = max(tile.Terms[k].B, 0)
	}
	before := numbers(r, Rows*width)
	tile.C = append([]float32(nil), before...)
	fused(&tile)
	want := tile.C
	tile.C = before
	impl.tile(&tile)
	if tile.Single {
		want = want[:width]
	}
	if i := firstDifference(want, tile.C); i >= 0 {
		t.Fatalf("%d terms, case %d, row %d, column %d: got %v, want %v", terms, what, i/width, i%width, tile.C[i], want[i])
	}
}

// Zeros of either sign and NaN, too.
func TestMaximaAndGatesHaveTheBitsOfPortableOnes(t *testing.T) {
	for name, impl := range implementations {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(13, 14))
			some := func(n int) []float32 {
				v := numbers(r, n)
				for i := range v {
					switch r.IntN(10) {
					case 0:
						v[i] = float32(math.NaN())
					case 1, 2, 3:
						v[i] = float32(math.Copysign(0, float64(v[i])))
					}
				}
				return v
			}
			for n := 8; n < 80; n += 8 {
				m := Maxima{X: some(4 * n), XStep: n / 2, OfStep: n + 3, Count: 3, Channels: n}
				for range r.IntN(9) {
					m.Taps = append(m.Taps, Term{A: int32(r.IntN(2 * n))})
				}
				want := make([]float32, 3*m.OfStep)
				m.Of = want
				maximaGeneric(&m)
				m.Of = make([]float32, len(want))
				impl.maxima(&m)
				if i := firstDifference(want, m.Of); i >= 0 {
					t.Fatalf("%d channels, %d taps: maximum %d is %v, want %v", n, len(m.Taps), i, m.Of[i], want[i])
				}
			}
			for n := 1; n < 60; n++ {
				for _, scale := range []float32{1, 1.7, -0.3} {
					a, gate, want, got := some(n), some(n), make([]float32, n), make([]float32, n)
					gateGeneric(&want[0], &a[0], &gate[0], n, scale)
					impl.gate(&got[0], &a[0], &gate[0], n, scale)
					if i := firstDifference(want, got); i >= 0 {
						t.Fatalf("%d elements times %v: element %d of %v where %v is above 0: got %v, want %v", n, scale, i, a[i], gate[i], got[i], want[i])
					}
				}
			}
		})
	}
}
