package draw

import (
	"image"
	"slices"
	"testing"
)

// count is a volume whose value at plane z, row y and column x is 100z + 10y + x.
func count(d, h, w int) Volume {
	v := NewVolume(d, h, w)
	for i := range v.Data {
		v.Data[i] = float32(100*(i/(h*w)) + 10*(i/w%h) + i%w)
	}
	return v
}

func TestSlice(t *testing.T) {
	v := count(2, 3, 4)
	for axis, want := range []Field{
		{H: 3, W: 4, Data: []float32{100, 101, 102, 103, 110, 111, 112, 113, 120, 121, 122, 123}},
		{H: 2, W: 4, Data: []float32{10, 11, 12, 13, 110, 111, 112, 113}},
		{H: 3, W: 2, Data: []float32{1, 101, 11, 111, 21, 121}},
	} {
		if got := v.slice(axis, 1); got.H != want.H || got.W != want.W || !slices.Equal(got.Data, want.Data) {
			t.Errorf("axis %d: got %v, want %v", axis, got, want)
		}
	}
}

func TestProject(t *testing.T) {
	v := Volume{D: 2, H: 2, W: 2, Data: []float32{1, 2, 3, 4, -1, 0, 7, nan}}
	for p, want := range map[Projection][3][]float32{
		Average: {{0, 1, 5, nan}, {2, 3, 3, nan}, {1.5, -0.5, 3.5, nan}},
		Largest: {{1, 2, 7, nan}, {3, 4, 7, nan}, {2, 0, 4, nan}},
	} {
		for axis, f := range v.Project(p) {
			same := func(a, b float32) bool { return a == b || a != a && b != b }
			if f.H != 2 || f.W != 2 || !slices.EqualFunc(f.Data, want[axis], same) {
				t.Errorf("projection %d along axis %d: got %v, want %v", p, axis, f, want[axis])
			}
		}
	}
	for axis, want := range [][2]int{{3, 4}, {2, 4}, {3, 2}} {
		if f := count(2, 3, 4).Project(Average)[axis]; f.H != want[0] || f.W != want[1] {
			t.Errorf("axis %d: %d×%d, want %v", axis, f.H, f.W, want)
		}
	}
	// Columns 0, 1 and 2 of row 1 of plane 1 are 110, 111 and 112; planes 0 and 1 there 10 and 110.
	if f := count(2, 3, 3).Project(Average); f[2].Data[1*2+1] != 111 || f[0].Data[1*3] != 60 {
		t.Errorf("means: got %v and %v", f[2], f[0])
	}
}

// A slice has the frame of a box that it cuts, as seen along its axis, and a projection that of every box.
func TestViewsOfBox(t *testing.T) {
	v := count(4, 5, 6)
	box := Box{{1, 3}, {2, 4}, {3, 6}}
	want := [3]image.Rectangle{image.Rect(3, 2, 6, 4), image.Rect(3, 1, 6, 3), image.Rect(1, 2, 3, 4)}
	h := Heatmap{Map: Greys, Range: Range{0, 1}}
	cut := v.Slices(h, [3]int{2, 4, 3}, Volume{}, []Box{box}) // row 4 is behind the box
	all := Projections(h, v.Project(Largest), []Box{box})
	for axis, r := range want {
		if got := all.Along[axis].Outlines; !slices.Equal(got, []image.Rectangle{r}) {
			t.Errorf("projection along axis %d: got %v, want %v", axis, got, r)
		}
		frames := 1
		if axis == axisH {
			frames = 0
		}
		if got := cut.Along[axis].Outlines; len(got) != frames || frames > 0 && got[0] != r {
			t.Errorf("slice along axis %d: got %v, want %d of %v", axis, got, frames, r)
		}
	}
}

func TestVolumeMissing(t *testing.T) {
	v := NewVolume(2, 3, 4)
	if got := v.Slices(Heatmap{}, [3]int{}, Volume{}, nil).note(); got != "" {
		t.Errorf("all numbers: got %q", got)
	}
	v.Data[12+4+2], v.Data[23] = nan, nan
	if got, want := v.Slices(Heatmap{}, [3]int{}, Volume{}, nil).note(), "2 of 24 values are not numbers (cyan), the first at plane 1, row 1, column 2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
