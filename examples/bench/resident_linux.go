package main

import (
	"os"
	"syscall"
)

// resident returns the peak memory of a process that has ended, in megabytes. It is at least the memory that this process
// had when it started that one.
func resident(state *os.ProcessState) float64 {
	return float64(state.SysUsage().(*syscall.Rusage).Maxrss) / 1024
}
