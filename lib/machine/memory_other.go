//go:build !linux

package machine

// total returns the bytes of memory that the machine has at most.
func total() int64 { return most }

// available returns what is free of it.
func available() int64 { return most }
