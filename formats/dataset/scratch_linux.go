package dataset

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// reserve makes room for a file of that size (fallocate(2)). Not all file systems can.
func reserve(f *os.File, size int64) error {
	err := unix.Fallocate(int(f.Fd()), 0, 0, size)
	if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EINTR) {
		return nil
	}
	return err
}

// room returns the bytes of a file system that are free for us.
func room(dir string) (free float64, ok bool) {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return 0, false
	}
	return float64(s.Bavail) * float64(s.Frsize), true
}
