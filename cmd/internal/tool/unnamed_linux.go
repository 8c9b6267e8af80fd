package tool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// createBeside creates a file in the folder of target. It has no name, where the file system can do that, so that
// nothing is left of it if the process dies; place gives it one.
//
// While such a file has a name of its own it is locked (flock(2)): so a file under the name that belongs to target and
// that nobody holds is what a process left that was killed, and is taken away.
func createBeside(target string) (f *os.File, temp string, err error) {
	f, err = os.OpenFile(filepath.Dir(target), os.O_WRONLY|unix.O_TMPFILE, 0o666)
	if err != nil {
		return createNamed(target)
	}
	if _, err := os.Stat(linkName(f)); err != nil { // place could not name it
		f.Close()
		return createNamed(target)
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, "", err
	}
	return f, "", nil
}

// createNamed creates a locked file beside target, under the name that belongs to target unless that is taken.
func createNamed(target string) (f *os.File, temp string, err error) {
	temp = ownName(target)
	removeStale(temp)
	for {
		f, err = os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, os.ErrExist) {
			temp = tempName(target)
			continue
		}
		if err != nil {
			return nil, "", err
		}
		if err = lock(f); err == nil && isNamed(f, temp) {
			return f, temp, nil
		}
		f.Close()
		if err != nil {
			return nil, "", err
		}
	}
}

// place gives the file, which is on disk and whose name is temp if it has one, its place for good: so is its name when
// place returns without an error. It closes the file.
func place(f *os.File, temp, target string) error {
	var err error
	if temp == "" {
		removeStale(ownName(target))
		if err = link(f, target); errors.Is(err, os.ErrExist) { // only a name can be replaced
			temp, err = name(f, target)
		}
	}
	if err == nil && temp != "" {
		err = os.Rename(temp, target)
	}
	if err != nil && temp != "" {
		os.Remove(temp)
	}
	if err == nil {
		err = SyncFolder(target)
	}
	return errors.Join(err, f.Close())
}

// discard closes a file and removes its name, if it has one, while that is still locked.
func discard(f *os.File, temp string) {
	if temp != "" {
		os.Remove(temp)
	}
	f.Close()
}

// name gives a file without one a name beside target.
func name(f *os.File, target string) (temp string, err error) {
	temp = ownName(target)
	for {
		if err = link(f, temp); !errors.Is(err, os.ErrExist) {
			return temp, err
		}
		temp = tempName(target)
	}
}

// link gives a file without a name this one, which must be free (open(2), O_TMPFILE).
func link(f *os.File, name string) error {
	return unix.Linkat(unix.AT_FDCWD, linkName(f), unix.AT_FDCWD, name, unix.AT_SYMLINK_FOLLOW)
}

func linkName(f *os.File) string { return fmt.Sprintf("/proc/self/fd/%d", f.Fd()) }

// Hold takes a file for this process, until it is closed, and reports whether no other process has it (flock(2)).
func Hold(f *os.File) bool {
	return !errors.Is(unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB), unix.EWOULDBLOCK)
}

// removeStale removes a file that a killed process left.
func removeStale(name string) {
	f, err := os.OpenFile(name, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil && isNamed(f, name) {
		os.Remove(name)
	}
}

func lock(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX)
	if err != nil && !errors.Is(err, unix.ENOLCK) && !errors.Is(err, unix.EOPNOTSUPP) {
		return err
	}
	return nil // a file system without locks keeps what is left
}

// isNamed reports whether the file has that name still.
func isNamed(f *os.File, name string) bool {
	a, errA := f.Stat()
	b, errB := os.Lstat(name)
	return errA == nil && errB == nil && os.SameFile(a, b)
}

// SyncFolder makes the name of a new file last.
func SyncFolder(file string) error {
	dir, err := os.Open(filepath.Dir(file))
	if errors.Is(err, os.ErrPermission) { // a folder may let write and not read
		return nil
	}
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, unix.EINVAL) { // this file system has nothing to do
		err = nil
	}
	return errors.Join(err, dir.Close())
}
