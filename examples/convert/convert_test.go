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
	stream       string            // that is trained on
	samples      string            // as what bdtrain takes its samples
	refused      map[string]string // streams that bdtrain does not take, and what it says
}{
	{"fits", "astropy", "folders.tar", "1×16×16", map[string]string{"nan.tar": "is NaN", "refused.tar": "stream ends"}},
	{"hdf5", "h5py", "numbers.tar", "3×16×16", map[string]string{"nan.tar": "is NaN"}},
	{"nifti", "nibabel", "folders.tar", "1×12×10×8", map[string]string{"nan.tar": "is NaN", "refused.tar": "stream ends"}},
	{"dicom", "pydicom", "folders.tar", "1×8×16×12", map[string]string{"refused.tar": "stream ends"}},
	{"tiff", "tifffile", "folders.tar", "1×8×10×12", map[string]string{"nan.tar": "is NaN", "refused.tar": "stream ends"}},
	{"zarr", "zarr", "numbers.tar", "3×16×16", map[string]string{"nan.tar": "is NaN"}},
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
			plan, stderr, err := bdtrain(kind.stream, "--dry-run")
			if err != nil || !strings.Contains(plan, kind.samples) {
				t.Errorf("--dry-run: %v\n%s%s\nwant samples of %s", err, plan, stderr, kind.samples)
			}
			if _, stderr, err := bdtrain(kind.stream, "--epochs", "2", "-o", "model.tar"); err != nil || strings.Contains(stderr, "taken for") {
				t.Errorf("--epochs 2: %v\n%s", err, stderr)
			}
			for stream, want := range kind.refused {
				if out, stderr, err := bdtrain(stream, "--epochs", "2"); err == nil || out != "" || !strings.Contains(stderr, want) {
					t.Errorf("%s: %v\n%s\nwant %s", stream, err, stderr, want)
				}
			}
		})
	}
}
