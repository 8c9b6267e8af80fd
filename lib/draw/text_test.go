package draw

import (
	"image"
	"strings"
	"testing"
)

func TestWrap(t *testing.T) {
	face := newTypeface(regular, 13, ink)
	const long = "a_layer_whose_name_is_far_too_long_for_a_narrow_column_of_a_sheet"
	text := "p = 0.95 on  N×H×W, " + long + " kept 5.1 %"
	for _, width := range []int{40, 97, 150, 240, 2000} {
		lines := face.wrap(text, width)
		for _, line := range lines {
			if got := face.width(line); got > width {
				t.Errorf("width %d: line %q has %d pixels", width, line, got)
			}
		}
		joined := strings.Join(lines, "")
		if want := strings.ReplaceAll(text, " ", ""); strings.ReplaceAll(joined, " ", "") != want {
			t.Errorf("width %d: text came back as %q", width, joined)
		}
	}
	if got := face.wrap(text, 2000); len(got) != 1 {
		t.Errorf("a line that fits was broken: %q", got)
	}
	if got := face.wrap("ab", 1); len(got) != 2 {
		t.Errorf("nothing fits: got %q, want one character a line", got)
	}
}

func TestSettable(t *testing.T) {
	for s, want := range map[string]string{"ünï-1 p=0.5": "ünï-1 p=0.5", "日本-1": "U+65E5U+672C-1", "": ""} {
		if got := settable(s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

// Paragraphs of a sheet that differ look different.
func TestBlockWritesWhatTheFontLacks(t *testing.T) {
	picture := func(s string) string {
		b := newTypeface(regular, 13, ink).block(s, 200)
		dst := image.NewRGBA(image.Rectangle{Max: b.size})
		b.paint(dst, image.Point{})
		return string(dst.Pix)
	}
	if picture("日") == picture("本") {
		t.Error("two characters look alike")
	}
}

// Every character that the tools print must exist in the font: what is missing is drawn as the font's empty box.
func TestCharactersExist(t *testing.T) {
	face := newTypeface(regular, 30, ink)
	picture := func(s string) string {
		dst := image.NewRGBA(image.Rect(0, 0, 40, 40))
		face.write(dst, image.Point{}, s)
		return string(dst.Pix)
	}
	box := picture("\U0010fffd")
	for _, r := range "aZ09×·∂√∏ℓ−–|/%²=≤→" {
		if picture(string(r)) == box {
			t.Errorf("%q is not in the font", r)
		}
	}
	if picture(" ") == box {
		t.Error("the font's empty box looks like a space, so that this test cannot fail")
	}
}
