//go:build !linux

package machine

// total returns the bytes of memory that the machine has at most.
func total() int64 { return most }
