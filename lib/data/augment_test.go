package data

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"backdrop/lib/dims"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
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
		apply(Augment{Flip: true, Roll: true}, y, x, s, r)
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
		"inside": {Augment{Crop: dims.Square(3)}, 3 * 2}, "round the torus": {Augment{Crop: dims.Square(3), Roll: true}, 5 * 4},
		"one side": {Augment{Crop: dims.Square(4)}, 2},
	} {
		out := c.augment.Shape(s)
		seen := map[float32]bool{}
		for range 1000 {
			y := make([]float32, out.Len())
			apply(c.augment, y, x, s, r)
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
		if _, err := (Augment{Crop: dims.Square(5)}).Network(n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// apply reads the changed x of shape s into dst.
func apply(a Augment, dst, x []float32, s net.Shape, r *rand.Rand) {
	var v view
	v.window.draw(&pixels.Memory{Values: x, Count: s.Size().Product()}, s, a, r)
	pixels.Read(dst, &v.window, s.C)
}

// changed writes the changed x of shape s into dst, a row after the other.
func changed(a Augment, dst, x []float32, s net.Shape, r *rand.Rand) {
	shape := a.Shape(s)
	size, out := s.Size(), shape.Size()
	own := 3 - s.Dimensions() // the first axis
	var first net.Size
	var flip [3]bool
	for axis := own; axis < 3; axis++ {
		switch {
		case a.Roll:
			first[axis] = r.IntN(size[axis])
		case !a.Crop.None():
			first[axis] = r.IntN(size[axis] - out[axis] + 1)
		}
	}
	for axis := own; axis < 3; axis++ {
		flip[axis] = a.Flip && r.IntN(2) == 1
	}
	from := func(axis, i int) int { // the position that position i comes from
		i = (i + first[axis]) % size[axis]
		if flip[axis] {
			i = size[axis] - 1 - i
		}
		return i
	}
	for c := range s.C {
		for z := range out[net.D] {
			for y := range out[net.H] {
				src := x[((c*size[net.D]+from(net.D, z))*size[net.H]+from(net.H, y))*size[net.W]:][:size[net.W]]
				row := dst[((c*out[net.D]+z)*out[net.H]+y)*out[net.W]:][:out[net.W]]
				copy(row[copy(row, src[first[net.W]:]):], src)
				if flip[net.W] {
					slices.Reverse(row)
				}
			}
		}
	}
}

// A window that is read in pieces, from any pixel to any other and with gaps, has the values of a copy that is changed row by
// row, and draws the same numbers.
func TestWindowsInPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 3000 {
		s := net.Shape{C: 1 + r.IntN(3), W: 1 + r.IntN(9)}
		if r.IntN(3) > 0 {
			s.H = 1 + r.IntN(7)
			if r.IntN(2) > 0 {
				s.D = 1 + r.IntN(5)
			}
		}
		a := Augment{Flip: r.IntN(2) > 0, Roll: r.IntN(2) > 0}
		if r.IntN(2) > 0 {
			a.Crop = dims.Square(1 + r.IntN(9))
		}
		x := make([]float32, s.Len())
		for i := range x {
			x[i] = float32(i)
		}
		out := a.Shape(s)
		want, count, seed := make([]float32, out.Len()), out.Size().Product(), r.Uint64()
		changed(a, want, x, s, rand.New(rand.NewPCG(seed, 1)))
		var v view
		v.window.draw(&pixels.Memory{Values: x, Count: s.Size().Product()}, s, a, rand.New(rand.NewPCG(seed, 1)))
		for c := range s.C {
			from := r.IntN(count + 1)
			to, step := from+r.IntN(count+1-from), 1+r.IntN(3)
			got := make([]float32, (to-from)*step+1)
			for i := range got {
				got[i] = -1
			}
			v.window.Pixels(got, step, c, from, to)
			for i, g := range got {
				w := float32(-1)
				if i%step == 0 && i/step < to-from {
					w = want[c*count+from+i/step]
				}
				if g != w {
					t.Fatalf("%v of %v, channel %d, pixels %d to %d by %d: value %d is %v, want %v", a, s, c, from, to, step, i, g, w)
				}
			}
		}
	}
}
