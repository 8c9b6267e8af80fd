package mask

import (
	"testing"

	"backdrop/internal/testkit/golden"
)

// TestGoldenMask applies a mask with PyTorch's keep to PyTorch's gradient.
func TestGoldenMask(t *testing.T) {
	for _, c := range golden.Cases(t, "mask_") {
		t.Run(c.Name, func(t *testing.T) {
			var dims []int
			c.Unmarshal("dims", &dims)
			var axes Axes
			for _, d := range dims {
				axes |= [4]Axes{N, C, H, W}[d]
			}
			dy, shape := c.Float32(t, "dy")
			var keep []bool
			for _, k := range c.Ints(t, "keep") {
				keep = append(keep, k != 0)
			}
			m := New(axes, [5]int{shape[0], shape[1], 1, shape[2], shape[3]}, keep)
			dx := make([]float32, 0, len(dy))
			for n := range shape[0] {
				for c := range shape[1] {
					for h := range shape[2] {
						for w := range shape[3] {
							dx = append(dx, dy[len(dx)]*m.At(n, c, 0, h, w))
						}
					}
				}
			}
			want, _ := c.Float32(t, "dx")
			golden.Close(t, "dx", dx, want, c.RTol())
		})
	}
}
