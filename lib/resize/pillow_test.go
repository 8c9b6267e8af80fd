package resize

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
	"backdrop/lib/pixels"
)

// Pillow's BOX is the mean of whole pixels where an image shrinks by whole factors, and its BILINEAR interpolates where one grows.
// By other factors BOX leaves out or takes in pixels at the borders as a whole; there NumPy takes the mean of repeated pixels.
func TestPillow(t *testing.T) {
	dir := t.TempDir()
	python := golden.Python(t, "numpy", "PIL")
	for _, c := range []struct{ h, w, toH, toW int }{
		{48, 64, 12, 16}, {48, 64, 48, 8}, {48, 64, 1, 1}, {30, 20, 10, 4}, // whole factors
		{13, 17, 26, 40}, {13, 17, 13, 18}, {2, 3, 50, 7}, {1, 1, 4, 4}, // growing
		{48, 64, 32, 32}, {37, 53, 16, 16}, {37, 53, 36, 52}, {100, 7, 31, 3}, // parts of pixels
	} {
		x := make([]float32, c.h*c.w)
		for i := range x {
			x[i] = float32(math.Sin(float64(i*i))) * 1000
		}
		golden.Save(t, filepath.Join(dir, "x.npy"), npy.Float32, []int{c.h, c.w}, x)
		golden.Run(t, dir, nil, python, "-c", fmt.Sprintf(`
import numpy as np
from PIL import Image
x, h, w = np.load("x.npy"), %d, %d
if h %% x.shape[0] and x.shape[0] %% h or w %% x.shape[1] and x.shape[1] %% w:
    area = not (h > x.shape[0] or w > x.shape[1])
else:
    area = False
if area:
    y = x.astype("f8").repeat(h, 0).reshape(h, -1, x.shape[1]).mean(1).repeat(w, 1).reshape(h, w, -1).mean(2)
else:
    grows = h > x.shape[0] or w > x.shape[1]
    y = np.asarray(Image.fromarray(x, "F").resize((w, h), Image.BILINEAR if grows else Image.BOX))
np.save("y.npy", y.astype("f4"))
`, c.toH, c.toW))
		f, err := npy.Open(filepath.Join(dir, "y.npy"))
		if err != nil {
			t.Fatal(err)
		}
		want, err := f.Float32()
		if err != nil {
			t.Fatal(err)
		}
		var z Resizer
		got := make([]float32, c.toH*c.toW)
		z.Resize(got, &pixels.Memory{Values: x, Count: len(x)}, 1, []int{c.h, c.w}, []int{c.toH, c.toW})
		for i, v := range got {
			if !(math.Abs(float64(v-want[i])) <= 1e-3) { // of values up to 1000
				t.Fatalf("%+v: value %d is %v, want %v", c, i, v, want[i])
			}
		}
		f.Close()
	}
}
