package npy_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
)

// TestGoldenNpy reads every file that make_golden.py writes: one array a of float32, shape [2,3,4], as it is in several
// versions and orders, and |a|·50 cut to each type of integer.
func TestGoldenNpy(t *testing.T) {
	c := golden.Cases(t, "npy")[0]
	want, shape := c.Float32(t, "f4")
	if !reflect.DeepEqual(shape, []int{2, 3, 4}) || len(want) != 24 {
		t.Fatalf("f4.npy has shape %v and %d elements", shape, len(want))
	}
	for name, rtol := range map[string]float64{
		"f8": 0, "f4_big_endian": 0, "f4_fortran": 0, "version1": 0, "version2": 0, "version3": 0, "f2": 0x1p-11,
	} {
		t.Run(name, func(t *testing.T) {
			got, gotShape := c.Float32(t, name)
			if !reflect.DeepEqual(gotShape, shape) {
				t.Errorf("shape %v, want %v", gotShape, shape)
			}
			golden.Close(t, name, got, want, rtol)
		})
	}
	for name, convert := range map[string]func(float64) int{
		"bool": func(v float64) int {
			if v != 0 {
				return 1
			}
			return 0
		},
		"u1": func(v float64) int { return int(uint8(v)) }, "i1": func(v float64) int { return int(int8(int(v))) },
		"u2": func(v float64) int { return int(v) }, "i2": func(v float64) int { return int(v) },
		"u4": func(v float64) int { return int(v) }, "i4": func(v float64) int { return int(v) },
		"u8": func(v float64) int { return int(v) }, "i8": func(v float64) int { return int(v) },
	} {
		t.Run(name, func(t *testing.T) {
			got := c.Ints(t, name)
			asFloats, gotShape := c.Float32(t, name)
			if !reflect.DeepEqual(gotShape, shape) {
				t.Errorf("shape %v, want %v", gotShape, shape)
			}
			for i, v := range want {
				if w := convert(float64(float32(math.Abs(float64(v))) * 50)); got[i] != w || asFloats[i] != float32(w) {
					t.Errorf("element %d is %d and %g, want %d", i, got[i], asFloats[i], w)
				}
			}
		})
	}
	t.Run("scalar", func(t *testing.T) {
		if got, shape := c.Float32(t, "scalar"); len(shape) != 0 || len(got) != 1 || got[0] != 1.5 {
			t.Errorf("%v of shape %v, want 1.5", got, shape)
		}
	})
	t.Run("empty", func(t *testing.T) {
		if got, shape := c.Float32(t, "empty"); !reflect.DeepEqual(shape, []int{0, 3}) || len(got) != 0 {
			t.Errorf("%v of shape %v, want none of [0 3]", got, shape)
		}
	})
	for _, name := range []string{"two.npz", "two_deflate.npz"} {
		t.Run(name, func(t *testing.T) {
			x, _, y := readXY(t, filepath.Join(c.Dir, name))
			golden.Close(t, "x", x, want, 0)
			if !reflect.DeepEqual(y, []int64{0, 1}) {
				t.Errorf("y is %v", y)
			}
		})
	}
}

// readXY reads an archive of the arrays x and y, and no other.
func readXY(t *testing.T, name string) (x []float32, shape []int, y []int64) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	arrays, err := npy.ReadNPZ(bytes.NewReader(b), int64(len(b)), 1<<20)
	if err != nil || len(arrays) != 2 || arrays["x"] == nil || arrays["y"] == nil {
		t.Fatalf("%s: %d arrays, %v", name, len(arrays), err)
	}
	x, err = arrays["x"].Float32()
	if err == nil {
		y, err = arrays["y"].Int64()
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return x, arrays["x"].Shape, y
}

// TestGoldenNpyOpen maps the same files.
func TestGoldenNpyOpen(t *testing.T) {
	c := golden.Cases(t, "npy")[0]
	names, err := filepath.Glob(filepath.Join(c.Dir, "*.npy"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, name := range names {
		f, err := npy.Open(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := f.Float32()
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(name)
		want, _ := c.Float32(t, base[:len(base)-len(".npy")])
		golden.Close(t, base, got, want, 0)
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}
