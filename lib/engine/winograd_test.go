package engine

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"backdrop/lib/net"
)

// Windows of 3×3 in tensors of every size up to a few patches, of images and of volumes, padded or not, where the gradient
// survives everywhere, in some samples and in some pixels.
func TestWinogradEqualsPlain(t *testing.T) {
	networks := 20
	if testing.Short() {
		networks = 3
	}
	for _, elements := range []int{16, 200, 64 << 10} {
		for _, cut := range []string{"bands", "blocks"} {
			t.Run(fmt.Sprint(cut, " of ", elements), func(t *testing.T) {
				if cut == "bands" {
					inBands(t, elements)
				} else {
					inBlocks(t, elements)
				}
				r := rand.New(rand.NewPCG(uint64(elements), 9))
				used := 0
				for i := range networks {
					n, err := net.Parse(windowsOfThree(r))
					if err != nil { // nothing is left for the last windows
						continue
					}
					nodes, err := compile(n)
					if err != nil {
						t.Fatal(err)
					}
					for _, node := range nodes[1:] {
						if o, ok := node.op.(*conv); ok && o.winograd != nil {
							used++
						}
					}
					compare(t, r, n, 1+r.IntN(4), 1+i%3)
				}
				if used < networks/2 {
					t.Errorf("only %d convolutions of %d networks are computed in patches", used, networks)
				}
			})
		}
	}
}

// windowsOfThree describes a random network of convolutions with windows of 3×3, or of any number of planes of 3×3.
func windowsOfThree(r *rand.Rand) string {
	var s strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&s, format+"\n", args...) }
	axes, volume := "HW", r.IntN(3) == 0
	if volume {
		line("input c=%d d=%d h=%d w=%d", 16+r.IntN(2), 7+r.IntN(3), 5+r.IntN(5), 5+r.IntN(6))
		axes = "DHW"
	} else {
		line("input c=%d h=%d w=%d", 1+r.IntN(20), 7+r.IntN(10), 7+r.IntN(10))
	}
	window := func() string {
		pad := r.IntN(3)
		if !volume {
			return fmt.Sprintf("kernel=3 pad=%d", pad)
		}
		deep := 1 + r.IntN(3)
		return fmt.Sprintf("kernel=%dx3x3 pad=%dx%dx%d dilation=%dx1x1", deep, r.IntN(deep), pad, r.IntN(3), 1+r.IntN(2)*(deep%2))
	}
	line("conv out=%d %s name=first", 16+r.IntN(20), window())
	for i := range 1 + r.IntN(3) {
		switch r.IntN(6) {
		case 0:
			line("backdrop name=m%d p=0.4 axes=N", i)
		case 1:
			line("backdrop name=m%d p=0.4 axes=%s", i, axes)
		case 2:
			line("backdrop name=m%d p=0.4 axes=N%s", i, axes)
		case 3:
			line("dropout p=0.2")
		case 4:
			line("relu")
		}
		line("conv out=%d %s", 16+r.IntN(20), window())
		if r.IntN(2) == 0 {
			line("relu")
		}
	}
	if !volume {
		line("conv out=32 kernel=3 pad=1 name=both")
		line("conv out=32 kernel=3 pad=1")
		line("add from=both")
	}
	if r.IntN(2) == 0 {
		line("maxpool kernel=2")
	}
	line("gap")
	line("linear out=3")
	return s.String()
}
