package golden

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"backdrop/formats/npy"
)

// Dir returns the folder with the cases. A relative name in BACKDROP_GOLDEN starts at the root of the module.
func Dir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("BACKDROP_GOLDEN")
	if dir == "" {
		dir = filepath.Join("internal", "testkit", "golden", "testdata", "vectors")
	}
	if !filepath.IsAbs(dir) { // tests run in the folders of their packages
		dir = filepath.Join(moduleRoot(t), dir)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		t.Fatalf("golden: no folder %s (BACKDROP_GOLDEN names another)", dir)
	}
	return dir
}

// moduleRoot returns the nearest folder above the test's own that holds go.mod. Unlike runtime.Caller this works with
// -trimpath, too.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("golden: no go.mod above the test's folder")
		}
		dir = up
	}
}

// Case is one folder of reference results.
type Case struct {
	Name string         // of the folder, without its path
	Dir  string         // the folder
	Meta map[string]any // case.json; nil if there is none
}

// Cases returns the cases whose names start with prefix, in order. There must be at least one.
func Cases(t testing.TB, prefix string) []Case {
	t.Helper()
	dir := Dir(t)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var cases []Case
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), prefix) {
			cases = append(cases, readCase(t, e.Name(), filepath.Join(dir, e.Name())))
		}
	}
	if len(cases) == 0 {
		t.Fatalf("golden: no case %s* in %s", prefix, dir)
	}
	return cases
}

// readCase reads a case but its arrays.
func readCase(t testing.TB, name, dir string) Case {
	t.Helper()
	c := Case{Name: name, Dir: dir}
	text, err := os.ReadFile(filepath.Join(dir, "case.json"))
	if os.IsNotExist(err) {
		return c
	}
	if err == nil {
		err = json.Unmarshal(text, &c.Meta)
	}
	if err != nil {
		t.Fatalf("golden: case %s: %v", name, err)
	}
	return c
}

// Unmarshal stores the value of a key of case.json in *v. Like the methods below it panics if there is no such key or its
// value has another type.
func (c Case) Unmarshal(key string, v any) {
	value, ok := c.Meta[key]
	if !ok {
		panic(fmt.Sprintf("golden: case %s has no %q", c.Name, key))
	}
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, v)
	}
	if err != nil {
		panic(fmt.Sprintf("golden: case %s: %q: %v", c.Name, key, err))
	}
}

// value is Unmarshal that returns the value.
func value[T any](c Case, key string) (v T) {
	c.Unmarshal(key, &v)
	return v
}

// Int returns the value of a key, a whole number.
func (c Case) Int(key string) int { return value[int](c, key) }

// Float returns the value of a key, a number.
func (c Case) Float(key string) float64 { return value[float64](c, key) }

// String returns the value of a key, a text.
func (c Case) String(key string) string { return value[string](c, key) }

// RTol returns the tolerance of the case, for Close.
func (c Case) RTol() float64 { return c.Float("rtol") }

// Layers returns the layers of a network, each a JSON object.
func (c Case) Layers() []json.RawMessage { return value[[]json.RawMessage](c, "layers") }

// path is the name of the file of an array.
func (c Case) path(array string) string { return filepath.Join(c.Dir, array+".npy") }

// Has reports whether the case holds that array.
func (c Case) Has(array string) bool {
	_, err := os.Stat(c.path(array))
	return err == nil
}

// Array reads an array of the case.
func (c Case) Array(t testing.TB, array string) *npy.Array {
	t.Helper()
	b, err := os.ReadFile(c.path(array))
	if err != nil {
		t.Fatal(err)
	}
	a, err := npy.Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatalf("golden: case %s: %s.npy: %v", c.Name, array, err)
	}
	return a
}

// Float32 reads an array of the case as float32, in C order.
func (c Case) Float32(t testing.TB, array string) (data []float32, shape []int) {
	t.Helper()
	a := c.Array(t, array)
	data, err := a.Float32()
	if err != nil {
		t.Fatalf("golden: case %s: %s.npy: %v", c.Name, array, err)
	}
	return data, a.Shape
}

// Ints reads an array of the case as integers, in C order.
func (c Case) Ints(t testing.TB, array string) []int {
	t.Helper()
	data, err := c.Array(t, array).Int64()
	if err != nil {
		t.Fatalf("golden: case %s: %s.npy: %v", c.Name, array, err)
	}
	ints := make([]int, len(data))
	for i, v := range data {
		ints[i] = int(v)
	}
	return ints
}

// Seeds adds the files that match a pattern to the seeds of a fuzz test. There must be at least one.
func Seeds(f *testing.F, pattern string) {
	f.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		f.Fatalf("golden: no seeds %s: %v", pattern, err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

// Close fails the test unless got has as many elements as want and max|got−want| <= rtol·max|want|. The failure names the
// element with the largest difference.
func Close(t testing.TB, what string, got, want []float32, rtol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d elements, want %d", what, len(got), len(want))
		return
	}
	if len(want) == 0 {
		return
	}
	largest, worst, at := 0.0, -1.0, 0
	for i, w := range want {
		largest = math.Max(largest, math.Abs(float64(w)))
		if off := math.Abs(float64(got[i]) - float64(w)); off > worst || math.IsNaN(off) && !math.IsNaN(worst) {
			worst, at = off, i
		}
	}
	if !(worst <= rtol*largest) || math.IsInf(worst, 0) {
		t.Errorf("%s: element %d is %v, want %v: off by %.3g, more than %.3g = rtol %g times the largest, %.3g",
			what, at, got[at], want[at], worst, rtol*largest, rtol, largest)
	}
}
