package data

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"backdrop/lib/net"
)

// A shift and a reflection of the torus keep every value and who its neighbours are.
func TestAugmentKeepsNeighbours(t *testing.T) {
	s := net.Shape{C: 2, H: 5, W: 7}
	x := make([]float32, s.Len())
	for i := range x {
		x[i] = float32(i)
	}
	r := rand.New(rand.NewPCG(1, 1))
	moved := 0
	for range 50 {
		y := make([]float32, s.Len())
		Augment{Flip: true, Roll: true}.apply(y, x, s, r)
		sorted := slices.Clone(y)
		slices.Sort(sorted)
		if !slices.Equal(sorted, x) {
			t.Fatal("values are lost")
		}
		for c := range s.C {
			for i := range s.H {
				for j := range s.W {
					here, right := int(y[(c*s.H+i)*s.W+j]), int(y[(c*s.H+i)*s.W+(j+1)%s.W])
					if step := (right%s.W - here%s.W + s.W) % s.W; here/s.W != right/s.W || step != 1 && step != s.W-1 {
						t.Fatalf("value %d has %d on its right", here, right)
					}
				}
			}
		}
		if !slices.Equal(x, y) {
			moved++
		}
	}
	if moved < 45 { // the identity has probability 1/140
		t.Errorf("only %d of 50 were changed", moved)
	}
}

// A crop is a window of the sample, or of its torus with roll, and every place has its turn.
func TestAugmentCrops(t *testing.T) {
	s := net.Shape{C: 2, H: 5, W: 4}
	x := make([]float32, s.Len())
	for i := range x {
		x[i] = float32(i)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for name, c := range map[string]struct {
		augment Augment
		corners int
	}{
		"inside": {Augment{Crop: Square(3)}, 3 * 2}, "round the torus": {Augment{Crop: Square(3), Roll: true}, 5 * 4},
		"one side": {Augment{Crop: Square(4)}, 2},
	} {
		out := c.augment.Shape(s)
		seen := map[float32]bool{}
		for range 1000 {
			y := make([]float32, out.Len())
			c.augment.apply(y, x, s, r)
			top, left := int(y[0])/s.W, int(y[0])%s.W
			seen[y[0]] = true
			for i, v := range y {
				row, col := (top+i/out.W%out.H)%s.H, (left+i%out.W)%s.W
				if want := float32((i/(out.H*out.W)*s.H+row)*s.W + col); v != want {
					t.Fatalf("%s: value %d of %v is %v, want %v", name, i, y, v, want)
				}
			}
		}
		if len(seen) != c.corners {
			t.Errorf("%s: %d places, want %d", name, len(seen), c.corners)
		}
	}
}

func TestCropsNeedTheSameParameters(t *testing.T) {
	for text, want := range map[string]string{
		"input c=1 h=8 w=8\nconv out=2 kernel=3\nflatten\nlinear out=2": "end the network with gap",
		"input c=1 h=8 w=8\nconv out=2 kernel=6\ngap\nlinear out=2":     "crops of 5 pixels: net: layer 0",
		"input c=1 h=4 w=4\ngap\nlinear out=2":                          "crops of 5 pixels are larger than the samples, 1×4×4",
	} {
		n, err := net.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (Augment{Crop: Square(5)}).Network(n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}
