//go:build !noasm

package kernel

import (
	"os"
	"testing"

	"golang.org/x/sys/cpu"
)

func init() {
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		implementations["avx2"] = implementation{tileAVX2, maxAVX2, poolAVX2}
	}
	if cpu.X86.HasAVX512F {
		implementations["avx512"] = implementation{tileAVX512, maxAVX2, poolAVX2}
	}
}

func TestProcessorHasAVX2(t *testing.T) {
	if implementations["avx2"].tile == nil && os.Getenv("BACKDROP_REQUIRE") != "" {
		t.Fatal("this processor has no AVX2 and FMA: the kernels go untested")
	}
}
