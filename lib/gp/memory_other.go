//go:build !linux

package gp

// machineMemory returns the bytes of memory that the machine has at most.
func machineMemory() uint64 { return maxMemory }
