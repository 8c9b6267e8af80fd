package tool

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// createBeside creates a file in the folder of target. It has no name, where the file system can do that, so that
// nothing is left of it if the process dies; name gives it one.
func createBeside(target string) (f *os.File, temp string, err error) {
	f, err = os.OpenFile(filepath.Dir(target), os.O_WRONLY|unix.O_TMPFILE, 0o666)
	if err != nil {
		return createNamed(target)
	}
	return f, "", nil
}

// name gives a file without one a name beside target (open(2), O_TMPFILE).
func name(f *os.File, target string) (temp string, err error) {
	temp = tempName(target)
	err = unix.Linkat(unix.AT_FDCWD, fmt.Sprintf("/proc/self/fd/%d", f.Fd()), unix.AT_FDCWD, temp, unix.AT_SYMLINK_FOLLOW)
	return temp, err
}
