package contract

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
)

// Samples on the scale of bytes and samples in [0, 1] are two things to a network, whatever trained it: the judge says so in
// one line. Of one scale it says nothing, be the range of the few and of the many samples another.
func TestAnotherScale(t *testing.T) {
	dir := t.TempDir()
	must(t, dir, `set -e
		gpgen -n 40 --size 32 --scales 1,2:5,8 --format npy --labels y.npy -o x.npy
		gpgen -n 4 --size 32 --scales 1,2:5,8 --seed 2 --format npy --labels few.y.npy -o few.npy`)
	for _, name := range []string{"x", "few"} {
		rescale(t, filepath.Join(dir, name+".npy"), filepath.Join(dir, name+".unit.npy"), 0.5, 0.1)
		rescale(t, filepath.Join(dir, name+".npy"), filepath.Join(dir, name+".bytes.npy"), 127, 25)
	}
	for _, scale := range []string{"", ".unit", ".bytes"} {
		must(t, dir, "bdtrain x"+scale+".npy --labels y.npy --epochs 2 --quiet -o m"+scale)
		for _, other := range []string{"", ".unit", ".bytes"} {
			code, out, lines := shell(t, dir, "bdeval -m m"+scale+" few"+other+".npy --labels few.y.npy --metrics accuracy")
			if code != 0 || !strings.Contains(out, "accuracy") {
				t.Errorf("code %d: %s%s", code, out, lines)
			}
			warned := strings.Count(lines, "are they on the same scale?")
			within := scale == "" && other == ".unit" // the values are among those that there were
			if want := scale != other && !within; warned == 1 != want || strings.Count(lines, "\n") != warned {
				t.Errorf("trained on x%s, judged on few%s: %q", scale, other, lines)
			}
		}
	}
}

// rescale writes the samples in a .npy file with other units.
func rescale(t *testing.T, from, to string, offset, factor float32) {
	t.Helper()
	f, err := npy.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	x, err := f.Float32()
	if err != nil {
		t.Fatal(err)
	}
	x = slices.Clone(x) // of the file's own memory
	for i := range x {
		x[i] = offset + factor*x[i]
	}
	out, err := os.Create(to)
	if err == nil {
		err = npy.WriteFloat32(out, f.Shape, x)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
