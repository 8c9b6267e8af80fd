package gp

import (
	"errors"
	"reflect"
	"testing"
)

func TestParseScales(t *testing.T) {
	for text, want := range map[string][][]Length{
		"9.5,10:80,140": {{{9.5}, {10}}, {{80}, {140}}},
		" 2 , 3x4 : 5":  {{{2}, {3, 4}}, {{5}}},
		"2 x 3":         {{{2, 3}}},
		"1e1":           {{{10}}},
	} {
		if got, err := ParseScales(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"":       `"" is not a number`,
		"3:":     `"" is not a number`,
		"3,,4":   `"" is not a number`,
		"3x":     `"" is not a number`,
		"3,ten":  `"ten" is not a number`,
		"0x1p-3": `"1p-3" is not a number`, // an x is between axes
		"3;4":    `"3;4" is not a number`,
	} {
		if got, err := ParseScales(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, %v, want %s", text, got, err, want)
		}
	}
}

func TestCheckLength(t *testing.T) {
	for _, c := range []struct {
		length Length
		open   bool
		want   string
	}{
		{Length{16}, false, ""},
		{Length{16.5}, false, "length 16.5 is longer than a torus of 16 px can hold, at most 16"},
		{Length{16, 20}, false, ""},
		{Length{16, 21}, false, "length 16x21 is longer than a torus of 20 px can hold, at most 20"},
		{Length{64}, true, ""},
		{Length{65}, true, "length 65 is longer than a window of 16 px can show, at most 64"},
		{Length{1, 2, 3}, false, "length must be one number, or one for each of 2 axes, got 1x2x3"},
		{Length{2, 0}, true, "length must be positive and finite, got 2x0"},
	} {
		err := CheckLength(c.length, []int{16, 20}, c.open)
		if (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
			t.Errorf("%v, open %v: got %v, want %q", c.length, c.open, err, c.want)
		}
		var long *LengthError
		if errors.As(err, &long) && (long.Open != c.open || long.FitsOpen == c.open || long.Most < 16) {
			t.Errorf("%v: %+v", c.length, long)
		}
	}
}
