package models

import (
	"strings"
	"testing"

	"backdrop/formats/dataset"
	"backdrop/lib/net"
)

func TestSampleShape(t *testing.T) {
	for _, c := range []struct {
		shape []int
		want  net.Shape
	}{{[]int{1, 7}, net.Shape{C: 1, W: 7}}, {[]int{3, 5, 7}, net.Shape{C: 3, H: 5, W: 7}}, {[]int{2, 3, 5, 7}, net.Shape{C: 2, D: 3, H: 5, W: 7}}} {
		if got := SampleShape(c.shape); got != c.want {
			t.Errorf("%v: got %v, want %v", c.shape, got, c.want)
		}
	}
}

func TestParseShape(t *testing.T) {
	for _, c := range []struct {
		text   string
		layout dataset.Layout
		want   net.Shape
	}{
		{"500", "", net.Shape{C: 1, W: 500}},
		{"100, 317", "", net.Shape{C: 1, H: 100, W: 317}},
		{"4,5,6", "", net.Shape{C: 1, D: 4, H: 5, W: 6}},
		{"3,4,5,6", "", net.Shape{C: 3, D: 4, H: 5, W: 6}},
		{"3,5,6", "CHW", net.Shape{C: 3, H: 5, W: 6}},
		{"500,6", "WC", net.Shape{C: 6, W: 500}},
	} {
		if got, err := ParseShape(c.text, c.layout); err != nil || got != c.want {
			t.Errorf("%s as %s: got %v, %v, want %v", c.text, c.layout, got, err, c.want)
		}
	}
	for _, c := range []struct {
		text   string
		layout dataset.Layout
		want   string
	}{
		{"", "", `--shape: "" is not a whole number`},
		{"3x5", "", `--shape: "3x5" is not a whole number`},
		{"4,0,8", "", "--shape: size must be positive, got 0"},
		{"1,2,3,4,5", "", "--shape 1,2,3,4,5 has 5 sizes; want W, H,W, D,H,W or C,D,H,W"},
		{"8,8", "CHW", "--shape 8,8 has 2 sizes, not one for each of the axes CHW"},
	} {
		if got, err := ParseShape(c.text, c.layout); err == nil || err.Error() != c.want {
			t.Errorf("%s as %s: got %v, %v, want %s", c.text, c.layout, got, err, c.want)
		}
	}
}

func TestOneReading(t *testing.T) {
	for shape, want := range map[net.Shape]string{
		{C: 1, W: 1}:             "",
		{C: 1, H: 8, W: 8}:       "",
		{C: 6, W: 500}:           "",
		{C: 48, H: 48, W: 47}:    "",
		{C: 6, W: 6}:             "axes NCT) as well as last (NTC)",
		{C: 48, H: 48, W: 48}:    "axes NCHW) as well as last (NHWC)",
		{C: 4, D: 4, H: 4, W: 4}: "axes NCDHW) as well as last (NDHWC)",
		{C: 1, D: 8, H: 8, W: 8}: "",
		{C: 8, D: 1, H: 8, W: 8}: "",
	} {
		if err := OneReading("x.npy", "", "", shape.Axes()); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", shape, err, want)
		}
		for _, said := range []string{"layout", "data"} {
			layout, axes := dataset.Layout("CW"), ""
			if said == "data" {
				layout, axes = "", "CW"
			}
			if err := OneReading("x.npy", layout, axes, shape.Axes()); err != nil {
				t.Errorf("%v, where the %s says it: %v", shape, said, err)
			}
		}
	}
}
