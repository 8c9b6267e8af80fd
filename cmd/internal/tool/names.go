package tool

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"
)

// Name is a file that a flag or an argument names.
type Name struct{ Flag, File string }

// standard reports whether the name means standard input or output: "-", and of -o and of arguments "", too.
func (n Name) standard() bool {
	return n.File == "-" || n.File == "" && !strings.HasPrefix(n.Flag, "--")
}

// Distinct refuses outputs that are the same file as another output or an input, which they would destroy: standard
// streams included, where they lead from or to a file. Flags that are not given and devices do not count, nor does a pipe that
// is read and written; two results in one pipe would be mixed.
func Distinct(outputs, inputs []Name) error {
	for i, out := range outputs {
		for _, other := range outputs[i+1:] {
			if err := distinct(out, other, os.Stdout, "standard output", fs.ModeNamedPipe); err != nil {
				return err
			}
		}
		for _, in := range inputs {
			if err := distinct(out, in, os.Stdin, "standard input", 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// distinct compares an output with another file, which std is if it is a standard stream. Besides regular files those of
// the modes in too count.
func distinct(out, other Name, std *os.File, stdName string, too fs.FileMode) error {
	stat := func(n Name, std *os.File) (fs.FileInfo, error) {
		if n.standard() {
			return std.Stat()
		}
		return os.Stat(n.File)
	}
	if out.File == "" && !out.standard() || other.File == "" && !other.standard() || out.standard() && other.standard() {
		return nil
	}
	infoA, errA := stat(out, os.Stdout)
	infoB, errB := stat(other, std)
	switch {
	case errA == nil && errB == nil:
		if mode := infoA.Mode(); !mode.IsRegular() && mode&too == 0 || !os.SameFile(infoA, infoB) {
			return nil
		}
	case errA == nil || errB == nil || out.standard() || other.standard() || absolute(out.File) != absolute(other.File):
		return nil
	}
	switch {
	case out.standard():
		return Usagef("standard output and %s are the same file, %s", other.Flag, other.File)
	case other.standard():
		return Usagef("%s and %s are the same file, %s", out.Flag, stdName, out.File)
	}
	return Usagef("%s and %s are the same file, %s", out.Flag, other.Flag, out.File)
}

// absolute follows what links there are on the way to a file that is not there yet.
func absolute(name string) string {
	target, _, err := resolve(name)
	if err != nil {
		target = name
	}
	target, err = filepath.Abs(target)
	if err != nil {
		return name
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(target)); err == nil {
		return filepath.Join(dir, filepath.Base(target))
	}
	return target
}

// Files refuses "-" for flags that need a file with a name.
func Files(names []Name) error {
	for _, n := range names {
		if n.File == "-" {
			return Usagef("%s needs the name of a file; it cannot be a standard stream", n.Flag)
		}
	}
	return nil
}

// noEmpty refuses flags and arguments that are given and empty: a script's variable was not set.
func noEmpty(c *cli.Context) error {
	for _, f := range c.App.Flags {
		if _, ok := f.(*cli.StringFlag); ok && c.IsSet(f.Names()[0]) && c.String(f.Names()[0]) == "" {
			return fmt.Errorf("flag %s is empty", dashed(f.Names()[0]))
		}
	}
	for _, arg := range c.Args().Slice() {
		if arg == "" {
			return fmt.Errorf("an argument is empty")
		}
	}
	return nil
}
