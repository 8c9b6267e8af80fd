//go:build unix

package parallel

import (
	"runtime/debug"
	"testing"

	"golang.org/x/sys/unix"
)

// A fault of memory in a piece is the caller's, if it wants faults to be panics.
func TestFault(t *testing.T) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	none, err := unix.Mmap(-1, 0, 4096, unix.PROT_NONE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Skip(err)
	}
	defer unix.Munmap(none)
	for _, threads := range []int{1, 4} {
		func() {
			defer func() {
				if _, ok := recover().(interface{ Addr() uintptr }); !ok {
					t.Errorf("%d threads: no fault", threads)
				}
			}()
			Do(threads, 20, func(p int) {
				if p == 7 {
					none[p]++
				}
			})
		}()
	}
}
