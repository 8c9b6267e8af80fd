//go:build !linux

package tool

import "os"

func createBeside(target string) (f *os.File, temp string, err error) {
	temp = tempName(target)
	f, err = os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	return f, temp, err
}

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

func discard(f *os.File, temp string) {
	f.Close()
	os.Remove(temp)
}

// SyncFolder makes the name of a new file last, where a program can.
func SyncFolder(string) error { return nil }

// Hold takes a file for this process, where a program can.
func Hold(*os.File) bool { return true }
