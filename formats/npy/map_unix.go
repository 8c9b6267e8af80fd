//go:build unix

package npy

import (
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// mapFile maps size bytes of a file, and opens the file once more. ok is false if that is impossible (an empty file, a file
// system without mapping), so that the file has to be read.
func mapFile(f *os.File, size int64) (b []byte, own *os.File, ok bool) {
	if size == 0 || size > math.MaxInt {
		return nil, nil, false
	}
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, nil, false
	}
	own = os.NewFile(uintptr(fd), f.Name())
	if b, err = unix.Mmap(fd, 0, int(size), unix.PROT_READ, unix.MAP_SHARED); err != nil {
		own.Close()
		return nil, nil, false
	}
	smallPages(b)
	return b, own, true
}

// release gives mapped pages back to the system. It is only a hint, which changes no content.
func release(b []byte) { unix.Madvise(b, unix.MADV_DONTNEED) }

// unmap ends the mapping.
func unmap(b []byte) error { return unix.Munmap(b) }
