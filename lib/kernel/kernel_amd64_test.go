//go:build !noasm

package kernel

import (
	"os"
	"testing"

	"golang.org/x/sys/cpu"
)

func init() {
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		implementations["avx2"] = implementation{tileAVX2, poolAVX2, maximaAVX2, winnersAVX2, addAVX2, atLeastAVX2, gateAVX2}
		ofProcessor["avx2"] = transforms{toPointsAVX2, filterToPointsAVX2, toSumsAVX2, productsOfTiles}
	}
	if cpu.X86.HasAVX512F {
		implementations["avx512"] = implementation{tileAVX512, poolAVX2, maximaAVX2, winnersAVX2, addAVX2, atLeastAVX2, gateAVX2}
		ofProcessor["avx512"] = transforms{toPointsAVX512, filterToPointsAVX512, toSumsAVX512, productsAVX512}
	}
}

func TestProcessorHasAVX(t *testing.T) {
	for _, name := range []string{"avx2", "avx512"} {
		if implementations[name].tile == nil && os.Getenv("BACKDROP_REQUIRE") != "" {
			t.Errorf("this processor has no %s: its kernels go untested", name)
		}
	}
}

func TestWinogradHasTheSameBits(t *testing.T) {
	if !cpu.X86.HasAVX512F {
		t.Skip("this processor has no AVX-512") // TestAVX512HasTheBitsOfAVX2 fails where it must have
	}
	r := rand.New(rand.NewPCG(9, 10))
	noise := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(r.NormFloat64())
		}
		return v
	}
	in, bias := noise(Points*64), noise(64)
	both := ofProcessor["avx512"].transforms()
	for i, other := range ofProcessor["avx2"].transforms() {
		var out [2][]float32
		for k, transform := range []func(*Lines){other, both[i]} {
			out[k] = make([]float32, Points*64)
			l := Lines{N: 64, Count: 1, Bias: &bias[0]}
			for j := range Points {
				l.In[j], l.Out[j] = &in[64*j], &out[k][64*j]
			}
			transform(&l)
		}
		if !slices.Equal(out[0], out[1]) {
			t.Errorf("transform %d: results differ", i)
		}
	}
	for panels := 1; panels <= 5; panels++ {
		var out [2][]float32
		a, b := noise(16*37), noise(panels*37*Columns)
		for k, name := range []string{"avx2", "avx512"} {
			out[k] = make([]float32, 16*panels*Columns)
			ofProcessor[name].products(&Products{A: a, B: b, C: out[k], Count: 1, Rows: 13, Terms: 37, Panels: panels,
				ARow: 37, ATerm: 1, BTerm: Columns, BPanel: 37 * Columns, CRow: panels * Columns})
		}
		if n := 13 * panels * Columns; !slices.Equal(out[0][:n], out[1][:n]) {
			t.Errorf("%d panels: products differ", panels)
		}
	}
}

func (p transforms) transforms() []func(*Lines) {
	return []func(*Lines){p.toPoints, p.filterToPoints, p.toSums}
}
