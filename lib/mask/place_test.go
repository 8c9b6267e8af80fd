package mask

import (
	"math"
	"slices"
	"testing"
)

func TestAt(t *testing.T) {
	shape := [5]int{2, 3, 6, 4, 5}
	for axes := Axes(1); axes < 32; axes++ {
		var m Mask
		m.Draw(Coord{Seed: 1}, 0.5, axes, shape)
		i := 0
		for n := range m.Shape[0] {
			for c := range m.Shape[1] {
				for d := range m.Shape[2] {
					for h := range m.Shape[3] {
						for w := range m.Shape[4] {
							want := float32(0)
							if m.Keep[i] {
								want = float32(len(m.Keep)) / float32(count(m.Keep))
							}
							if got := m.At(n, c, d, h, w); got != want {
								t.Fatalf("axes %v at %d,%d,%d,%d,%d: got %v, want %v", axes, n, c, d, h, w, got, want)
							}
							i++
						}
					}
				}
			}
		}
		for _, other := range []struct {
			axis          Axes
			n, c, d, h, w int
		}{{N, 1, 0, 0, 0, 0}, {C, 0, 2, 0, 0, 0}, {D, 0, 0, 5, 0, 0}, {H, 0, 0, 0, 3, 0}, {W, 0, 0, 0, 0, 4}} {
			if axes&other.axis == 0 && m.At(other.n, other.c, other.d, other.h, other.w) != m.At(0, 0, 0, 0, 0) {
				t.Errorf("axes %v: the mask varies along %v", axes, other.axis)
			}
		}
	}
}

func TestPin(t *testing.T) {
	shape := [5]int{2, 3, 1, 4, 5}
	var m Mask
	m.Draw(Coord{}, 0, N|H|W, shape) // what was there must go
	if err := m.Pin(N|H|W, shape, 2, 3); err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		for c := range 3 {
			for h := range 4 {
				for w := range 5 {
					want := float32(0)
					if h == 2 && w == 3 {
						want = 20
					}
					if got := m.At(n, c, 0, h, w); got != want {
						t.Fatalf("at %d,%d,%d,%d: got %v, want %v", n, c, h, w, got, want)
					}
				}
			}
		}
	}
	for _, cell := range [][2]int{{-1, 0}, {0, -1}, {4, 0}, {0, 5}} {
		if err := m.Pin(N|H|W, shape, cell[0], cell[1]); err == nil {
			t.Errorf("pinning %v in 4 rows and 5 columns: no error", cell)
		}
	}
	if err := m.Pin(H, shape, 1, 0); err != nil || m.At(0, 0, 0, 1, 4) != 4 {
		t.Errorf("pinning row 1 of a mask on H: %v, factor %v, want 4", err, m.At(0, 0, 0, 1, 4))
	}
	if err := m.Pin(H, shape, 1, 1); err == nil {
		t.Error("pinning column 1 of a mask on H: no error")
	}
}

// As many numbers as there are axes in the samples: one of a sequence, three of a volume.
func TestPinAlongOtherAxes(t *testing.T) {
	var m Mask
	if err := m.Pin(N|W, [5]int{2, 3, 1, 1, 4}, 2); err != nil || !slices.Equal(m.Keep, []bool{false, false, true, false, false, false, true, false}) {
		t.Errorf("cell 2 of 4: %v, kept %v", err, m.Keep)
	}
	if err := m.Pin(N|W, [5]int{2, 3, 1, 1, 4}, 4); err == nil || err.Error() != "mask: cell 4 lies outside a mask of 4 cells" {
		t.Errorf("cell 4 of 4: %v", err)
	}
	volume := [5]int{1, 2, 2, 3, 2}
	if err := m.Pin(C|D|H|W, volume, 1, 0, 1); err != nil || m.Factor != 12 || m.At(0, 0, 1, 0, 1) != 12 || m.At(0, 1, 1, 0, 1) != 12 {
		t.Errorf("cell 1,0,1: %v, factor %v, kept %v", err, m.Factor, m.Keep)
	}
	if err := m.Pin(D, volume, 1, 0, 0); err != nil || m.At(0, 1, 1, 2, 1) != 2 || m.At(0, 0, 0, 0, 0) != 0 {
		t.Errorf("plane 1: %v, kept %v", err, m.Keep)
	}
	if err := m.Pin(C|D|H|W, volume, 2, 0, 1); err == nil || err.Error() != "mask: cell 2,0,1 lies outside a mask of 2 planes, 3 rows and 2 columns" {
		t.Errorf("cell 2,0,1: %v", err)
	}
}

func TestNoAllocation(t *testing.T) {
	var m Mask
	shape := [5]int{4, 2, 1, 8, 8}
	m.Draw(Coord{}, 0.5, N|C|H|W, shape)
	step := uint64(0)
	if n := testing.AllocsPerRun(100, func() {
		step++
		m.Draw(Coord{Step: step}, 0.5, N|C|H|W, shape)
		m.Draw(Coord{Step: step}, 1, H|W, shape)
	}); n != 0 {
		t.Errorf("%v allocations a draw, want 0", n)
	}
}

func TestCallersMistakes(t *testing.T) {
	var m Mask
	for name, f := range map[string]func(){
		"p < 0":           func() { m.Draw(Coord{}, -0.1, N, [5]int{1, 1, 1, 1, 1}) },
		"p > 1":           func() { m.Draw(Coord{}, 1.1, N, [5]int{1, 1, 1, 1, 1}) },
		"p NaN":           func() { m.Draw(Coord{}, math.NaN(), N, [5]int{1, 1, 1, 1, 1}) },
		"empty shape":     func() { m.Draw(Coord{}, 0.5, H, [5]int{1, 1, 1, 0, 1}) },
		"length of keep":  func() { New(H|W, [5]int{1, 1, 1, 2, 2}, make([]bool, 3)) },
		"nothing is kept": func() { New(H|W, [5]int{1, 1, 1, 2, 2}, make([]bool, 4)) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}
