//go:build !noasm

package kernel

import (
	"os"
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

func TestProcessorHasAVX(t *testing.T) {
	for _, name := range []string{"avx2", "avx512"} {
		if implementations[name].tile == nil && os.Getenv("BACKDROP_REQUIRE") != "" {
			t.Errorf("this processor has no %s: its kernels go untested", name)
		}
	}
}
