// Package machine says what the computer has, where that decides whether a job can be begun at all.
package machine

import (
	"math"
	"sync"
	"sync/atomic"
)

// most is the address space of a process.
const most = min(1<<47, math.MaxInt)

// allowance is a bound of memory, and whose it is.
type allowance struct {
	bytes int64
	whose string
}

var allowed atomic.Pointer[allowance] // nil: no bound but the machine's

// Allow bounds the memory that the jobs of this process may take, in bytes, whatever others use; 0 takes the bound away.
// whose says whose bound it is, as Memory returns it.
func Allow(bytes int64, whose string) {
	if bytes == 0 {
		allowed.Store(nil)
		return
	}
	allowed.Store(&allowance{bytes, whose})
}

// free is what there was when it was first asked for: what this process has taken since then is its own.
var free = sync.OnceValue(func() int64 { return min(available(), most) })

// Memory returns the bytes of memory that jobs may take, and whose bound that is, as a format for errors with a place for
// the number: what this machine has free, or what Allow says.
func Memory() (bytes int64, whose string) {
	if a := allowed.Load(); a != nil {
		return min(a.bytes, total()), a.whose
	}
	return free(), "this machine has %s free"
}
