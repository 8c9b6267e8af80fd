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
