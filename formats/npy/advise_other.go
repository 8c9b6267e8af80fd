//go:build unix && !linux

package npy

// smallPages does nothing where the system has no such hint.
func smallPages([]byte) {}
