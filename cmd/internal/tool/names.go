package tool

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// Name is the name of a file, and the flag or argument that it was given with.
type Name struct {
	Flag string // with its dashes; for an argument its name in --help
	File string // as the user wrote it; "" if the flag was not given
}

// standard reports whether the name means standard input or output: "-", or "" for -o and arguments.
func (n Name) standard() bool {
	return n.File == "-" || n.File == "" && !strings.HasPrefix(n.Flag, "--")
}

// Distinct refuses an output that is the same file as another output or an input, which it would destroy. This includes
// standard streams that are files. Flags that are not given and devices do not count. One pipe may be input and output,
// but not two outputs, whose results would be mixed.
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

// distinct returns an error if an output and another file are the same. std is the file to look at, and stdName its name,
// if other means a standard stream. Only regular files count, and those with a mode in also.
func distinct(out, other Name, std *os.File, stdName string, also fs.FileMode) error {
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
		if mode := infoA.Mode(); !mode.IsRegular() && mode&also == 0 || !os.SameFile(infoA, infoB) {
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

// absolute returns the absolute name of a file that need not exist yet, with all links followed.
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

// Files refuses "-" for flags that need the name of a file.
func Files(names []Name) error {
	for _, n := range names {
		if n.File == "-" {
			return Usagef("%s needs the name of a file; it cannot be a standard stream", n.Flag)
		}
	}
	return nil
}

// noEmpty refuses flags and arguments that are given but empty, as they are when a script's variable is not set.
func noEmpty(c *cli.Context) error {
	for _, f := range c.App.Flags {
		if _, ok := f.(*cli.StringFlag); ok && c.IsSet(f.Names()[0]) && c.String(f.Names()[0]) == "" {
			return fmt.Errorf("flag %s is empty", dashed(f.Names()[0]))
		}
		if _, ok := f.(*cli.StringSliceFlag); ok && slices.Contains(c.StringSlice(f.Names()[0]), "") {
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
