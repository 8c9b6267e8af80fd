//go:build unix

package npy

import (
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// mapFile maps size bytes of a file. ok is false if that is impossible (an empty file, a file system without mapping), so
// that the file has to be read.
func mapFile(f *os.File, size int64) (b []byte, ok bool) {
	if size == 0 || size > math.MaxInt {
		return nil, false
	}
	b, err := unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
	return b, err == nil
}

// release gives mapped pages back to the system. It is only a hint, which changes no content.
func release(b []byte) { unix.Madvise(b, unix.MADV_DONTNEED) }

// unmap ends the mapping.
func unmap(b []byte) error { return unix.Munmap(b) }
