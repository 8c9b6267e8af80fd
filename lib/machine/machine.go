// Package machine says what the computer has, where that decides whether a job can be begun at all.
package machine

import (
	"math"
	"sync/atomic"
)

// most is the address space of a process.
const most = min(1<<47, math.MaxInt)

var allowed atomic.Int64 // 0: all there is

// Allow bounds the memory that the jobs of this process may take, in bytes, to less than the machine has; 0 takes the
// bound away.
func Allow(bytes int64) { allowed.Store(bytes) }

// Memory returns the bytes of memory that jobs may take, and whose bound that is, for errors: "this machine has" so
// much, or "--memory leaves" it.
func Memory() (bytes int64, whose string) {
	bytes = total()
	if a := allowed.Load(); a > 0 && a < bytes {
		return a, "--memory leaves"
	}
	return bytes, "this machine has"
}
