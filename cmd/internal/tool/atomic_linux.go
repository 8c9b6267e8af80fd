package tool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// createBeside creates the file that is to become target, in the same folder. If the file system allows it, the file has
// no name until place gives it one, so that nothing is left of it if the process is killed.
//
// The file is locked (flock(2)), for where it has a temporary name: a file called ownName that no process has locked was
// left by one that was killed, and the next one removes it.
func createBeside(target string) (f *os.File, temp string, err error) {
	f, err = os.OpenFile(filepath.Dir(target), os.O_WRONLY|unix.O_TMPFILE, 0o666)
	if err != nil {
		return createNamed(target)
	}
	if _, err := os.Stat(linkName(f)); err != nil { // place could not give it a name
		f.Close()
		return createNamed(target)
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, "", err
	}
	return f, "", nil
}

// createNamed creates a locked file in the folder of target, called ownName unless that is in use.
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

// place gives the file, whose name is temp if it has one, its final name, and closes it. The file must be on disk; its name
// is, too, when place returns nil.
func place(f *os.File, temp, target string) error {
	var err error
	if temp == "" {
		removeStale(ownName(target))
		if err = link(f, target); errors.Is(err, os.ErrExist) { // to replace a file, this one needs a name
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

// discard removes a file, if it has a name, while it is still locked, and closes it.
func discard(f *os.File, temp string) {
	if temp != "" {
		os.Remove(temp)
	}
	f.Close()
}

// name gives a file without a name one in the folder of target.
func name(f *os.File, target string) (temp string, err error) {
	temp = ownName(target)
	for {
		if err = link(f, temp); !errors.Is(err, os.ErrExist) {
			return temp, err
		}
		temp = tempName(target)
	}
}

// link gives a file without a name the name, which must not be in use (open(2), O_TMPFILE).
func link(f *os.File, name string) error {
	return unix.Linkat(unix.AT_FDCWD, linkName(f), unix.AT_FDCWD, name, unix.AT_SYMLINK_FOLLOW)
}

// linkName is a name under which the system knows an open file.
func linkName(f *os.File) string { return fmt.Sprintf("/proc/self/fd/%d", f.Fd()) }

// Hold locks a file for this process until it is closed (flock(2)). It reports whether no other process has locked it.
func Hold(f *os.File) bool {
	return !errors.Is(unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB), unix.EWOULDBLOCK)
}

// removeStale removes a file unless a process has locked it.
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

// lock waits until the file can be locked. On a file system without locks it does nothing.
func lock(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX)
	if err != nil && !errors.Is(err, unix.ENOLCK) && !errors.Is(err, unix.EOPNOTSUPP) {
		return err
	}
	return nil // without locks, what a killed process leaves stays there
}

// isNamed reports whether the file still has that name.
func isNamed(f *os.File, name string) bool {
	a, errA := f.Stat()
	b, errB := os.Lstat(name)
	return errA == nil && errB == nil && os.SameFile(a, b)
}

// SyncFolder makes sure that the name of a new file is on disk.
func SyncFolder(file string) error {
	dir, err := os.Open(filepath.Dir(file))
	if errors.Is(err, os.ErrPermission) { // the folder may be writable but not readable
		return nil
	}
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, unix.EINVAL) { // the file system has no need of it
		err = nil
	}
	return errors.Join(err, dir.Close())
}
