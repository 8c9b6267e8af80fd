package dataset

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/stream"
	"backdrop/lib/dims"
)

func TestParseLayout(t *testing.T) {
	for text, want := range map[string]Layout{"NCHW": "CHW", "NHWC": "HWC", "HWC": "HWC", "NCT": "CW", "NT": "W", "NDHW": "DHW", "WH": "WH", "CDHW": "CDHW"} {
		if got, err := ParseLayout(text); err != nil || got != want {
			t.Errorf("%s is %q, %v, want %q", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"":      "none of a sequence",
		"NC":    "none of a sequence",
		"NCH":   "none of a sequence",
		"NDW":   "none of a sequence",
		"NCHWW": "name one axis twice",
		"NCTW":  "name one axis twice",
		"CNHW":  "N must come first; np.moveaxis(x, 1, 0)",
		"NN":    "name one axis twice",
		"NHWN":  "name one axis twice",
		"nchw":  "'n' is none of the letters",
		"NCHWé": "'é' is none of the letters",
	} {
		if got, err := ParseLayout(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is %q, %v, want an error with %q", text, got, err, want)
		}
	}
}

// What stands where in an array comes out with channels first and then planes, rows and columns.
func TestArrange(t *testing.T) {
	for _, c := range []struct {
		layout     Layout
		raw        []int
		dimensions int
		want       []int
		permutes   bool
	}{
		{"W", []int{5}, 0, []int{1, 5}, false},
		{"W", []int{5}, 2, []int{1, 1, 5}, false},
		{"CW", []int{2, 5}, 1, []int{2, 5}, false},
		{"WC", []int{5, 2}, 1, []int{2, 5}, true},
		{"HW", []int{4, 5}, 0, []int{1, 4, 5}, false},
		{"CHW", []int{2, 4, 5}, 0, []int{2, 4, 5}, false},
		{"HWC", []int{4, 5, 2}, 2, []int{2, 4, 5}, true},
		{"WH", []int{5, 4}, 2, []int{1, 4, 5}, true},
		{"DHW", []int{3, 4, 5}, 3, []int{1, 3, 4, 5}, false},
		{"DHWC", []int{3, 4, 5, 2}, 0, []int{2, 3, 4, 5}, true},
	} {
		a, err := c.layout.arrange(c.raw, c.dimensions)
		if err != nil || !slices.Equal(a.shape, c.want) || (a.order != nil) != c.permutes {
			t.Errorf("%s of %v: %v, %v, want %v", c.layout, c.raw, a, err, c.want)
		}
	}
	if _, err := Layout("CHW").arrange([]int{4, 5}, 0); err == nil {
		t.Error("three axes of an array of two: no error")
	}
}

// What overrules the data is said once.
func TestOverruledIsSaid(t *testing.T) {
	var notes []string
	a := arranger{axes: "CHW", note: func(line string) { notes = append(notes, line) }}
	for range 2 {
		if _, err := a.set(&stream.Sample{Key: "a", Shape: []int{3, 4, 5}, X: make([]float32, 60)}, "DHW"); err != nil {
			t.Fatal(err)
		}
	}
	if want := "samples are taken for ones with the axes CHW, though the data say DHW"; len(notes) != 1 || notes[0] != want {
		t.Errorf("%q, want %q", notes, want)
	}
}

func TestPermute(t *testing.T) {
	x := []float32{0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121} // [2,3,2]: rows, columns, channels
	dst := make([]float32, len(x))
	permute(dst, x, []int{2, 3, 2}, []int{2, 0, 1})
	if want := []float32{0, 10, 20, 100, 110, 120, 1, 11, 21, 101, 111, 121}; !slices.Equal(dst, want) {
		t.Errorf("got %v, want %v", dst, want)
	}
}

// What is guessed is said once, where the array could be something else and no network decides.
func TestGuessIsSaid(t *testing.T) {
	for _, c := range []struct {
		shape      []int
		dimensions int
		want       string
	}{
		{[]int{5}, 0, ""},
		{[]int{6, 500}, 0, "samples of shape [6 500] are taken for images (axes NHW); sequences of 6 channels have the axes NCT, of 500 channels NTC"},
		{[]int{1, 500}, 0, "samples of shape [1 500] are taken for images (axes NHW); sequences of one channel have the axes NCT, of 500 channels NTC"},
		{[]int{6, 500}, 1, ""},
		{[]int{3, 4, 5}, 0, "samples of shape [3 4 5] are taken for images of 3 channels (axes NCHW); volumes have the axes NDHW, channels last NHWC"},
		{[]int{1, 4, 5}, 0, ""},
		{[]int{3, 4, 5}, 3, ""},
		{[]int{4, 5, 6, 2}, 0, "samples of shape [4 5 6 2] are taken for volumes of 4 channels (axes NCDHW); with channels last these have the axes NDHWC"},
		{[]int{1, 4, 5, 6}, 0, ""},
	} {
		var notes []string
		a := arranger{dimensions: c.dimensions, note: func(line string) { notes = append(notes, line) }}
		for range 2 {
			if _, err := a.set(&stream.Sample{Key: "a", Shape: c.shape, X: make([]float32, dims.Count(c.shape))}, ""); err != nil {
				t.Fatal(err)
			}
		}
		if strings.Join(notes, "\n") != c.want {
			t.Errorf("%v, %d dimensions: %q, want %q", c.shape, c.dimensions, notes, c.want)
		}
	}
}

// A shape of channels last is refused where nobody says what its axes are.
func TestChannelsLast(t *testing.T) {
	for _, c := range []struct {
		shape      []int
		dimensions int
		axes       Layout
		want       [2]string // "": it is taken
	}{
		{[]int{64, 64, 3}, 0, "", [2]string{"NHWC", "NCHW"}},
		{[]int{28, 28, 1}, 0, "", [2]string{"NHWC", "NCHW"}},
		{[]int{480, 640, 4}, 0, "", [2]string{"NHWC", "NCHW"}},
		{[]int{8, 16, 16, 1}, 0, "", [2]string{"NDHWC", "NCDHW"}},
		{[]int{64, 64, 3}, 0, "CHW", [2]string{}},
		{[]int{64, 64, 3}, 0, "HWC", [2]string{}},
		{[]int{64, 64, 3}, 2, "", [2]string{}},
		{[]int{64, 64, 3}, 3, "", [2]string{}},
		{[]int{64, 64, 2}, 0, "", [2]string{}},
		{[]int{3, 64, 3}, 0, "", [2]string{}},
		{[]int{64, 4, 4}, 0, "", [2]string{}},
		{[]int{3, 64, 64}, 0, "", [2]string{}},
		{[]int{500, 3}, 0, "", [2]string{}},
	} {
		a := arranger{axes: c.axes, dimensions: c.dimensions}
		_, err := a.shapeOf(&stream.Sample{Key: "a", Shape: c.shape}, "")
		var e *AdvisedError
		if got := [2]string{}; !errors.As(err, &e) && (err != nil || c.want != got) || e != nil && e.Example != c.want {
			t.Errorf("%v %d %q: %v, want %q", c.shape, c.dimensions, c.axes, err, c.want)
		}
	}
}
