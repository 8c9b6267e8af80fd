// Package convert tests that the scripts beside it make of each kind of file the tensor stream that people of its field expect,
// and that bdtrain trains on it.
package convert

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"backdrop/internal/testkit/golden"
)

// kinds of files. testdata/check_NAME.py makes some, runs the script on them, compares values exactly, and leaves the streams.
var kinds = []struct {
	name, module string
	input        string // what bdtrain says of the samples in folders.tar or numbers.tar
}{
	{"fits", "astropy", "1×16×16"},
	{"hdf5", "h5py", "3×16×16"},
	{"nifti", "nibabel", "1×12×10×8"},
	{"dicom", "pydicom", "1×8×16×12"},
	{"tiff", "tifffile", "1×8×10×12"},
	{"zarr", "zarr", "3×16×16"},
}

func TestConvert(t *testing.T) {
	bin := t.TempDir()
	golden.Run(t, filepath.Join("..", ".."), nil, "go", "build", "-o", bin+"/", "./cmd/bdtrain")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob("*.py")
	if err != nil || len(scripts) < len(kinds) {
		t.Fatal(scripts, err)
	}
	golden.Sources(t, scripts...)
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if lines := bytes.Count(text, []byte("\n")); err != nil || lines > 25 {
			t.Errorf("%s has %d lines: it is not short any more; %v", script, lines, err)
		}
	}
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			python := golden.Python(t, "numpy", kind.module)
			check := filepath.Join(here, "testdata", "check_"+kind.name+".py")
			golden.Sources(t, check, filepath.Join(here, "testdata", "expect.py"))
			dir := t.TempDir()
			golden.Run(t, dir, nil, python, "-B", check, here)
			bdtrain := func(stream string, args ...string) (stdout, stderr string, err error) {
				cmd := exec.Command(filepath.Join(bin, "bdtrain"), append(args, stream)...)
				var out, errs bytes.Buffer
				cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
				err = cmd.Run()
				return out.String(), errs.String(), err
			}
			train := "folders.tar"
			if _, err := os.Stat(filepath.Join(dir, train)); err != nil {
				train = "numbers.tar"
			}
			plan, stderr, err := bdtrain(train, "--dry-run")
			if err != nil || !strings.Contains(plan, kind.input) {
				t.Errorf("--dry-run: %v\n%s%s\nwant samples of %s", err, plan, stderr, kind.input)
			}
			if _, stderr, err := bdtrain(train, "--epochs", "1", "-o", "model.tar"); err != nil || strings.Contains(stderr, "taken for") {
				t.Errorf("--epochs 1: %v\n%s", err, stderr)
			}
			// What is no number, and what was not converted to its end, is refused.
			for stream, want := range map[string]string{"nan.tar": "NaN", "refused.tar": "stream ends"} {
				_, err := os.Stat(filepath.Join(dir, stream))
				if kind.name == "dicom" && stream == "nan.tar" { // it has whole numbers
					continue
				}
				if err != nil {
					t.Error(err)
				}
				if out, stderr, err := bdtrain(stream, "--epochs", "1"); err == nil || out != "" || !strings.Contains(stderr, want) {
					t.Errorf("%s: %v\n%s\nwant %s", stream, err, stderr, want)
				}
			}
		})
	}
}
