package tool

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Descriptor returns the open file that a name such as /dev/stdout or /dev/fd/3 stands for. Like standard output it is
// written at its position and left open, so that what a shell writes to it before and after stays.
func Descriptor(name string) (*os.File, bool) {
	switch name {
	case "/dev/stdout":
		return os.Stdout, true
	case "/dev/stderr":
		return os.Stderr, true
	}
	for _, dir := range []string{"/dev/fd/", "/proc/self/fd/"} {
		if number, ok := strings.CutPrefix(name, dir); ok {
			n, err := strconv.ParseUint(number, 10, 31)
			switch {
			case err != nil:
				return nil, false
			case n == 1:
				return os.Stdout, true
			case n == 2:
				return os.Stderr, true
			}
			return os.NewFile(uintptr(n), name), true
		}
	}
	return nil, false
}

// tempName returns an unused name in the folder of target.
func tempName(target string) string {
	return filepath.Join(filepath.Dir(target), ".part-"+rand.Text()[:12])
}

// ownName returns the name in the folder of target that a file has, if possible, until it becomes target.
func ownName(target string) string {
	sum := sha256.Sum256([]byte(filepath.Base(target)))
	return filepath.Join(filepath.Dir(target), fmt.Sprintf(".part-%x", sum[:8]))
}

// resolve follows links, so that an output that is a link remains one. It returns the name at their end and what stands
// there, nil if nothing does.
func resolve(name string) (string, fs.FileInfo, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return name, info, nil // such as /dev/stdout: if that is a pipe, the end of the link has no name
	}
	target, err := filepath.EvalSymlinks(name)
	if errors.Is(err, fs.ErrNotExist) {
		if link, err := os.Readlink(name); err == nil { // a link to a file that does not exist yet
			if !filepath.IsAbs(link) {
				link = filepath.Join(filepath.Dir(name), link)
			}
			return link, nil, nil
		}
		return name, nil, nil
	}
	if err != nil {
		return "", nil, fmt.Errorf("creating %s: %w", name, err)
	}
	info, err := os.Stat(target)
	if errors.Is(err, fs.ErrNotExist) { // it has just been removed
		return target, nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	if info.IsDir() {
		return "", nil, fmt.Errorf("creating %s: is a directory", name)
	}
	return target, info, nil
}
