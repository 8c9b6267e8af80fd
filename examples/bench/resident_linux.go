package main

import (
	"os"
	"syscall"
)

// resident returns the megabytes that an ended process had in memory at most. It is never less than this process had when
// it started the other.
func resident(state *os.ProcessState) float64 {
	return float64(state.SysUsage().(*syscall.Rusage).Maxrss) / 1024
}
