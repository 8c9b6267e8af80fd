package finite

import (
	"math"
	"testing"
)

func TestIs(t *testing.T) {
	for _, v := range []float64{0, -1, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64} {
		if !Is(v) {
			t.Errorf("%g is finite", v)
		}
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if Is(v) || Is(float32(v)) {
			t.Errorf("%g is not finite", v)
		}
	}
	if !Is(float32(math.MaxFloat32)) {
		t.Error("the largest float32 is finite")
	}
	for _, v := range []float64{0.1, 0.3, 1.1} { // where the compiler fuses, v·v − v·v need not be 0
		if !Is(v*v) || !Is(float32(v)*float32(v)) {
			t.Errorf("%g squared is finite", v)
		}
	}
}

func TestFirst(t *testing.T) {
	if at := First([]float32{1, 2, float32(math.Inf(-1)), float32(math.NaN())}); at != 2 {
		t.Errorf("got %d, want 2", at)
	}
	if at := First([]float64{1, 2}); at != -1 {
		t.Errorf("got %d, want -1", at)
	}
	if at := First[float32](nil); at != -1 {
		t.Errorf("of no values: got %d, want -1", at)
	}
}
