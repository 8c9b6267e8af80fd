package draw

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// barTexts returns the numbers under the bar of a range.
func barTexts(low, high float64, s Scale) string {
	texts := Heatmap{Range: Range{low, high}, Scale: s}.labels()
	return strings.Join(texts[:], " ")
}

// Three digits are enough for most bars; where the ends are close to each other there are more.
func TestBarLabels(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{0, 1, "0 0.5 1"}, {-2, 4.85714, "−2 1.43 4.86"}, {-1, 1 + 1.78e-5, "−1 0 1"}, {0, 1.78e-5, "0 8.90e−06 1.78e−05"},
		{0, 246912, "0 1.23e+05 2.47e+05"}, {0, 1000, "0 500 1e+03"},
		{290.14468, 290.4533, "290.145 290.299 290.453"},
		{-290.4533, -290.14468, "−290.453 −290.299 −290.145"},
		{1, 1 + 0x1p-23, "1.00000000 1.00000006 1.00000012"},
		{99.99, 100.02, "99.990 100.005 100.020"},
		{995, 1005, "995 1000 1005"},
		{1e9, 1e9 + 64, "1000000000 1000000032 1000000064"},
		{1e9 - 192, 1e9 + 192, "999999808 1000000000 1000000192"},
		{123456, 125000, "123456 124228 125000"},
		{1e9, 1e9 + 1e7, "1.000e+09 1.005e+09 1.010e+09"},
		{1e-10, 1.001e-10, "1.0000e−10 1.0005e−10 1.0010e−10"},
		{-1e-7, 3e-7, "−1.00e−07 1.00e−07 3.00e−07"},
		{-1, 1e-7, "−1 −0.5 0"},
		{290.25, 290.25, " 290.25 "}, {0, 0, " 0 "}, {-1e-7, -1e-7, " −1e−07 "}, {float64(float32(0.1)), float64(float32(0.1)), " 0.1 "},
	} {
		if got := barTexts(c.low, c.high, Linear); got != c.want {
			t.Errorf("from %v to %v: got %q, want %q", c.low, c.high, got, c.want)
		}
	}
	if got, want := barTexts(0, 16, Sqrt), "0 4 16"; got != want {
		t.Errorf("root: got %q, want %q", got, want)
	}
}

// Whatever the range, the numbers rise and are right to 1 % of it.
func TestBarLabelsDiffer(t *testing.T) {
	for _, low := range []float64{0, 1, -1, 99.999, -290.1, 12345.6, 99999, -1e5, 1e6, 16777216, 1e30, 9.999e-4, 1e-5, -3e-20, math.SmallestNonzeroFloat32, -math.MaxFloat32} {
		for _, width := range []float64{0x1p-23, 1e-7, 1e-5, 1e-3, 0.4, 1, 2, 1e5} {
			high := low + max(math.Abs(low), 1e-30)*width
			for _, scale := range []Scale{Linear, Sqrt} {
				h := Heatmap{Range: Range{low, high}, Scale: scale}
				last := math.Inf(-1)
				for i, text := range h.labels() {
					v, err := strconv.ParseFloat(strings.ReplaceAll(text, "−", "-"), 64)
					if want := h.value(float64(i) / 2); err != nil || !(v > last) || !(math.Abs(v-want) <= (high-low)/99) {
						t.Errorf("from %v to %v: %q for %v, after %v", low, high, text, want, last)
					}
					last = v
				}
			}
		}
	}
}

// The labels of a bar do not run into each other, and begin on it.
func TestSetLabels(t *testing.T) {
	measure := func(s string) int { return 7 * len(s) }
	for _, c := range []struct {
		texts [3]string
		width int
		want  []label
	}{
		{[3]string{"0", "0.5", "1"}, 101, []label{{"0", 0, 0}, {"0.5", 40, 0}, {"1", 93, 0}}},
		{[3]string{"290.145", "290.299", "290.453"}, 120, []label{{"290.145", 0, 0}, {"290.453", 70, 0}}},
		{[3]string{"290.145", "290.299", "290.453"}, 100, []label{{"290.145", 0, 0}, {"290.453", 50, 1}}},
		{[3]string{"290.145", "290.299", "290.453"}, 30, []label{{"290.145", 0, 0}, {"290.453", 0, 1}}},
		{[3]string{"", "290.25", ""}, 101, []label{{"290.25", 29, 0}}},
	} {
		got := setLabels(c.texts, measure, c.width)
		if len(got) != len(c.want) {
			t.Errorf("%q in %d: got %v, want %v", c.texts, c.width, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%q in %d: got %v, want %v", c.texts, c.width, got, c.want)
			}
		}
	}
}
