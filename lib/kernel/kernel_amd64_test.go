//go:build !noasm

package kernel

import (
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"runtime"
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

// What x/sys/cpu is told in GODEBUG decides what runs: so one machine can be timed as others.
func TestGODEBUG(t *testing.T) {
	if os.Getenv("KERNEL_CHOSEN") != "" { // in the process that is started below
		fmt.Println("chosen:", runtime.FuncForPC(reflect.ValueOf(tile).Pointer()).Name())
		return
	}
	for _, c := range []struct{ godebug, needs, want string }{
		{"", "avx512", "kernel.tileAVX512"},
		{"cpu.avx512f=off", "avx2", "kernel.tileAVX2"},
		{"cpu.avx2=off", "generic", "kernel.tileGeneric"},
		{"cpu.fma=off", "generic", "kernel.tileGeneric"},
	} {
		if _, ok := implementations[c.needs]; !ok {
			continue // TestProcessorHasAVX says so
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestGODEBUG$")
		cmd.Env = append(os.Environ(), "KERNEL_CHOSEN=1", "GODEBUG="+c.godebug)
		out, err := cmd.CombinedOutput()
		if err != nil || !regexp.MustCompile(`(?m)^chosen: .*`+c.want+`(\.abi0)?$`).Match(out) {
			t.Errorf("GODEBUG=%s: want %s: %v\n%s", c.godebug, c.want, err, out)
		}
	}
}

func TestProcessorHasAVX(t *testing.T) {
	for _, name := range []string{"avx2", "avx512"} {
		if implementations[name].tile == nil && os.Getenv("BACKDROP_REQUIRE") != "" {
			t.Errorf("this processor has no %s: its kernels go untested", name)
		}
	}
}
