// Package machine says how much memory there is, and refuses jobs that need more.
package machine

import (
	"math"
	"sync"
	"sync/atomic"
)

// most is the address space of a process.
const most = min(1<<47, math.MaxInt)

var allowed atomic.Int64 // 0: all there is

// Allow bounds the memory that the jobs of this process may take, in bytes, whatever others use; 0 takes the bound away.
func Allow(bytes int64) { allowed.Store(bytes) }

// free is what there was when it was first asked for. What this process has taken since then does not count against it.
var free = sync.OnceValue(func() int64 { return min(available(), most) })

// Memory returns the bytes of memory that jobs may take, and whether Allow bounds them; else they are what this machine has
// free.
func Memory() (bytes int64, bounded bool) {
	if a := allowed.Load(); a > 0 {
		return min(a, total()), true
	}
	return free(), false
}
