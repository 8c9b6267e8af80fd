// Package machine says what the computer has, where that decides whether a job can be begun at all.
package machine

import "math"

// most is the address space of a process.
const most = min(1<<47, math.MaxInt)
