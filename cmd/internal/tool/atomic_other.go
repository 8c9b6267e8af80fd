//go:build !linux

package tool

import "os"

// createBeside creates the file that is to become target, in the same folder.
func createBeside(target string) (f *os.File, temp string, err error) {
	temp = tempName(target)
	f, err = os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	return f, temp, err
}

// place closes the file and gives it its final name.
func place(f *os.File, temp, target string) error {
	err := f.Close()
	if err == nil {
		err = os.Rename(temp, target)
	}
	if err != nil {
		os.Remove(temp)
	}
	return err
}

// discard closes and removes a file.
func discard(f *os.File, temp string) {
	f.Close()
	os.Remove(temp)
}

// SyncFolder makes sure that the name of a new file is on disk, on systems where a program can.
func SyncFolder(string) error { return nil }

// Hold locks a file for this process, on systems where a program can, and reports whether no other process has locked it.
func Hold(*os.File) bool { return true }
