//go:build !linux

package machine

// HugePages does nothing where the system has no such hint.
func HugePages([]float32) {}

// SmallPages does nothing where the system has no such hint.
func SmallPages() {}
