//go:build !linux

package machine

// Memory returns the bytes of memory that the machine has at most.
func Memory() int64 { return most }
