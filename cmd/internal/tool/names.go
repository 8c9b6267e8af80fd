package tool

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"
)

// Name is a file that a flag or an argument names.
type Name struct{ Flag, File string }

// Distinct refuses outputs that are the same file as another output or an input, which they would destroy. Names that
// are empty, standard streams, devices and pipes do not count.
func Distinct(outputs, inputs []Name) error {
	for i, out := range outputs {
		for _, other := range append(outputs[i+1:len(outputs):len(outputs)], inputs...) {
			if sameFile(out.File, other.File) {
				return Usagef("%s and %s are the same file, %s", out.Flag, other.Flag, out.File)
			}
		}
	}
	return nil
}

func sameFile(a, b string) bool {
	if IsStdin(a) || IsStdin(b) {
		return false
	}
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return infoA.Mode().IsRegular() && os.SameFile(infoA, infoB)
	}
	if errA == nil || errB == nil {
		return false
	}
	return absolute(a) == absolute(b)
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
