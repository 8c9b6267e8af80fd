package npy

import (
	"math"
	"testing"
)

// half64 is the value of a binary16 by its definition (IEEE 754-2019, 3.4): 5 bits of exponent with bias 15, 10 of
// fraction.
func half64(h uint16) float64 {
	exponent, fraction := int(h>>10&0x1f), float64(h&0x3ff)
	v := math.Ldexp(1+fraction/1024, exponent-15)
	switch {
	case exponent == 0:
		v = math.Ldexp(fraction/1024, -14)
	case exponent == 31 && fraction == 0:
		v = math.Inf(1)
	case exponent == 31:
		v = math.NaN()
	}
	return math.Copysign(v, 0.5-float64(h>>15))
}

func TestHalfToFloat32(t *testing.T) {
	for h := range 1 << 16 {
		got, want := float64(halfToFloat32(uint16(h))), half64(uint16(h))
		if math.Float64bits(got) != math.Float64bits(want) && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("half %#04x is %g, want %g", h, got, want)
		}
	}
}

// TestFloat32ToHalf goes through all neighbours a < b among the positive halves: up to the middle between them a is
// nearest, beyond it b, and in the middle the even one.
func TestFloat32ToHalf(t *testing.T) {
	check := func(f float32, want uint16) {
		t.Helper()
		if got := float32ToHalf(f); got != want {
			t.Fatalf("%g becomes half %#04x, want %#04x", f, got, want)
		}
		if got := float32ToHalf(-f); got != want|0x8000 {
			t.Fatalf("%g becomes half %#04x, want %#04x", -f, got, want|0x8000)
		}
	}
	inf := float32(math.Inf(1))
	for a := uint16(0); a < 0x7c00; a++ {
		b := a + 1
		low, high := half64(a), half64(b)
		if b == 0x7c00 {
			high = 65536 // rounding is that of an unbounded exponent (IEEE 754-2019, 4.3.1)
		}
		middle := float32((low + high) / 2) // exact: one bit more than a half has
		check(float32(low), a)
		check(math.Nextafter32(middle, 0), a)
		check(middle, a+a&1)
		check(math.Nextafter32(middle, inf), b)
	}
	check(inf, 0x7c00)
	check(math.MaxFloat32, 0x7c00)
	check(math.SmallestNonzeroFloat32, 0)
	for _, bits := range []uint32{0x7f800001, 0x7fc00000, 0x7fffffff} {
		if h := float32ToHalf(math.Float32frombits(bits)); h&0x7fff <= 0x7c00 {
			t.Errorf("NaN %#x becomes half %#04x", bits, h)
		}
	}
}
