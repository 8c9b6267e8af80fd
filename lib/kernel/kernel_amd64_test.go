//go:build !noasm

package kernel

import (
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/cpu"
)

func init() {
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		implementations["avx2"] = implementation{tileAVX2, maxAVX2, poolAVX2, winnersAVX2, addAVX2, atLeastAVX2}
	}
	if cpu.X86.HasAVX512F {
		implementations["avx512"] = implementation{tileAVX512, maxAVX2, poolAVX2, winnersAVX2, addAVX2, atLeastAVX2}
	}
}

func TestProcessorHasAVX2(t *testing.T) {
	if implementations["avx2"].tile == nil && os.Getenv("BACKDROP_REQUIRE") != "" {
		t.Fatal("this processor has no AVX2 and FMA: the kernels go untested")
	}
}

// A model trained on one of these processors is that of the other, bit for bit.
func TestAVX512HasTheBitsOfAVX2(t *testing.T) {
	if !cpu.X86.HasAVX512F {
		if os.Getenv("BACKDROP_REQUIRE") != "" {
			t.Fatal("this processor has no AVX-512: its kernel goes untested")
		}
		t.Skip("this processor has no AVX-512")
	}
	r := rand.New(rand.NewPCG(7, 8))
	noise := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(r.NormFloat64())
		}
		return v
	}
	for panels := 1; panels <= 9; panels++ {
		const terms = 37
		tile := Tile{A: noise(Rows + terms), B: noise(panels * terms * Columns), Panel: terms * Columns, Panels: panels, Bias: noise(panels * Columns),
			Gate: noise(Rows * panels * Columns), Scale: 1.7, Add: true, ReLU: panels%2 == 0}
		for k := range terms {
			tile.Terms = append(tile.Terms, Term{int32(k), int32(k * Columns)})
		}
		for i := range Rows {
			tile.ARow[i], tile.CRow[i], tile.GateRow[i] = i, i*panels*Columns, i*panels*Columns
		}
		before := noise(Rows * panels * Columns)
		tile.C = slices.Clone(before)
		tileAVX2(&tile)
		want := tile.C
		tile.C = slices.Clone(before)
		tileAVX512(&tile)
		if !slices.Equal(tile.C, want) {
			t.Errorf("%d panels: results differ", panels)
		}
		tile.C, tile.Single = slices.Clone(before), true
		tileAVX512(&tile)
		if !slices.Equal(tile.C[:panels*Columns], want[:panels*Columns]) {
			t.Errorf("%d panels: the only row differs", panels)
		}
	}
}
