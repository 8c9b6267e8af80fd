package tooltest

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// SmallDisk returns a folder on a file system of its own that has room for that many bytes, rounded up to pages. Only root
// can make one; for others the test is skipped, or fails if BACKDROP_REQUIRE is set.
func SmallDisk(t *testing.T, bytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("none", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		if os.Getenv("BACKDROP_REQUIRE") != "" {
			t.Fatalf("mounting a tmpfs: %v", err)
		}
		t.Skipf("mounting a tmpfs: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Errorf("unmounting %s: %v", dir, err)
		}
	})
	return dir
}

// ChangeDisk changes the size of a disk of SmallDisk, and whether it is read-only.
func ChangeDisk(t *testing.T, dir string, bytes int, readOnly bool) {
	t.Helper()
	flags := uintptr(unix.MS_REMOUNT)
	if readOnly {
		flags |= unix.MS_RDONLY
	}
	if err := unix.Mount("none", dir, "tmpfs", flags, fmt.Sprintf("size=%d", bytes)); err != nil {
		t.Fatalf("remounting %s: %v", dir, err)
	}
}
