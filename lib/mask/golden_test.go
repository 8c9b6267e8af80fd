package mask

import (
	"cmp"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/sbinet/npyio"
)

// TestGoldenMask applies a mask with PyTorch's keep to PyTorch's gradient.
func TestGoldenMask(t *testing.T) {
	cases, _ := filepath.Glob(filepath.Join(cmp.Or(os.Getenv("BACKDROP_GOLDEN"), "testdata/golden"), "mask_*"))
	if len(cases) == 0 {
		t.Fatal("no reference vectors found")
	}
	for _, dir := range cases {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			var meta struct {
				Dims   []int
				RTol   float64
				Arrays map[string][2]any
			}
			text, err := os.ReadFile(filepath.Join(dir, "case.json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(text, &meta); err != nil {
				t.Fatal(err)
			}
			var axes Axes
			for _, d := range meta.Dims {
				axes |= 1 << d
			}
			var shape [4]int
			for i, n := range meta.Arrays["dy"][1].([]any) {
				shape[i] = int(n.(float64))
			}
			var keep []bool
			for _, k := range readFloats(t, dir, "keep") {
				keep = append(keep, k != 0)
			}
			m := New(axes, shape, keep)
			dy, want := readFloats(t, dir, "dy"), readFloats(t, dir, "dx")
			largest := 0.0
			for _, v := range want {
				largest = max(largest, math.Abs(float64(v)))
			}
			i := 0
			for n := range shape[0] {
				for c := range shape[1] {
					for h := range shape[2] {
						for w := range shape[3] {
							got := dy[i] * m.At(n, c, h, w)
							if !(math.Abs(float64(got-want[i])) <= meta.RTol*largest) {
								t.Fatalf("dx[%d,%d,%d,%d] = %v, want %v", n, c, h, w, got, want[i])
							}
							i++
						}
					}
				}
			}
			if i != len(want) || largest == 0 {
				t.Errorf("compared %d of %d values, the largest %v", i, len(want), largest)
			}
		})
	}
}

func readFloats(t *testing.T, dir, name string) []float32 {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name+".npy"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var data []float32
	if err := npyio.Read(f, &data); err != nil {
		t.Fatalf("%s: %v", f.Name(), err)
	}
	return data
}
